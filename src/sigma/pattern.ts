/** A text of a rule in pieces: literal ones, and `*` and `?` where they stand for any characters and for one. */
export type Piece = { text: string } | '*' | '?'

/** Reads the wildcards of a text; a backslash before `*`, `?` or another one takes their meaning. */
export function readWildcards(value: string): Piece[] {
  const pieces: Piece[] = []
  for (const [piece] of value.matchAll(/\\[*?\\]|[*?]|[^*?\\]+|\\/g)) {
    const last = pieces.at(-1)
    if (piece === '*' || piece === '?') {
      if (piece === '?' || last !== '*') pieces.push(piece)
      continue
    }
    const text = /^\\[*?\\]$/.test(piece) ? piece.slice(1) : piece
    if (typeof last === 'object') last.text += text
    else pieces.push({ text })
  }
  return pieces
}

/** The text itself where it holds no wildcard; null otherwise. */
export function plainText(pieces: readonly Piece[]): string | null {
  return pieces.every((piece) => typeof piece === 'object')
    ? pieces.map((piece) => piece.text).join('')
    : null
}

/** The pattern of a LIKE. */
export function likePattern(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) =>
      typeof piece === 'object' ? piece.text.replace(/[\\%_]/g, '\\$&') : piece === '*' ? '%' : '_',
    )
    .join('')
}

/** Whether a text that is known beforehand fits, whatever the case of either. */
export function fits(text: string, pieces: readonly Piece[]): boolean {
  const source = pieces.map((piece) =>
    typeof piece === 'object' ? RegExp.escape(piece.text) : piece === '*' ? '.*' : '.',
  )
  return new RegExp(`^${source.join('')}$`, 'is').test(text)
}
