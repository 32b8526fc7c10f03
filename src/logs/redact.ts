import { detectLine } from './detect.ts'
import { decodeFully } from './percent.ts'
import type { Decoded } from './percent.ts'
import { printable } from './printable.ts'
import { authSchemes, secretNames, secretStarts } from './secret-names.ts'

/** What stands for a secret. */
export const REDACTED = '[redacted]'
const EXCERPT_CHARS = 512

const anyOf = (words: readonly string[]): string => words.join('|').replaceAll(' ', '[^a-z0-9]?')
const { anywhere, last, whole } = secretNames
const STRONG = new RegExp(anyOf(anywhere), 'i')
const NAME = new RegExp(
  `${anyOf(anywhere)}|(?:^|[^a-z0-9])(?:${anyOf(last)})[^a-z0-9]*$|^[^a-z0-9]*(?:${anyOf(whole)})[^a-z0-9]*$`,
  'i',
)
// Nothing is hidden in a text without a sign or a scheme; nor without the beginning of a name as it is, `@`, or one of
// them encoded, for which letters, digits, `%` and `@` never are. Tests of their own: one pattern of all takes four times as long.
const SIGN = /[=%@]|:(?!\/)/
// A blank, and what a control character or a blank beyond ASCII is shown as, whose bytes are characters once decoded.
const GAP = '(?:[\\s+\\ufffd\\xc2]|\\xef\\xbf\\xbd)'
const SCHEMED = new RegExp(`(?:${anyOf(authSchemes)})${GAP}`, 'i')
const HIDDEN = /@|%(?:[46][1-9a-f]|[57][0-9a]|3[0-9]|25|40|(?![0-9a-f]{2}))/i
const NOT_PLAIN = /[=%@:+ \t\u0080-\uffff]/
const starts = secretStarts()
const SCHEME = new RegExp(`(?<![a-z0-9])(${anyOf(authSchemes)})${GAP}+(?!HTTP/)`, 'gi')
const SEPARATOR = /[=:]/g
const BEFORE_NAME = codesOf('?&;#=:"\'{}()<>|\\')
const QUOTE = /["']/
// Headers whose values have blanks.
const LONG_HEADER = /authorization|cookie/i

const AMPERSAND = 38

/** From and to, in a decoded text. */
type Span = [from: number, to: number]

/**
 * `text` with what grants access replaced, in any column and any line: values of parameters, of JSON and of headers by
 * their names (see secretNames), however often these are percent-encoded; credentials behind Bearer and Basic; user and
 * password in URLs. Names in a path stay, as in `/token=1`. Linear in `text`.
 */
export function redact(text: string): string {
  if (isPlain(text) || !isSuspect(text)) return text
  const decoded = decodeFully(text)
  if (!mayNameSecret(decoded.text) && !decoded.text.includes('@')) return text
  const spans = [...valuesOf(decoded), ...credentialsOf(decoded), ...usersOf(decoded)]
  let redacted = ''
  let done = 0
  for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
    if (to <= done) continue
    if (from >= done) redacted += text.slice(decoded.startOf(done), decoded.startOf(from)) + REDACTED
    done = to
  }
  return redacted + text.slice(decoded.startOf(done))
}

function isPlain(text: string): boolean {
  return !NOT_PLAIN.test(text)
}

function isSuspect(text: string): boolean {
  return (SIGN.test(text) || SCHEMED.test(text)) && (mayNameSecret(text) || HIDDEN.test(text))
}

function mayNameSecret(text: string): boolean {
  let letters = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const letter = (code | 32) - 96
    letters = ((letters << 5) | (letter > 0 && letter < 27 ? letter : 0)) & 0x7fff
    if (((starts[letters >> 3] ?? 0) >> (letters & 7)) & 1) return true
  }
  return false
}

/** As `redact`, for a column: null stays null. */
export function redactColumn(text: string | null): string | null {
  return text === null ? null : redact(text)
}

/** As `redact`, for the key of an object, which is a path: redacted as in the request for it. */
export function redactKey(key: string): string {
  return isPlain(key) ? key : redact(`/${key}`).slice(1)
}

