/** Where `byte` stands first in `from` to `to`; `to` when it does not. */
export function find(byte: u8, from: usize, to: usize): usize {
  const wanted = i8x16.splat(byte)
  for (let at = from; at < to; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), wanted))
    if (found !== 0) return min(at + ctz(found), to)
  }
  return to
}

/** Whether `byte` stands in `from` to `to`. */
export function holds(byte: u8, from: usize, to: usize): bool {
  return find(byte, from, to) < to
}

/** The first byte of the line last scanned that is not ASCII; the line's end when there is none. */
export let beyond_ascii: usize = 0

/**
 * Where the line that begins at `from` ends: at the first control character. In a plain line that is its newline, or the
 * carriage return before it.
 */
export function plainEnd(from: usize, to: usize): usize {
  const space = i8x16.splat(32)
  const del = i8x16.splat(127)
  beyond_ascii = usize.MAX_VALUE
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at)
    const high = i8x16.bitmask(bytes)
    if (high !== 0 && beyond_ascii > at) beyond_ascii = at + ctz(high)
    const found = i8x16.bitmask(v128.or(i8x16.lt_u(bytes, space), i8x16.eq(bytes, del)))
    if (found !== 0) {
      const end = min(at + ctz(found), to)
      beyond_ascii = min(beyond_ascii, end)
      return end
    }
  }
  beyond_ascii = min(beyond_ascii, to)
  return to
}

/** Whether all is ASCII. */
export function isAscii(from: usize, to: usize): bool {
  for (let at = from; at < to; at++) if (load<u8>(at) > 127) return false
  return true
}

/** Whether all is UTF-8, by table 3-7 of the Unicode standard: neither overlong, nor a surrogate, nor beyond U+10FFFF. */
export function isUtf8(from: usize, to: usize): bool {
  let at = from
  while (at < to) {
    const first = load<u8>(at)
    if (first < 128) {
      at++
      continue
    }
    const more: usize = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1
    if (first < 0xc2 || first > 0xf4 || at + more >= to) return false
    const second = load<u8>(at, 1)
    const least: u8 = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
    const most: u8 = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
    if (second < least || second > most) return false
    for (let i: usize = 2; i <= more; i++) if ((load<u8>(at + i) & 0xc0) !== 0x80) return false
    at += more + 1
  }
  return true
}

/** Copies in steps of 16 bytes: up to 15 more than asked for. */
export function copy(to: usize, from: usize, length: usize): void {
  for (let i: usize = 0; i < length; i += 16) v128.store(to + i, v128.load(from + i))
}

export function same(a: usize, b: usize, length: usize): bool {
  let i: usize = 0
  for (; i + 8 <= length; i += 8) if (load<u64>(a + i) !== load<u64>(b + i)) return false
  for (; i < length; i++) if (load<u8>(a + i) !== load<u8>(b + i)) return false
  return true
}
