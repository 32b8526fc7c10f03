import type { IsCalm } from './episodes.ts'
import { intervalsPerDay, intervalsPerHour } from './series.ts'

const daysBack = 7
const halfHour = intervalsPerHour / 2

/** Mean over the last hour of calm intervals before `index`, of at most a day ago; null without a whole hour. */
export function recentMean(values: readonly number[], index: number, isCalm: IsCalm): number | null {
  let sum = 0
  let count = 0
  for (let i = index - 1; i >= Math.max(0, index - intervalsPerDay) && count < intervalsPerHour; i--) {
    if (!isCalm(i)) continue
    sum += values[i] ?? 0
    count++
  }
  return count < intervalsPerHour ? null : sum / count
}

/** Means over the same time of day, half an hour to either side, of each of the seven days before that the series holds. */
export function sameTimeMeans(values: readonly number[], index: number, isCalm: IsCalm): number[] {
  const means: number[] = []
  for (let day = 1; day <= daysBack; day++) {
    const middle = index - day * intervalsPerDay
    if (middle < 0) break
    let sum = 0
    let count = 0
    for (let i = Math.max(0, middle - halfHour); i <= middle + halfHour; i++) {
      if (!isCalm(i)) continue
      sum += values[i] ?? 0
      count++
    }
    if (count > 0) means.push(sum / count)
  }
  return means
}

/** The lower middle value; null when there is none. */
export function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? null
}

/** The chance that a Poisson count of this mean is `count` or more. */
export function poissonTail(count: number, mean: number): number {
  if (count <= 0) return 1
  if (mean <= 0) return 0
  // Over the mean the terms fall, at least as fast as a geometric series: a few dozen are enough.
  if (count <= mean) return 1
  let term = Math.exp(count * Math.log(mean) - mean - logFactorial(count))
  let sum = 0
  for (let k = count; term > sum * 1e-9 && term > 0; k++) {
    sum += term
    term *= mean / (k + 1)
  }
  return sum
}

/** Stirling's series; within 0.003 for one, and much closer for more. */
function logFactorial(n: number): number {
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n)
}
