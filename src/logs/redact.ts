import { printable } from './printable.ts'

/** What stands for a secret. */
export const REDACTED = '[redacted]'
const EXCERPT_CHARS = 512
const SECRET =
  'signature|credential|token|secret|passw|passphrase|pwd|access[-_]?key|api[-_]?key|authorization|jwt'
// What both patterns need, and few texts hold.
const SUSPECT = new RegExp(`${SECRET}|sig|auth`, 'i')
const NESTS = /%(?:25){0,3}3d/i
const ENCODED = '%(?:25){0,3}'
const PARAMETER = new RegExp(
  String.raw`([?&;#](?:[^?&;#=\s]{0,64}?(?:${SECRET})[^?&;#=\s]{0,64}|sig|auth)=)[^&\s]+`,
  'gi',
)
// A URL inside a parameter, encoded once or more often: `?next=https%3A%2F%2Fhost%3FX-Amz-Signature%3D...`.
const NESTED = new RegExp(
  String.raw`((?:${ENCODED}(?:3f|26|3b|23)|[?&;#])(?:[^?&;#=%\s]{0,64}?(?:${SECRET})[^?&;#=%\s]{0,64}|sig|auth)${ENCODED}3d)` +
    String.raw`(?:(?!${ENCODED}26)[^&\s])+`,
  'gi',
)

/** `text` with the values of query parameters that grant access (signatures, credentials, tokens, passwords) replaced. */
export function redact(text: string): string {
  if (!SUSPECT.test(text)) return text
  const plain = text.includes('=') ? text.replace(PARAMETER, `$1${REDACTED}`) : text
  return NESTS.test(plain) ? plain.replace(NESTED, `$1${REDACTED}`) : plain
}

/** What may be shown of a line that was refused: its first 512 characters, redacted and printable. */
export function excerptOf(line: string): string {
  return printable(redact(line).slice(0, EXCERPT_CHARS))
}
