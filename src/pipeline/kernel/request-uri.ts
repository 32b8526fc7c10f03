import { PARAMETER, lookUp } from './learned'
import { REDACTED, redacted_bytes } from './memory'
import { find, holds } from './scan'
import { Name, close, escaped, open, part } from './write'

const space: u8 = 32
const percent: u8 = 37
const ampersand: u8 = 38
const equals: u8 = 61
const question_mark: u8 = 63

/**
 * Writes the Request-URI with the values of parameters that grant access replaced, as redact.ts does. False when that is
 * the careful reader's to judge: a parameter not met before, or what may be a secret in another place.
 */
export function writeRequestUri(from: usize, to: usize): bool {
  if (from === to) return true
  open(Name.request_uri)
  if (isPlain(from, to)) escaped(from, to)
  else {
    let at = find(question_mark, from, to)
    if (mayHoldSecret(from, at)) return false
    let written = from
    while (at < to && load<u8>(at) !== space) {
      const end = min(find(ampersand, at + 1, to), find(space, at + 1, to))
      if (mayHoldSecret(at + 1, end)) {
        const value = find(equals, at + 1, end) + 1
        const parameter = value < end ? lookUp(PARAMETER, at + 1, value - 1) : null
        if (!parameter) return false
        if (parameter.number) {
          escaped(written, value)
          part(REDACTED, redacted_bytes)
          written = end
        } else if (mayHoldSecret(value, end)) return false
      }
      at = end
    }
    if (mayHoldSecret(at, to)) return false
    escaped(written, to)
  }
  close()
  return true
}

/** No parameter, plain or encoded. */
export function isPlain(from: usize, to: usize): bool {
  return !holds(equals, from, to) && !holds(percent, from, to)
}

/** By the first three letters, in either case, of all names that redact.ts looks for. */
export function mayHoldSecret(from: usize, to: usize): bool {
  for (let at = from; at + 3 <= to; at++) {
    switch ((load<u32>(at) | 0x202020) & 0xffffff) {
      case 0x676973: // sig, signature
      case 0x657263: // credential
      case 0x6b6f74: // token
      case 0x636573: // secret
      case 0x736170: // passw, passphrase
      case 0x647770: // pwd
      case 0x636361: // access key
      case 0x697061: // api key
      case 0x747561: // auth, authorization
      case 0x74776a: // jwt
        return true
    }
  }
  return false
}
