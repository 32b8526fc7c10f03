import { NAMES, NAME_LENGTHS, name_bytes } from './memory'
import { copy } from './scan'

/** The columns that are not learned, in the order in which the encoder gives their names. */
export enum Name {
  status,
  error_code,
  key,
  key_prefix,
  bytes_sent,
  bytes_received,
  object_size,
  total_ms,
  turnaround_ms,
  remote_ip,
  requester,
  request_id,
  request_uri,
  referer,
  user_agent,
  version_id,
  line_hash,
}

const space: u8 = 32
const quote: u8 = 34
const plus: u8 = 43
const dash: u8 = 45
const backslash: u8 = 92

/** Where the next byte of the row goes. */
export let out: usize = 0

/** Goes on at another place: that of a new row, or behind what another has written. */
export function goTo(at: usize): void {
  out = at
}

/** The comma, the name and what stands before the value. */
export function open(which: Name): void {
  v128.store(out, v128.load(NAMES + <usize>which * name_bytes))
  out += load<u8>(NAME_LENGTHS + which)
}

/** The quote behind a text. */
export function close(): void {
  store<u8>(out++, quote)
}

export function part(from: usize, length: usize): void {
  copy(out, from, length)
  out += length
}

/** An integer as logged, at most 16 digits; false for `-`, which is left out. */
export function number(which: Name, from: usize, to: usize): bool {
  if (load<u8>(from) === dash) return false
  open(which)
  v128.store(out, v128.load(from))
  out += to - from
  store<u8>(out++, 105)
  return true
}

export function zero(which: Name): void {
  open(which)
  store<u16>(out, 0x6930)
  out += 2
}

/** Text in quotes; `-` and nothing are left out. */
export function text(which: Name, from: usize, to: usize): void {
  if (to > from && !(to === from + 1 && load<u8>(from) === dash)) quoted(which, from, to)
}

export function quoted(which: Name, from: usize, to: usize): void {
  open(which)
  escaped(from, to)
  close()
}

/** What stands between quotes, with a backslash before each quote and backslash in it. */
export function escaped(from: usize, to: usize): void {
  const quotes = i8x16.splat(quote)
  const backslashes = i8x16.splat(backslash)
  let at = from
  while (at < to) {
    const chars = v128.load(at)
    v128.store(out, chars)
    const found = i8x16.bitmask(v128.or(i8x16.eq(chars, quotes), i8x16.eq(chars, backslashes)))
    const plain = min<usize>(found === 0 ? 16 : ctz(found), to - at)
    at += plain
    out += plain
    if (at < to && plain < 16) {
      store<u8>(out, backslash)
      store<u8>(out, load<u8>(at++), 1)
      out += 2
    }
  }
}

/** In all that was written from `from` on. */
export function plusesToSpaces(from: usize): void {
  for (let at = from; at < out; at++) if (load<u8>(at) === plus) store<u8>(at, space)
}
