// QuestDB matches patterns by backtracking, and looks at a time limit only after each hundred thousand rows or more: a
// pattern must take no longer than its text is long, whoever wrote the text.
const maxPattern = 200

/** Why a LIKE pattern is refused; null when it may run. */
export function badLike(pattern: string): string | null {
  if (pattern.length > maxPattern) return `it is longer than ${maxPattern} characters`
  const plain = pattern.replace(/\\./gs, 'x').replace(/%+/g, '%')
  const inside = plain.length > 2 && plain.startsWith('%') && plain.endsWith('%') ? plain.slice(1, -1) : plain
  const wildcards = inside.match(/%/g)?.length ?? 0
  return wildcards > (inside === plain ? 1 : 0) ? 'it has % in more places than one, or both ends' : null
}

/**
 * Why a regular expression is refused; null when it may run. Allowed: texts, classes, groups, alternatives and `?`; behind
 * a leading `^` also one `*` or `+`, and a `.*` at the end. Nothing behind a group is repeated.
 */
export function badRegex(pattern: string): string | null {
  if (pattern.length > maxPattern) return `it is longer than ${maxPattern} characters`
  // Escapes and classes become a letter, so that what is left are operators.
  const bare = pattern
    .replace(/^\(\?i\)/, '')
    .replace(/\\[wdsWDS]|\\[^\p{L}\p{N}]/gu, 'x')
    .replace(/\[\^?\]?[^[\]\\]*\]/g, 'x')
  if (/[\\[\]]/.test(bare)) return 'it has an escape or a class that is not known to be safe'
  if (/\(\?(?!:)/.test(bare)) return 'it looks context or sets flags'
  if (/\)[*+?{]/.test(bare)) return 'a group is repeated'
  if (/[*+?}][*+{]/.test(bare)) return 'a repetition is repeated'
  const counts = [...bare.matchAll(/\{([^}]*)\}?/g)].map(([, count]) => Number(count))
  if (!counts.every((count) => count <= 10) || counts.length > 4)
    return 'it has {} with more than one number up to 10'
  const isAnchored = bare.startsWith('^') && !bare.includes('|')
  const repeats = bare.replace(/\.\*\$?$/, isAnchored ? '' : '$&').match(/[*+]/g)?.length ?? 0
  if (repeats > (isAnchored ? 1 : 0))
    return isAnchored
      ? 'it has more than one * or + before a last .*'
      : 'it has a * or + and does not begin with ^'
  const groups = bare.match(/\(/g)?.length ?? 0
  if (groups > (bare.includes('|') ? 2 : 5)) return 'it has too many groups'
  const optional = bare.replaceAll('(?:', '').match(/\?/g)?.length ?? 0
  return optional > 2 ? 'it has more than two ?' : null
}

/** The pattern with a `.` that stands for line ends too, without which a last `.*` may fail and be tried again. */
export function runnableRegex(pattern: string): string {
  return `(?s)${pattern}`
}
