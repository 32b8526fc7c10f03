import { eventRules } from '../event-rules.ts'
import type { EventRule } from '../event-rules.ts'
import type { Breach, Measure, Severity } from './breach.ts'
import { interval_ms } from './series.ts'
import type { Series, Subject } from './series.ts'

/** `open`: it lasts as far as is known; `withdrawn`: late logs showed that there was none. */
export type EventState = 'open' | 'over' | 'withdrawn'

/** `expired`: nobody took it for a day; `none`: nobody was to be told. */
export type DeliveryState = 'pending' | 'delivered' | 'expired' | 'none'

/** A row of `events`. Times are milliseconds since the epoch. */
export interface HealthEvent extends Subject, Measure {
  /** When it began as it was first found: with the id it is the row's key, and stays. */
  ts_ms: number
  id: string
  rule: EventRule
  severity: Severity
  state: EventState
  before: number
  after: number
  /** It lasted in [started_ms, ended_ms). */
  started_ms: number
  ended_ms: number
  detected_ms: number
  updated_ms: number
  delivery: DeliveryState
  delivered_ms: number | null
}

/** Names a breach for good: the same rule, subject and first interval give the same id. */
export function eventId({ source, format, bucket }: Subject, breach: Breach, started_ms: number): string {
  const parts = [breach.rule, breach.measure, source, format, bucket, started_ms]
  return new Bun.CryptoHasher('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

/** What a breach says, in the form of an event. */
export function factsOf({ first_ms, samples }: Series, breach: Breach) {
  const { rule, measure, unit, severity, before, after } = breach
  const state: EventState = breach.end === samples.length ? 'open' : 'over'
  return {
    rule,
    measure,
    unit,
    severity,
    state,
    before: round(before),
    after: round(after),
    started_ms: first_ms + breach.first * interval_ms,
    ended_ms: first_ms + breach.end * interval_ms,
  }
}

/** One sentence for people. */
export function sentenceOf(event: HealthEvent): string {
  const { rule, measure, unit, before, after } = event
  const who = event.source === null ? 'SpaceWatch' : `bucket ${event.bucket} (${event.format})`
  const since = new Date(event.started_ms).toISOString()
  return `${event.severity}: ${who}: ${eventRules[rule].says} since ${since}: ${measure} ${before} -> ${after} ${unit}`
}

// What goes to and fro in the sixth digit is no change.
function round(value: number): number {
  return Number(value.toPrecision(6))
}
