const SETS = 64
// What falls into one set is told apart by comparing: texts that differ only where no sample is taken.
const WAYS = 4
const SLOTS = SETS * WAYS
const LONGEST = 512

/** `make(text.slice(from, to))`, made once for what repeats; null for an empty slice. */
type Interner<T> = (text: string, from: number, to: number) => T | null

/**
 * Remembers what `make` returned for the slices seen last (at most 256). Comparing in place is cheaper than cutting
 * a slice, and a value that is one and the same string from line to line is cheap for whoever looks it up later.
 */
export function createInterner<T>(make: (text: string) => T | null): Interner<T> {
  // No line holds a newline, so an empty slot matches none.
  const texts: string[] = Array.from({ length: SLOTS }, () => '\n')
  const values: (T | null)[] = Array.from({ length: SLOTS }, () => null)
  let last_slot = 0
  let next_way = 0
  return (text, from, to) => {
    const length = to - from
    if (length <= 0) return null
    if (length > LONGEST) return make(text.slice(from, to))
    const last = texts[last_slot]
    if (last !== undefined && last.length === length && text.startsWith(last, from))
      return values[last_slot] ?? null
    const slot = slotOf(text, from, to)
    for (last_slot = slot; last_slot < slot + WAYS; last_slot += 1) {
      const known = texts[last_slot]
      if (known !== undefined && known.length === length && text.startsWith(known, from))
        return values[last_slot] ?? null
    }
    next_way = (next_way + 1) % WAYS
    last_slot = slot + next_way
    // A copy, as a slice would keep the text it was cut from alive.
    const copy = Buffer.from(text.slice(from, to)).toString()
    const value = make(copy)
    texts[last_slot] = copy
    values[last_slot] = value
    return value
  }
}

// Where the set of `text.slice(from, to)` begins. Samples up to 32 characters and the last six: names of one length
// differ at their ends (`TLSv1.2 - -`) or in a few characters (`AES_128`).
function slotOf(text: string, from: number, to: number): number {
  let hash = to - from
  const step = 1 + (hash >> 5)
  for (let p = from; p < to; p += step) hash = (Math.imul(hash, 31) + text.charCodeAt(p)) | 0
  for (let p = Math.max(from, to - 6); p < to; p += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(p)) | 0
  return ((Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 16) % SETS) * WAYS
}
