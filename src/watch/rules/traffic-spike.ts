import { findEpisodes } from '../episodes.ts'
import type { IsCalm } from '../episodes.ts'
import type { Breach, Measure, Rule } from '../breach.ts'
import { recentMean, sameTimeMeans } from '../normal.ts'
import { interval_ms, intervalsPerDay, intervalsPerHour } from '../series.ts'

const factor = 3
const criticalFactor = 10
/** How far over the highest calm interval known. */
const overHighest = 1.5
const least = { requests: 50, bytes_sent: 100_000_000 }

/**
 * Requests, or bytes sent, of two intervals in a row are three times what the hour before and this time of day on other
 * days had, and half as much again as any calm interval of the week before. Needs a day of history.
 */
export const trafficSpike: Rule = ({ samples }) => [
  ...spikes(
    samples.map((sample) => sample.requests),
    { measure: 'requests', unit: 'Count/Second' },
    least.requests,
  ),
  ...spikes(
    samples.map((sample) => sample.bytes_sent),
    { measure: 'bytes_sent', unit: 'Bytes/Second' },
    least.bytes_sent,
  ),
]

function spikes(values: readonly number[], measure: Measure, least: number): Breach[] {
  let highest = 0
  let high = 0
  const normals: number[] = []

  const episodes = findEpisodes(values.length, (index, isCalm) => {
    if (index % intervalsPerHour === 0) highest = highestBefore(values, index, isCalm)
    const value = values[index] ?? 0
    const normal = value < least ? 0 : normalAt(values, index, isCalm)
    normals.push(normal)
    const isHigh =
      index >= intervalsPerDay && value >= Math.max(least, normal * factor, highest * overHighest)
    high = isHigh ? high + 1 : 0
    return high >= 2 ? index - 1 : null
  })
  return episodes.map(({ first, end }) => {
    const before = normals[first] ?? 0
    const after = values.slice(first, end).reduce((sum, value) => sum + value, 0) / (end - first)
    return {
      rule: 'traffic_spike',
      ...measure,
      severity: after >= before * criticalFactor ? 'critical' : 'warning',
      first,
      end,
      before: before / (interval_ms / 1000),
      after: after / (interval_ms / 1000),
    }
  })
}

function normalAt(values: readonly number[], index: number, isCalm: IsCalm): number {
  return Math.max(recentMean(values, index, isCalm) ?? 0, ...sameTimeMeans(values, index, isCalm))
}

function highestBefore(values: readonly number[], index: number, isCalm: IsCalm): number {
  let highest = 0
  for (let i = Math.max(0, index - 7 * intervalsPerDay); i < index; i++) {
    if (isCalm(i)) highest = Math.max(highest, values[i] ?? 0)
  }
  return highest
}
