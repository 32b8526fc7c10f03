// QuestDB matches patterns with a regular expression that backtracks and that no time limit stops: a pattern must be one
// that cannot take long on the longest line, whoever wrote the line.
const maxPattern = 200
const maxWildcards = 3

/** Why a LIKE pattern is refused; null when it may run. */
export function badLike(pattern: string): string | null {
  if (pattern.length > maxPattern) return `the pattern is longer than ${maxPattern} characters`
  const wildcards = pattern.replace(/%+/g, '%').match(/%/g)?.length ?? 0
  return wildcards > maxWildcards ? `the pattern has more than ${maxWildcards} %` : null
}

/**
 * Why a regular expression is refused; null when it may run. Allowed: literals, classes, groups, alternatives, `?`, and
 * one `*`, `+` or `{}` (two behind a leading `^`), none of them behind a group.
 */
export function badRegex(pattern: string): string | null {
  if (pattern.length > maxPattern) return `the pattern is longer than ${maxPattern} characters`
  // Escapes and classes become a letter, so that what is left are operators.
  const bare = pattern
    .replace(/^\(\?i\)/, '')
    .replace(/\\[wdsWDS]|\\[^\p{L}\p{N}]/gu, 'x')
    .replace(/\[\^?\]?[^[\]\\]*\]/g, 'x')
  if (/[\\[\]]/.test(bare)) return 'it has an escape or a class that is not known to be safe'
  if (/\(\?(?!:)/.test(bare)) return 'it looks around or sets flags'
  if (/\)[*+?{]/.test(bare)) return 'a group is repeated'
  if (/[*+?}][*+]/.test(bare)) return 'a repetition is repeated'
  const repeats = bare.match(/[*+{]/g)?.length ?? 0
  const anchored = bare.startsWith('^') && !bare.includes('|')
  if (repeats > (anchored ? 2 : 1)) return 'it has more than one *, + or {}'
  const groups = bare.match(/\(/g)?.length ?? 0
  if (groups > (bare.includes('|') ? 2 : 5)) return 'it has too many groups'
  const optional = bare.replaceAll('(?:', '').match(/\?/g)?.length ?? 0
  const allowed = repeats === 0 ? 6 : 2
  return optional > allowed ? `it has more than ${allowed} ?` : null
}
