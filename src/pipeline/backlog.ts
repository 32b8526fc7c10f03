import { momentInName } from '../logs/log-object-name.ts'
import type { ListedObject } from '../spaces/list.ts'

/**
 * Log objects that wait to be read: the newest day comes out first, and the oldest fall out when it is full. Days are those
 * of the names where these hold a date: a bucket that was copied has one day of modification for all.
 */
export interface Backlog {
  readonly size: number
  /** Gives the objects that fell out: whoever put them in must find them again. */
  add(object: ListedObject): ListedObject[]
  take(): ListedObject | undefined
}

interface Waiting {
  object: ListedObject
  at_ms: number
}

export function createBacklog(capacity: number): Backlog {
  // A binary heap, the next at 0.
  let heap: Waiting[] = []
  const at = (index: number): Waiting => heap[index] as Waiting

  function swap(a: number, b: number): void {
    const kept = at(a)
    heap[a] = at(b)
    heap[b] = kept
  }

  return {
    get size() {
      return heap.length
    },
    add(object) {
      heap.push({ object, at_ms: momentInName(object.key) ?? object.modified_ms })
      for (let child = heap.length - 1; child > 0;) {
        const parent = (child - 1) >> 1
        if (!before(at(child), at(parent))) break
        swap(child, parent)
        child = parent
      }
      if (heap.length <= capacity) return []
      // A sorted array is a heap; a quarter goes at once, so that sorting is rare.
      heap.sort((a, b) => (before(a, b) ? -1 : 1))
      const kept = heap.slice(0, Math.ceil(capacity * 0.75))
      const fallen = heap.slice(kept.length)
      heap = kept
      return fallen.map((waiting) => waiting.object)
    },
    take() {
      const newest = heap[0]
      const last = heap.pop()
      if (last === undefined || heap.length === 0) return newest?.object
      heap[0] = last
      for (let parent = 0; ;) {
        let top = parent
        for (const child of [parent * 2 + 1, parent * 2 + 2]) {
          if (child < heap.length && before(at(child), at(top))) top = child
        }
        if (top === parent) return newest?.object
        swap(parent, top)
        parent = top
      }
    },
  }
}

const day_ms = 86_400_000

// The newest day first, and each day in order: QuestDB appends in order for nothing, and merges what comes before it.
function before(a: Waiting, b: Waiting): boolean {
  const days = Math.floor(a.at_ms / day_ms) - Math.floor(b.at_ms / day_ms)
  if (days !== 0) return days > 0
  return a.at_ms === b.at_ms ? a.object.key < b.object.key : a.at_ms < b.at_ms
}
