import type { Query } from '../store/query.ts'
import { text } from '../store/sql.ts'

/** When a log object was delivered, and its oldest operation; milliseconds since the epoch. */
export interface Delivery {
  delivered_ms: number
  oldest_event_ms: number
}

/** Closed times are multiples of this. */
export const closedStep_ms = 300_000

const newestObjects = 100
const leastLateness_ms = 60_000
const mostLateness_ms = 2 * 3_600_000
/** A source that has delivered nothing for so long is silent. */
export const silentHours = 6
const silent_ms = silentHours * 3_600_000

/**
 * Until when the logs of a source can be taken as whole, never by the clock alone: its newest delivery less how late
 * nine of ten of its newest log objects came (from their oldest operation to their delivery; at most two hours are
 * waited for, and what comes later corrects what was found). Without a delivery for six hours the clock closes, as
 * silence is then a fact. Null while nothing was delivered. `deliveries` are the newest ones.
 */
export function closedUntil(deliveries: readonly Delivery[], now_ms: number): number | null {
  if (deliveries.length === 0) return null
  const newest_ms = Math.max(...deliveries.map(({ delivered_ms }) => delivered_ms))
  const lateness = deliveries
    .map(({ delivered_ms, oldest_event_ms }) => delivered_ms - oldest_event_ms)
    .toSorted((a, b) => a - b)
  const usual_ms = lateness[Math.ceil(0.9 * lateness.length) - 1] ?? 0
  const waited_ms = Math.min(Math.max(usual_ms, leastLateness_ms), mostLateness_ms)
  const until_ms = Math.max(newest_ms - waited_ms, now_ms - silent_ms)
  return Math.floor(until_ms / closedStep_ms) * closedStep_ms
}

/** `closedUntil` of one source, by the ledger. */
export async function readClosedUntil(query: Query, source: string, now_ms: number): Promise<number | null> {
  const { rows } = await query(`SELECT ts, oldest_event FROM log_objects
WHERE source = ${text(source)} AND oldest_event IS NOT NULL ORDER BY ts DESC LIMIT ${newestObjects}`)
  const deliveries = rows.map(([delivered, oldest]) => ({
    delivered_ms: Date.parse(String(delivered)),
    oldest_event_ms: Date.parse(String(oldest)),
  }))
  return closedUntil(deliveries, now_ms)
}

/** Until when several sources are closed: the earliest of them, save those that stopped delivering. Null for none. */
export function closedTogether(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null)
  if (known.length === 0) return null
  const newest_ms = Math.max(...known)
  return Math.min(...known.filter((time) => newest_ms - time < silent_ms))
}
