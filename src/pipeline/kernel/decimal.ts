// Division by a constant costs an engine that does not turn it into a product ten times as much.
function tenth(value: u32): u32 {
  return <u32>((<u64>value * 0xcccccccd) >> 35)
}

/** Writes `value` in decimal so that it ends at `to`, with zeros in front up to `digits`; returns where it begins. */
function writeBack(to: usize, value: u32, digits: i32): usize {
  let rest = value
  let at = to
  for (let written = 0; written < digits || rest > 0; written++) {
    const tens = tenth(rest)
    store<u8>(--at, <u8>(48 + rest - tens * 10))
    rest = tens
  }
  return at
}

const billion: u64 = 1_000_000_000
// Of a 64-bit integer with its sign.
const longest: usize = 20

/** Writes a signed 64-bit integer in decimal at `at`; returns where it ends. May use the 40 bytes from `at` on. */
export function writeLong(at: usize, value: i64): usize {
  let rest = value < 0 ? <u64>-value : <u64>value
  const to = at + 2 * longest
  let from = to
  while (rest >= billion) {
    const more = rest / billion
    from = writeBack(from, <u32>(rest - more * billion), 9)
    rest = more
  }
  from = writeBack(from, <u32>rest, 1)
  if (value < 0) store<u8>(--from, 45)
  memory.copy(at, from, to - from)
  return at + (to - from)
}
