import { findEpisodes } from '../episodes.ts'
import type { IsCalm } from '../episodes.ts'
import type { Rule } from '../breach.ts'
import { median, sameTimeMeans } from '../normal.ts'
import { intervalsPerDay, intervalsPerHour } from '../series.ts'
import type { Sample } from '../series.ts'

const measured = { measure: 'latency_p50', unit: 'Milliseconds' } as const
const factor = 2
const criticalFactor = 4
const leastStep_ms = 20
const leastTimed = 100
const leastIntervals = 3
const leastHistory = 24

/**
 * The median latency has doubled, by 20 ms or more, over a quarter of an hour or as many intervals as hold 100 timed
 * requests (an hour at most). Normal is the median of the calm day before, or of this time of day where that is higher.
 */
export const latencyStep: Rule = ({ samples }) => {
  const latencies = samples.map(({ latency_ms }) => latency_ms ?? 0)
  let normal: number | null = null
  const normals: (number | null)[] = []

  const episodes = findEpisodes(samples.length, (index, isCalm) => {
    // The normal of a day moves slowly, and costs a sort.
    if (index % intervalsPerHour === 0) normal = normalBefore(samples, latencies, index, isCalm)
    normals.push(normal)
    const own = samples[index]?.latency_ms
    if (normal === null || own === null || own === undefined || own < normal * factor) return null
    const first = windowStart(samples, index)
    if (first === null) return null
    const level = medianOf(samples.slice(first, index + 1))
    if (level < normal * factor || level < normal + leastStep_ms) return null
    const least = normal * factor
    return first + samples.slice(first, index + 1).findIndex(({ latency_ms }) => (latency_ms ?? 0) >= least)
  })
  return episodes.flatMap(({ first, end }) => {
    const before = normals[first] ?? 0
    const after = medianOf(samples.slice(first, end))
    // Over the whole episode it may come to less.
    if (after < before * factor) return []
    const severity = after >= before * criticalFactor ? 'critical' : 'warning'
    return { rule: 'latency_step', ...measured, severity, first, end, before, after }
  })
}

function normalBefore(
  samples: readonly Sample[],
  latencies: readonly number[],
  index: number,
  isCalm: IsCalm,
): number | null {
  const isUsable = (i: number): boolean => isCalm(i) && (samples[i]?.latency_ms ?? null) !== null
  const past: number[] = []
  for (let i = Math.max(0, index - intervalsPerDay); i < index; i++) {
    if (isUsable(i)) past.push(latencies[i] ?? 0)
  }
  if (past.length < leastHistory) return null
  return Math.max(median(past) ?? 0, median(sameTimeMeans(latencies, index, isUsable)) ?? 0)
}

/** The start of the shortest window up to `index` that says enough; null when an hour does not. */
function windowStart(samples: readonly Sample[], index: number): number | null {
  let timed = 0
  for (let back = 1; back <= intervalsPerHour && back <= index + 1; back++) {
    timed += samples[index + 1 - back]?.timed ?? 0
    if (back >= leastIntervals && timed >= leastTimed) return index + 1 - back
  }
  return null
}

/** The median of the intervals' medians, each as often as it was timed. */
function medianOf(samples: readonly Sample[]): number {
  const timed = samples.filter(({ latency_ms }) => latency_ms !== null)
  const sorted = timed.toSorted((a, b) => (a.latency_ms ?? 0) - (b.latency_ms ?? 0))
  const half = sorted.reduce((sum, sample) => sum + sample.timed, 0) / 2
  let below = 0
  return sorted.find((sample) => (below += sample.timed) >= half)?.latency_ms ?? 0
}
