import { intervalsPerDay } from './series.ts'

/** Intervals [first, end) that a rule holds for. */
export interface Episode {
  first: number
  end: number
}

/** True for intervals that the rule does not hold for: what normal is made of. */
export type IsCalm = (index: number) => boolean

/** Calm intervals that do not end an episode. */
export const bridged = 2

/**
 * Walks through a series in the order of time. `judge` says for an interval whether the rule holds and since which one,
 * or null. What has held for a whole day is the new normal: the episode ends, and counts as calm from then on.
 */
export function findEpisodes(
  length: number,
  judge: (index: number, isCalm: IsCalm) => number | null,
): Episode[] {
  const held = new Uint8Array(length)
  const isCalm: IsCalm = (index) => held[index] === 0
  const found: Episode[] = []
  for (let index = 0; index < length; index++) {
    const since = judge(index, isCalm)
    if (since === null) continue
    held.fill(1, since, index + 1)
    let last = found.at(-1)
    if (last && since <= last.end + bridged) last.end = index + 1
    else found.push((last = { first: since, end: index + 1 }))
    if (last.end - last.first >= intervalsPerDay) held.fill(0, last.first, last.end)
  }
  return found
}
