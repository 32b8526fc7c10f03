import { findEpisodes } from '../episodes.ts'
import type { IsCalm } from '../episodes.ts'
import type { Rule, Severity } from '../breach.ts'
import { poissonTail } from '../normal.ts'
import { intervalsPerDay, intervalsPerHour } from '../series.ts'
import type { Sample } from '../series.ts'

/** Shares of the requests in percent, the highest first. */
const levels: readonly { percent: number; severity: Severity }[] = [
  { percent: 5, severity: 'critical' },
  { percent: 2, severity: 'warning' },
  { percent: 1, severity: 'info' },
]
/** How unlikely the errors must be at the level itself: one in ten thousand. */
const doubt = 1e-4

/**
 * More 5xx than 1, 2 or 5 % of the requests: over the shortest window up to an hour in which so many errors are no
 * chance. A busy bucket is judged by five minutes; one with three requests a minute needs several.
 */
export const serverErrors: Rule = ({ samples }) => {
  const severities: (Severity | null)[] = []
  const episodes = findEpisodes(samples.length, (index, isCalm) => {
    const found = highestLevel(samples, index, isCalm)
    severities.push(found?.severity ?? null)
    return found?.first ?? null
  })
  return episodes.map(({ first, end }) => ({
    rule: 'errors_5xx',
    measure: 'share_5xx',
    unit: 'Percent',
    severity:
      levels.find(({ severity }) => severities.slice(first, end).includes(severity))?.severity ?? 'info',
    first,
    end,
    before: sharePercent(samples.slice(Math.max(0, first - intervalsPerDay), first)),
    after: sharePercent(samples.slice(first, end)),
  }))
}

function highestLevel(
  samples: readonly Sample[],
  index: number,
  isCalm: IsCalm,
): { severity: Severity; first: number } | null {
  if (!samples[index]?.errors_5xx) return null
  for (const { percent, severity } of levels) {
    let errors = 0
    let requests = 0
    for (let first = index; first >= Math.max(0, index + 1 - intervalsPerHour); first--) {
      // What was an episode before must not make one of what follows.
      if (!isCalm(first)) break
      errors += samples[first]?.errors_5xx ?? 0
      requests += samples[first]?.requests ?? 0
      if (poissonTail(errors, (requests * percent) / 100) < doubt) return { severity, first }
    }
  }
  return null
}

function sharePercent(samples: readonly Sample[]): number {
  const requests = samples.reduce((sum, sample) => sum + sample.requests, 0)
  const errors = samples.reduce((sum, sample) => sum + sample.errors_5xx, 0)
  return requests === 0 ? 0 : (100 * errors) / requests
}