/** As `redact`, for a whole line as logged: of a CDN log the cookies too, whatever their names. */
export function redactLine(line: string): string {
  if (!line.includes('\t') || detectLine(line) === 's3') return redact(line)
  const cells = line.split('\t')
  return redact(cells.map((cell, at) => (isCookies(cell, at) ? REDACTED : cell)).join('\t'))
}

// `cs(Cookie)` is the 13th of the standard fields; where a line has others, several cookies are told by their semicolons.
function isCookies(cell: string, at: number): boolean {
  return at === 12 ? cell.includes('=') : /^[^=;&?/\s]+=[^;&]*;/.test(cell)
}

/** What may be shown of a line that was refused: its first 512 characters, redacted and printable. */
export function excerptOf(line: string): string {
  return printable(redactLine(line).slice(0, EXCERPT_CHARS))
}

/** The values of names that grant access. */
function* valuesOf(decoded: Decoded): Generator<Span> {
  const { text } = decoded
  SEPARATOR.lastIndex = 0
  for (let found = SEPARATOR.exec(text); found !== null; found = SEPARATOR.exec(text)) {
    const at = found.index
    const name = nameBefore(text, at)
    const span = text[at] === '=' ? assigned(decoded, at, name) : told(decoded, at, name)
    if (span === null) continue
    yield span
    SEPARATOR.lastIndex = Math.max(span[1], at + 1)
  }
}

interface Name {
  text: string
  is_quoted: boolean
  /** What stands before it; nothing at the beginning. */
  before: string
}

/** The name that ends where a separator stands, save blanks and quotes between them. */
function nameBefore(text: string, separator: number): Name {
  let to = separator
  while (to > 0 && isBlank(text.charCodeAt(to - 1))) to--
  const unquoted_to = to
  while (to > 0 && (QUOTE.test(text.charAt(to - 1)) || text[to - 1] === '\\')) to--
  let from = to
  while (from > 0 && !isBeforeName(text.charCodeAt(from - 1))) from--
  return { text: text.slice(from, to), is_quoted: to < unquoted_to, before: text.charAt(from - 1) }
}

/** `name=value` */
function assigned(decoded: Decoded, at: number, name: Name): Span | null {
  if (isPath(name) || !NAME.test(name.text)) return null
  let from = at + 1
  while (from < decoded.text.length && isBlank(decoded.text.charCodeAt(from))) from++
  // `?token= HTTP/1.1`: the value is empty, and what follows is no part of it.
  if (decoded.text.startsWith('HTTP/', from)) return null
  if (decoded.text[from] === '"' && decoded.levelAt(from) === 0) return quotedAt(decoded, from, 0)
  return spanOf(at + 1, wordEnd(decoded, from, decoded.levelAt(at)))
}

/** `name: value` of a header, `"name": "value"` of JSON. */
function told(decoded: Decoded, at: number, name: Name): Span | null {
  const { text } = decoded
  let from = at + 1
  if (text[from] === '/') return null
  while (from < text.length && (isBlank(text.charCodeAt(from)) || text[from] === '+')) from++
  const is_header = from > at + 1
  // Not so in a path or a URN: `arn:aws:secretsmanager:...:secret:name`.
  if (!name.is_quoted && !is_header && (isPath(name) || name.before === ':')) return null
  const word = name.text.slice(name.text.lastIndexOf('/') + 1)
  if (!(name.is_quoted || is_header ? NAME : STRONG).test(word)) return null
  const backslashes = /\\*/y
  backslashes.lastIndex = from
  const quote_at = from + (backslashes.exec(text)?.[0].length ?? 0)
  if (QUOTE.test(text.charAt(quote_at))) return quotedAt(decoded, quote_at, quote_at - from)
  const level = decoded.levelAt(at)
  if (!name.is_quoted)
    return spanOf(
      from,
      LONG_HEADER.test(word) ? columnEnd(decoded, from, level) : wordEnd(decoded, from, level),
    )
  return spanOf(from, jsonEnd(text, from))
}

