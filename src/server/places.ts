import { InvalidError } from '../errors.ts'

/** Counts what is under way: so many of one name, and so many of all. */
export interface Places {
  /** Takes a place; what it gives frees it again, once. Throws InvalidError `too_busy` where there is none. */
  take(name: string): () => void
}

export function createPlaces({ of_one, total }: { of_one: number; total: number }): Places {
  const taken = new Map<string, number>()
  let all = 0
  return {
    take(name) {
      const own = taken.get(name) ?? 0
      if (own >= of_one || all >= total)
        throw new InvalidError(
          `Cannot send more CSV at once: ${own >= of_one ? `${own} answers of yours are` : 'too many are'} being sent`,
          'read these to their end, and try again then',
          'too_busy',
        )
      taken.set(name, own + 1)
      all++
      let isTaken = true
      return () => {
        if (!isTaken) return
        isTaken = false
        all--
        const left = (taken.get(name) ?? 1) - 1
        if (left > 0) taken.set(name, left)
        else taken.delete(name)
      }
    },
  }
}
