import { forgetMissed } from './learned'
import { cutLine, ts_s } from './line'
import { INPUT, LEFT, LEFT_LINES, ROWS, part_bytes, rows_bytes } from './memory'
import { writeRow } from './row'
import { copy, find, plainEnd } from './scan'

export {
  CONNECTION,
  DAY,
  HEAD,
  IS_BY_METHOD,
  IS_FORM,
  IS_UPLOAD,
  IS_WHOLE,
  OPERATION,
  PARAMETER,
  REQUESTER,
  learn,
  missed,
} from './learned'
export { INPUT, LEFT, LEFT_LINES, MISSED, NAMES, NAME_LENGTHS, ORIGIN, PART, REDACTED, ROWS } from './memory'
export { SCHEMES, SECRET_MASKS, SECRET_STARTS } from './memory'
export { schemes_bytes, secret_masks_bytes, secret_starts_bytes } from './memory'
export {
  most_names,
  name_bytes,
  origin_bytes,
  part_bytes,
  redacted_bytes,
  run_bytes,
  run_lines,
} from './memory'
export { Name } from './write'

const newline: u8 = 10
const carriage_return: u8 = 13
// Of a row: names, numbers, learned parts.
const room: usize = 1024 + 3 * part_bytes

/** What became of the last run. Its lines are `rows`, `expired` and `left`. */
export let rows: u32 = 0
export let row_bytes: usize = 0
export let expired: u32 = 0
/** Seconds since the epoch, over the rows; where there are none, `oldest_s` is the larger. */
export let oldest_s: f64 = 0
export let newest_s: f64 = 0
/** Lines for the careful reader: copied to LEFT, the index of each in the run at LEFT_LINES. */
export let left: u32 = 0
export let left_bytes: usize = 0

/**
 * The way in. This folder is AssemblyScript, which `npm run kernel` compiles to kernel.wasm.
 *
 * Takes the run of `length` bytes at INPUT: writes the rows of its regular lines at ROWS, each beginning with the
 * `origin_length` bytes at ORIGIN, and leaves all others. Lines from before `kept_from_s` are counted alone, those from
 * `kept_to_s` on are left.
 */
export function run(length: usize, origin_length: usize, kept_from_s: f64, kept_to_s: f64): void {
  const end = INPUT + length
  // A run may end without a newline; then nothing older may be read as its next bytes.
  store<u64>(end, 0x0a0a0a0a0a0a0a0a)
  forgetMissed()
  rows = expired = left = 0
  left_bytes = 0
  oldest_s = Infinity
  newest_s = -Infinity
  const last = ROWS + rows_bytes
  let out = ROWS
  let line: u32 = 0
  for (let from = INPUT; from < end; line++) {
    const to = plainEnd(from, end)
    let next = to
    if (to < end && load<u8>(to) === carriage_return) next++
    const plain = next >= end || load<u8>(next) === newline
    if (!plain) next = find(newline, to, end)
    next = min(next + 1, end)
    // Quotes and backslashes double, and `sig=x&` becomes two and a half times as long.
    const fits = out + origin_length + 3 * (to - from) + room < last
    const taken = plain && fits && cutLine(from, to) && ts_s > 0 && <f64>ts_s < kept_to_s
    const row_end = taken ? writeRow(from, to, out, origin_length) : 0
    if (row_end === 0) {
      copy(LEFT + left_bytes, from, next - from)
      left_bytes += next - from
      store<u32>(LEFT_LINES + left * 4, line)
      left++
    } else {
      const ts = <f64>ts_s
      if (ts < kept_from_s) expired++
      else {
        oldest_s = min(oldest_s, ts)
        newest_s = max(newest_s, ts)
        rows++
        out = row_end
      }
    }
    from = next
  }
  row_bytes = out - ROWS
}
