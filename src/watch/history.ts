import type { Query } from '../store/query.ts'
import { text, timestamp } from '../store/sql.ts'
import { interval_ms, intervalsPerDay, nothing } from './series.ts'
import type { Sample, Series, Subject } from './series.ts'

/** The last eight closed days in intervals: a week of what is normal, and a day to judge. */
export interface History {
  /** The end of what was read; null before the first time. */
  closed_ms(): number | null
  /** Reads again what may have changed: [from_ms, closed_ms), or all of it the first time. */
  read(from_ms: number, closed_ms: number): Promise<void>
  /** One for each subject, from its first sample to the closed end. */
  series(): Generator<Series>
}

const day_ms = intervalsPerDay * interval_ms
const kept_ms = 8 * day_ms

/** The columns that `createHistory` takes, for [from_ms, to_ms). */
export type HistorySql = (from_ms: number, to_ms: number) => string

/** The operations of one source. CDN logs know no turn-around time, so theirs is that of the whole request. */
export function operationsHistorySql(source: string): HistorySql {
  const latency = "CASE WHEN format = 'cdn' THEN total_ms ELSE turnaround_ms END"
  return (from_ms, to_ms) => `SELECT timestamp_floor('5m', ts) at, format, bucket, count() requests,
  sum(CASE WHEN status >= 500 THEN 1 ELSE 0 END) errors_5xx, sum(bytes_sent) bytes_sent,
  approx_percentile(${latency}, 0.5, 2) latency_ms, count(${latency}) timed
FROM operations WHERE source = ${text(source)} AND is_request
  AND ts >= ${timestamp(from_ms)} AND ts < ${timestamp(to_ms)}`
}

/** SpaceWatch's own requests. */
export const requestsHistorySql: HistorySql = (
  from_ms,
  to_ms,
) => `SELECT timestamp_floor('5m', ts) at, null format, null bucket, count() requests,
  sum(CASE WHEN status >= 500 THEN 1 ELSE 0 END) errors_5xx, sum(bytes_out) bytes_sent,
  approx_percentile(duration_ms, 0.5, 2) latency_ms, count(duration_ms) timed
FROM requests WHERE ts >= ${timestamp(from_ms)} AND ts < ${timestamp(to_ms)}`

export function createHistory(query: Query, source: string | null, sql: HistorySql): History {
  const subjects = new Map<string, { subject: Subject; samples: Map<number, Sample> }>()
  let closed: number | null = null

  function forget(holds: (at_ms: number) => boolean): void {
    for (const [name, { samples }] of subjects) {
      for (const at_ms of samples.keys()) if (holds(at_ms)) samples.delete(at_ms)
      if (samples.size === 0) subjects.delete(name)
    }
  }

  function add([at, format, bucket, ...numbers]: readonly unknown[]): void {
    const subject = { source, format: textOrNull(format), bucket: textOrNull(bucket) }
    const name = JSON.stringify(subject)
    const entry = subjects.get(name) ?? { subject, samples: new Map() }
    subjects.set(name, entry)
    const [requests = 0, errors_5xx = 0, bytes_sent = 0, latency = 0, timed = 0] = numbers.map(Number)
    const latency_ms = timed > 0 ? latency : null
    entry.samples.set(Date.parse(String(at)), { requests, errors_5xx, bytes_sent, latency_ms, timed })
  }

  return {
    closed_ms: () => closed,
    async read(dirty_ms, closed_ms) {
      const oldest_ms = closed_ms - kept_ms
      const from_ms = closed === null ? oldest_ms : Math.max(oldest_ms, Math.min(dirty_ms, closed))
      const first_ms = Math.floor(from_ms / interval_ms) * interval_ms
      const rows: (readonly unknown[])[] = []
      for (let at_ms = first_ms; at_ms < closed_ms; at_ms += day_ms) {
        rows.push(...(await query(sql(at_ms, Math.min(at_ms + day_ms, closed_ms)))).rows)
      }
      forget((at_ms) => at_ms >= first_ms || at_ms < oldest_ms)
      rows.forEach(add)
      closed = closed_ms
    },
    *series() {
      if (closed === null) return
      for (const { subject, samples } of subjects.values()) {
        const first_ms = Math.min(...samples.keys())
        const count = (closed - first_ms) / interval_ms
        yield {
          subject,
          first_ms,
          samples: Array.from(
            { length: count },
            (_, i) => samples.get(first_ms + i * interval_ms) ?? nothing,
          ),
        }
      }
    },
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
