import { SCHEMES, SECRET_STARTS } from './memory'
import { find } from './scan'

const percent: u8 = 37
const plus: u8 = 43
const slash: u8 = 47
const colon: u8 = 58
const equals: u8 = 61
const at_sign: u8 = 64

/** Whether a text may hold a secret, in which case it is the careful reader's. False only where redact.ts changes nothing. */
export function isSuspect(from: usize, to: usize): bool {
  return isMarked(from, to) && mayNameSecret(from, to, false)
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
  let letters: u32 = 0
  for (let at = from; at < to; at++) {
    const byte = load<u8>(at)
    const letter: u32 = (byte | 32) - 97 < 26 ? byte & 31 : 0
    letters = ((letters << 5) | letter) & 0x7fff
    if ((load<u8>(SECRET_STARTS + (letters >> 3)) >> (letters & 7)) & 1) return true
    if (byte === at_sign && may_be_url) return true
    if (byte === slash && load<u8>(at, 1) === slash) may_be_url = true
    if (byte !== percent) continue
    if (!isPlainlyEncoded(at, to)) return true
    may_be_url = true
  }
  return false
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
