import { library } from '../../src/questions/library.ts'
import { now_ms } from './demo-data.ts'
import type { DemoData } from './demo-data.ts'
import { costs } from './truth-cost.ts'
import { delivery } from './truth-delivery.ts'
import { errors } from './truth-errors.ts'
import { security } from './truth-security.ts'
import { traffic } from './truth-traffic.ts'
import type { Case, Row, Truth } from './truth.ts'
import { whoDidWhat } from './truth-who-did-what.ts'

/** What each question of the library must answer about the generated week. */
export const truths: Record<string, Truth> = {
  ...whoDidWhat,
  ...errors,
  ...traffic,
  ...costs,
  ...security,
  ...delivery,
}

const hour_ms = 3_600_000
const lookback_hours = { '24h': 24, '48h': 48, '7d': 168, '30d': 720 }

/** The window that a case asks about. */
export function windowOf(
  question: string,
  { from_hours, to_hours = 0 }: Case,
): { from_ms: number; to_ms: number } {
  const back = lookback_hours[library.find(({ name }) => name === question)?.window ?? '24h']
  const before_ms = (hours: number): number => now_ms - Math.round(hours * hour_ms)
  return { from_ms: before_ms(from_hours ?? to_hours + back), to_ms: before_ms(to_hours) }
}

/** The rows that a question must answer when it is asked at `now_ms`, and whether there are more than were asked for. */
export function expected(
  question: string,
  data: DemoData,
  asked: Case = {},
): { rows: Row[]; truncated: boolean } {
  const truth = truths[question]
  if (!truth) throw new Error(`${question} has no truth`)
  const { parameters = {} } = asked
  const { from_ms, to_ms } = windowOf(question, asked)
  const within = (at_ms: number): boolean => at_ms >= from_ms && at_ms < to_ms
  const rows = truth.rows({
    records: data.records.filter(({ at_ms }) => within(at_ms)),
    logObjects: data.logObjects.filter(({ delivered_ms }) => within(delivered_ms)),
    snapshots: data.snapshots.filter(({ at_ms }) => within(at_ms)),
    parameters,
    to_ms,
  })
  const known = library.find(({ name }) => name === question)?.parameters.find(({ name }) => name === 'limit')
  const limit = Number(parameters['limit'] ?? known?.default)
  return { rows: rows.slice(0, limit), truncated: rows.length > limit }
}
