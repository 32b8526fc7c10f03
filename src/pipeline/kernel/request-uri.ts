import { PARAMETER, lookUp } from './learned'
import { REDACTED, redacted_bytes } from './memory'
import { find } from './scan'
import { endsWithin, isMarked, isSuspect, mayNameSecret } from './suspect'
import { Name, close, escaped, open, part } from './write'

const space: u8 = 32
const ampersand: u8 = 38
const equals: u8 = 61
const question_mark: u8 = 63
// ` HTTP/1.1`
const version_bytes: usize = 9

/**
 * Writes the Request-URI with the values of parameters that grant access replaced, as redact.ts does. False when that is
 * the careful reader's to judge: a parameter not met before, or what may be a secret in another place.
 */
export function writeRequestUri(from: usize, to: usize): bool {
  if (from === to) return true
  open(Name.request_uri)
  if (!isMarked(from, to) || !mayNameSecret(from, to, true)) escaped(from, to)
  else {
    let at = find(question_mark, from, to)
    if (isSuspect(from, at)) return false
    let written = from
    while (at < to && load<u8>(at) !== space) {
      const end = min(find(ampersand, at + 1, to), find(space, at + 1, to))
      if (mayNameSecret(at + 1, end, true)) {
        const value = find(equals, at + 1, end) + 1
        const parameter = value < end ? lookUp(PARAMETER, at + 1, value - 1) : null
        if (!parameter) return false
        if (parameter.number) {
          if (!endsWithin(value, end)) return false
          escaped(written, value)
          part(REDACTED, redacted_bytes)
          written = end
        } else if (isMarked(value, end) && mayNameSecret(value, end, true)) return false
      }
      at = end
    }
    if (at < to && !isVersion(at, to)) return false
    escaped(written, to)
  }
  close()
  return true
}

/** ` HTTP/` and a few more: what else follows a query may belong to a value in it. */
function isVersion(from: usize, to: usize): bool {
  return (
    to - from <= version_bytes &&
    load<u32>(from) === 0x54544820 &&
    load<u16>(from, 4) === 0x2f50 &&
    !isMarked(from, to)
  )
}
