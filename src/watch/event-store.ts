import type { EventRule } from '../event-rules.ts'
import type { Appender, Row } from '../store/append.ts'
import type { Query } from '../store/query.ts'
import { timestamp } from '../store/sql.ts'
import type { DeliveryState, EventState, HealthEvent } from './event.ts'
import type { Measure, Severity } from './breach.ts'

/** The table `events`. */
export interface EventStore {
  /** Those that began since then, and those that somebody is still to be told of. */
  load(since_ms: number): Promise<HealthEvent[]>
  /** Writes them as they are now; throws UnavailableError when they may not have arrived: save them again. */
  save(events: readonly HealthEvent[]): Promise<void>
}

export function createEventStore(query: Query, appender: Appender): EventStore {
  return {
    async load(since_ms) {
      const { columns, rows } =
        await query(`SELECT ts, id, rule, severity, state, source, format, bucket, measure, unit, before, after,
  started_at, ended_at, detected_at, updated_at, delivery, delivered_at
FROM events WHERE ts >= ${timestamp(since_ms)} OR delivery = 'pending' ORDER BY ts`)
      return rows.map((row) => eventOf(Object.fromEntries(columns.map(({ name }, i) => [name, row[i]]))))
    },
    async save(events) {
      if (events.length > 0) await appender.append('events', events.map(rowOf))
    },
  }
}

function rowOf(event: HealthEvent): Row {
  const { ts_ms, id, rule, severity, state, source, format, bucket, measure, unit, delivery } = event
  return {
    ts_ms,
    symbols: { rule, severity, state, source, format, bucket, measure, unit, delivery },
    columns: {
      id,
      before: event.before,
      after: event.after,
      started_at: new Date(event.started_ms),
      ended_at: new Date(event.ended_ms),
      detected_at: new Date(event.detected_ms),
      updated_at: new Date(event.updated_ms),
      delivered_at: event.delivered_ms === null ? null : new Date(event.delivered_ms),
    },
  }
}

function eventOf(row: Record<string, unknown>): HealthEvent {
  const time = (name: string): number => Date.parse(String(row[name]))
  const textOrNull = (name: string): string | null => (typeof row[name] === 'string' ? row[name] : null)
  // Only `save` writes this table.
  return {
    ts_ms: time('ts'),
    id: String(row['id']),
    rule: row['rule'] as EventRule,
    severity: row['severity'] as Severity,
    state: row['state'] as EventState,
    source: textOrNull('source'),
    format: textOrNull('format'),
    bucket: textOrNull('bucket'),
    measure: row['measure'] as Measure['measure'],
    unit: row['unit'] as Measure['unit'],
    before: Number(row['before']),
    after: Number(row['after']),
    started_ms: time('started_at'),
    ended_ms: time('ended_at'),
    detected_ms: time('detected_at'),
    updated_ms: time('updated_at'),
    delivery: row['delivery'] as DeliveryState,
    delivered_ms: row['delivered_at'] === null ? null : time('delivered_at'),
  }
}
