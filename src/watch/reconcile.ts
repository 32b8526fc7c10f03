import { eventSeverities } from '../metrics/answers.ts'
import { bridged } from './episodes.ts'
import { eventId, factsOf } from './event.ts'
import type { HealthEvent } from './event.ts'
import type { Breach, Severity } from './breach.ts'
import { interval_ms } from './series.ts'
import type { Series } from './series.ts'

export interface ReconcileOptions {
  now_ms: number
  /** Whether somebody is to be told of new events. */
  deliver: boolean
}

/** Older news than this tells nobody anything. */
const newsFor_ms = 24 * 3_600_000
/** Log objects come up to 48 hours late; what is older is not judged again. */
const settledAfter_ms = 50 * 3_600_000

/**
 * Compares what the rules find now with the events known of the same subject; gives those that are new or have changed.
 * A breach that overlaps a known event of its rule is that event, however late logs moved its edges, so that nothing is
 * told twice; one that has become worse is told again. A known event that is no longer found is withdrawn.
 */
export function reconcile(
  known: readonly HealthEvent[],
  series: Series,
  breaches: readonly Breach[],
  { now_ms, deliver }: ReconcileOptions,
): HealthEvent[] {
  const left = new Set(known)
  const isNews = (ended_ms: number): boolean => deliver && now_ms - ended_ms <= newsFor_ms
  const changed: HealthEvent[] = []

  for (const breach of breaches) {
    const facts = factsOf(series, breach)
    const { rule, measure, started_ms, ended_ms } = facts
    const same = [...left]
      .filter((event) => event.rule === rule && event.measure === measure)
      .find(
        (event) =>
          started_ms <= event.ended_ms + bridged * interval_ms &&
          event.started_ms <= ended_ms + bridged * interval_ms,
      )
    if (!same) {
      changed.push({
        ...series.subject,
        ...facts,
        ts_ms: started_ms,
        id: eventId(series.subject, breach, started_ms),
        detected_ms: now_ms,
        updated_ms: now_ms,
        delivery: isNews(ended_ms) ? 'pending' : 'none',
        delivered_ms: null,
      })
      continue
    }
    left.delete(same)
    const next: HealthEvent = { ...same, ...facts }
    const untold = same.state === 'withdrawn' && same.delivered_ms === null
    if ((untold || worse(facts.severity, same.severity)) && isNews(ended_ms)) next.delivery = 'pending'
    if (!Bun.deepEquals(next, same)) changed.push({ ...next, updated_ms: now_ms })
  }

  const closed_ms = series.first_ms + series.samples.length * interval_ms
  const since_ms = Math.max(closed_ms - settledAfter_ms, series.first_ms)
  for (const event of left) {
    if (event.state === 'withdrawn' || event.started_ms < since_ms) continue
    const delivery = event.delivery === 'pending' ? 'none' : event.delivery
    changed.push({ ...event, state: 'withdrawn', delivery, updated_ms: now_ms })
  }
  return changed
}

const severities: readonly Severity[] = eventSeverities

function worse(a: Severity, b: Severity): boolean {
  return severities.indexOf(a) > severities.indexOf(b)
}
