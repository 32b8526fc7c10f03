import { SCHEMES, SECRET_MASKS, SECRET_STARTS } from './memory'
import { find } from './scan'

const percent: u8 = 37
const plus: u8 = 43
const slash: u8 = 47
const colon: u8 = 58
const equals: u8 = 61
const at_sign: u8 = 64

/** Whether a text may hold a secret, in which case it is the careful reader's. False only where redact.ts changes nothing. */
export function isSuspect(from: usize, to: usize): bool {
  return mayNameSecret(from, to, false) && isMarked(from, to)
}

/** As isSuspect, of columns that are words each: no credentials stand behind a blank. */
export function isSuspectWord(from: usize, to: usize): bool {
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at)
    const found = signs(bytes, v128.load(at, 1))
    if (within(v128.or(found, i8x16.eq(bytes, i8x16.splat(plus))), to - at))
      return mayNameSecret(from, to, false)
  }
  return false
}

/** Whether there is a sign between a name and its value, `%`, `@`, or the beginning of an authentication scheme. */
export function isMarked(from: usize, to: usize): bool {
  const small = i8x16.splat(32)
  const one = v128.load_splat<u8>(SCHEMES)
  const one_2 = v128.load_splat<u8>(SCHEMES, 1)
  const one_3 = v128.load_splat<u8>(SCHEMES, 2)
  const other = v128.load_splat<u8>(SCHEMES, 3)
  const other_2 = v128.load_splat<u8>(SCHEMES, 4)
  const other_3 = v128.load_splat<u8>(SCHEMES, 5)
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at)
    const next = v128.load(at, 1)
    const first = v128.or(bytes, small)
    const second = v128.or(next, small)
    const third = v128.or(v128.load(at, 2), small)
    const is_one = v128.and(i8x16.eq(second, one_2), i8x16.eq(third, one_3))
    const is_other = v128.and(i8x16.eq(second, other_2), i8x16.eq(third, other_3))
    const schemes = v128.or(
      v128.and(i8x16.eq(first, one), is_one),
      v128.and(i8x16.eq(first, other), is_other),
    )
    if (within(v128.or(signs(bytes, next), schemes), to - at)) return true
  }
  return false
}

/** `=`, `%`, `@`, and the colon that no slash follows. */
function signs(bytes: v128, next: v128): v128 {
  return v128.or(
    v128.or(i8x16.eq(bytes, i8x16.splat(equals)), i8x16.eq(bytes, i8x16.splat(percent))),
    v128.or(
      i8x16.eq(bytes, i8x16.splat(at_sign)),
      v128.andnot(i8x16.eq(bytes, i8x16.splat(colon)), i8x16.eq(next, i8x16.splat(slash))),
    ),
  )
}

/** Whether any of the first `length` bytes is set. */
function within(found: v128, length: usize): bool {
  return v128.any_true(found) && ctz(i8x16.bitmask(found)) < <i32>length
}

/**
 * Whether there are, in either case, the first three letters of a name that grants access, or what may hide one, or `@`
 * in what `may_be_url`, which it is once there is `//` or a percent sign.
 */
export function mayNameSecret(from: usize, to: usize, may_be_url: bool): bool {
  const none = i8x16.splat(0)
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at)
    const next = v128.load(at, 1)
    const slashes = v128.and(i8x16.eq(bytes, i8x16.splat(slash)), i8x16.eq(next, i8x16.splat(slash)))
    const others = v128.or(i8x16.eq(bytes, i8x16.splat(percent)), i8x16.eq(bytes, i8x16.splat(at_sign)))
    const named = v128.and(
      v128.and(mayBeLetter(0, bytes), mayBeLetter(1, next)),
      mayBeLetter(2, v128.load(at, 2)),
    )
    const marks = v128.or(v128.or(slashes, others), i8x16.ne(named, none))
    for (let found = i8x16.bitmask(marks); found !== 0; found &= found - 1) {
      const one = at + ctz(found)
      if (one >= to) return false
      const byte = load<u8>(one)
      if (byte === slash) may_be_url = true
      else if (byte === percent) {
        if (!isPlainlyEncoded(one, to)) return true
        may_be_url = true
      } else if (byte === at_sign) {
        if (may_be_url) return true
      } else if (one + 3 <= to && isSecretStart(one)) return true
    }
  }
  return false
}

/** A bit, the same for all three, of each group of names whose letter at `index` each of the bytes may be. */
function mayBeLetter(index: usize, bytes: v128): v128 {
  const masks = SECRET_MASKS + (index << 5)
  return v128.and(
    i8x16.swizzle(v128.load(masks), v128.and(bytes, i8x16.splat(15))),
    i8x16.swizzle(v128.load(masks, 16), i8x16.shr_u(bytes, 4)),
  )
}

function isSecretStart(at: usize): bool {
  const bit = (letter(load<u8>(at)) << 10) | (letter(load<u8>(at, 1)) << 5) | letter(load<u8>(at, 2))
  return <bool>((load<u8>(SECRET_STARTS + (bit >> 3)) >> (<u8>(bit & 7))) & 1)
}

function letter(byte: u8): u32 {
  return (byte | 32) - 97 < 26 ? byte & 31 : 0
}

/** Whether nothing in a value reaches over its end: no `@` of a URL that began before it, as it is or encoded. */
export function endsWithin(from: usize, to: usize): bool {
  if (find(at_sign, from, to) < to) return false
  for (let at = find(percent, from, to); at < to; at = find(percent, at + 1, to))
    if (!isPlainlyEncoded(at, to)) return false
  return true
}

/** Whether two digits follow the percent sign at `at`, and stand for what needs to be encoded: no letter, digit, `%` or `@`. */
function isPlainlyEncoded(at: usize, to: usize): bool {
  if (at + 2 >= to) return false
  const high = digit(load<u8>(at, 1))
  const low = digit(load<u8>(at, 2))
  if (high > 15 || low > 15) return false
  const byte = (high << 4) | low
  const letter = byte | 32
  return (
    !(letter >= 97 && letter <= 122) && !(byte >= 48 && byte <= 57) && byte !== percent && byte !== at_sign
  )
}

function digit(code: u8): u32 {
  const ones = <u32>code - 48
  if (ones < 10) return ones
  const letter = ((<u32>code) | 32) - 97
  return letter < 6 ? letter + 10 : 16
}