/** Where a value of JSON that is no text ends: a number, a list, an object. */
function jsonEnd(text: string, from: number): number {
  let depth = 0
  for (let to = from; to < text.length; to++) {
    const char = text.charAt(to)
    if (depth === 0 && /[,}\]\s]/.test(char)) return to
    if (char === '[' || char === '{') depth++
    else if ((char === ']' || char === '}') && --depth === 0) return to + 1
  }
  return text.length
}

function isPath({ text, before }: Name): boolean {
  return (
    text.includes('/') &&
    !'?&;#'.includes(before || '/') &&
    (text.startsWith('/') || ':='.includes(before || '/'))
  )
}

/** Up to the same quote with no more backslashes before it; to the end where there is none. */
function quotedAt({ text, levelAt }: Decoded, quote_at: number, backslashes: number): Span | null {
  const quote = text.charAt(quote_at)
  for (let to = text.indexOf(quote, quote_at + 1); to !== -1; to = text.indexOf(quote, to + 1)) {
    let before = 0
    while (text[to - 1 - before] === '\\') before++
    if (before <= backslashes && levelAt(to) <= levelAt(quote_at)) return spanOf(quote_at + 1, to - before)
  }
  return spanOf(quote_at + 1, text.length)
}

/** Where a value ends: at a blank, or an ampersand that is encoded no more often than its separator. */
function wordEnd({ text, levelAt }: Decoded, from: number, level: number): number {
  let to = from
  for (; to < text.length; to++) {
    const code = text.charCodeAt(to)
    if (code === AMPERSAND ? levelAt(to) <= level : isBlank(code) && levelAt(to) === 0) break
  }
  return to
}

/** Where a header ends: at the quote around a column of a line, or with the text. */
function columnEnd({ text, levelAt }: Decoded, from: number, level: number): number {
  for (let to = text.indexOf('"', from); to !== -1; to = text.indexOf('"', to + 1))
    if (levelAt(to) <= level && (to + 1 === text.length || text[to + 1] === ' ')) return to
  return text.length
}

/** What stands behind Bearer, and behind Basic where it is a name and a password. */
function* credentialsOf(decoded: Decoded): Generator<Span> {
  const { text } = decoded
  SCHEME.lastIndex = 0
  for (let found = SCHEME.exec(text); found !== null; found = SCHEME.exec(text)) {
    const [before, scheme = ''] = found
    const from = found.index + before.length
    const to = wordEnd(decoded, from, decoded.levelAt(from - 1))
    const word = text.slice(from, to)
    const is_secret =
      scheme.toLowerCase() === 'basic'
        ? /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(Buffer.from(word, 'base64').toString('latin1'))
        : // A `standard bearer photo` is none.
          scheme.startsWith('B') || /\d/.test(word)
    if (is_secret && to > from) yield [from, to]
    SCHEME.lastIndex = Math.max(to, from)
  }
}

/** User and password of URLs: `https://user:password@host`, also without the scheme. */
function* usersOf({ text, levelAt }: Decoded): Generator<Span> {
  for (let at = text.indexOf('//'); at !== -1; at = text.indexOf('//', at)) {
    const from = at + 2
    const level = levelAt(at)
    let user_to = from
    let has_password = text[at - 1] === ':'
    let has_colon = false
    for (at = from; at < text.length; at++) {
      const char = text.charAt(at)
      if ('/?#'.includes(char) ? levelAt(at) <= level : isBlank(char.charCodeAt(0)) && levelAt(at) === 0)
        break
      if (char === ':') has_colon = true
      if (char !== '@') continue
      user_to = at
      has_password ||= has_colon
    }
    if (at === from) at--
    if (user_to > from && has_password) yield [from, user_to]
  }
}

function spanOf(from: number, to: number): Span | null {
  return to > from ? [from, to] : null
}

function isBeforeName(code: number): boolean {
  return BEFORE_NAME[code] === 1 || isBlank(code)
}

function isBlank(code: number): boolean {
  return code === 32 || (code > 8 && code < 14) || (code > 127 && /\s/.test(String.fromCharCode(code)))
}

function codesOf(chars: string): Uint8Array {
  const codes = new Uint8Array(1 << 16)
  for (const char of chars) codes[char.charCodeAt(0)] = 1
  return codes
}
