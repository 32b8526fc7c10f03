import { findEpisodes } from '../episodes.ts'
import type { Rule } from '../breach.ts'
import { median, recentMean, sameTimeMeans } from '../normal.ts'
import { interval_ms, intervalsPerDay } from '../series.ts'

/** So many requests must have been expected: the chance of none is then one in a million. */
const leastExpected = 14
const leastIntervals = 2
const criticalIntervals = 6

/**
 * No request at all, although the hour before and this time of day on other days say that there should be: for at least
 * ten minutes, and twice as long as any silence of the day before. Needs a day of history.
 */
export const trafficZero: Rule = ({ samples }) => {
  const requests = samples.map((sample) => sample.requests)
  const silences = silencesUpTo(requests)
  let expected = 0
  const expectations: number[] = []

  const episodes = findEpisodes(requests.length, (index, isCalm) => {
    const silence = silences[index] ?? 0
    const first = index + 1 - silence
    if (silence === 1) {
      const usual = first < intervalsPerDay ? null : median(sameTimeMeans(requests, first, isCalm))
      expected = Math.min(recentMean(requests, first, isCalm) ?? 0, usual ?? 0)
    }
    expectations.push(expected)
    if (silence < leastIntervals || silence * expected < leastExpected) return null
    let longest = 0
    for (let i = Math.max(0, first - intervalsPerDay); i < first; i++) {
      if (isCalm(i)) longest = Math.max(longest, silences[i] ?? 0)
    }
    return silence >= 2 * longest ? first : null
  })
  return episodes.map(({ first, end }) => ({
    rule: 'traffic_zero',
    measure: 'requests',
    unit: 'Count/Second',
    severity: end - first >= criticalIntervals ? 'critical' : 'warning',
    first,
    end,
    before: (expectations[first] ?? 0) / (interval_ms / 1000),
    after: 0,
  }))
}

/** For each interval, how many without a request it ends. */
function silencesUpTo(requests: readonly number[]): number[] {
  let silence = 0
  return requests.map((count) => (silence = count === 0 ? silence + 1 : 0))
}
