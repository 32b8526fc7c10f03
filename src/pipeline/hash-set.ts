/**
 * A set of 64-bit hashes in typed arrays: 9 bytes a slot, at most half of the slots filled, so that a million known
 * log objects cost about 40 MB at the worst moment and 18 MB after it.
 */
export interface HashSet {
  readonly size: number
  add(hash: bigint): void
  /** Also marks it as met in this round. */
  has(hash: bigint): boolean
  /** Ends a round, a whole listing; forgets what was neither added nor met in two rounds, as one may overlook something. */
  sweep(): void
}

export function createHashSet(): HashSet {
  let slots = 1024
  let low = new Uint32Array(slots)
  let high = new Uint32Array(slots)
  // 0 is a free slot; then 3 is met in this round, 2 in the last one, 1 in the one before it.
  let marks = new Uint8Array(slots)
  let size = 0

  function find(lo: number, hi: number): number {
    let slot = (lo ^ hi) & (slots - 1)
    while (marks[slot] !== 0 && (low[slot] !== lo || high[slot] !== hi)) slot = (slot + 1) & (slots - 1)
    return slot
  }

  function rebuild(newSlots: number, keep: (mark: number) => number): void {
    const old = { low, high, marks }
    slots = newSlots
    low = new Uint32Array(slots)
    high = new Uint32Array(slots)
    marks = new Uint8Array(slots)
    size = 0
    for (let i = 0; i < old.marks.length; i++) {
      const mark = keep(old.marks[i] as number)
      if (mark !== 0) put(old.low[i] as number, old.high[i] as number, mark)
    }
  }

  function put(lo: number, hi: number, mark: number): void {
    const slot = find(lo, hi)
    if (marks[slot] === 0) size++
    low[slot] = lo
    high[slot] = hi
    marks[slot] = mark
  }

  return {
    get size() {
      return size
    },
    add(hash) {
      put(Number(hash & 0xffffffffn), Number((hash >> 32n) & 0xffffffffn), 3)
      if (size * 2 > slots) rebuild(slots * 2, (mark) => mark)
    },
    has(hash) {
      const slot = find(Number(hash & 0xffffffffn), Number((hash >> 32n) & 0xffffffffn))
      if (marks[slot] === 0) return false
      marks[slot] = 3
      return true
    },
    sweep() {
      rebuild(slots, (mark) => Math.max(0, mark - 1))
    },
  }
}
