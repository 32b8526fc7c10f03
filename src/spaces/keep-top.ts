/** Keeps the first `limit` of any number of items in the order of `compare`, in memory for twice as many. */
export interface TopKeeper<T> {
  add(items: readonly T[]): void
  /** In order. */
  result(): T[]
}

export function keepTop<T>(limit: number, compare: (a: T, b: T) => number): TopKeeper<T> {
  let kept: T[] = []
  /** What an item must come before once there are `limit`: most are turned away by this alone. */
  let last: T | undefined
  const cut = (): T[] => {
    kept = kept.toSorted(compare).slice(0, limit)
    last = kept.length === limit ? kept.at(-1) : undefined
    return kept
  }
  return {
    add(items) {
      for (const item of items) {
        if (last !== undefined && compare(item, last) >= 0) continue
        kept.push(item)
        if (kept.length >= 2 * limit) cut()
      }
    },
    result: cut,
  }
}
