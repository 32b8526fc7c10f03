import type { Query } from '../store/query.ts'
import { timestamp } from '../store/sql.ts'
import type { Condition } from './filter.ts'
import type { Metric } from './metric.ts'
import { partsOf } from './select.ts'
import type { Rollup } from './select.ts'
import type { Window } from './window.ts'

/** How far the rollups can be trusted. */
export interface RollupFacts {
  /** False once they may lack rows for good, which QuestDB says of a view whose base lost some. */
  valid: boolean
  /** They hold every visible row before this; -Infinity: nobody knows. */
  complete_until_ms: number
}

// The views are refreshed each minute, one from the other.
const refreshSlack_ms = 5 * 60_000

/**
 * Asks QuestDB for what the rollups hold. Between two refreshes they lack the rows of the log objects that were finished
 * since, and the ledger knows the oldest of these.
 */
export async function readRollupFacts(query: Query): Promise<RollupFacts> {
  const views =
    await query(`SELECT view_status, refresh_base_table_txn, base_table_txn, last_refresh_start_timestamp
FROM materialized_views() WHERE view_name IN ('operations_1m', 'operations_1h', 'first_bytes_1m', 'first_bytes_1h')`)
  const valid = views.rows.length === 4 && views.rows.every(([status]) => status === 'valid')
  if (!valid) return { valid, complete_until_ms: Number.NEGATIVE_INFINITY }
  const current = views.rows.every(([, refreshed, written]) => refreshed === written)
  if (current) return { valid, complete_until_ms: Number.POSITIVE_INFINITY }
  const refreshed_ms = Math.min(...views.rows.map((row) => Date.parse(String(row[3])) || 0))
  const since = timestamp(Math.max(0, refreshed_ms - refreshSlack_ms))
  const dirty = await query(`SELECT min(oldest_event) FROM log_objects WHERE ingested_at >= ${since}`)
  return { valid, complete_until_ms: Date.parse(String(dirty.rows[0]?.[0])) || Number.NEGATIVE_INFINITY }
}

/** Rows of a window, of any source; takes about a millisecond. */
export async function countStoredRows(query: Query, { from_ms, to_ms }: Window): Promise<number> {
  const { rows } = await query(
    `SELECT count() FROM operations WHERE ts >= ${timestamp(from_ms)} AND ts < ${timestamp(to_ms)}`,
  )
  return Number(rows[0]?.[0] ?? 0)
}

const twoDays_ms = 2 * 86_400_000
// Of less the minutes would hold about as much as the rows.
const least_ms = 3 * 3_600_000

/**
 * The rollup that a metric is read from, or null for the rows alone. Rollups know no keys and clients. While log objects
 * are pending an answer is still growing: then they are good enough for all but the last two days.
 */
export function chooseRollup(
  metric: Metric,
  { from_ms, to_ms, step_ms }: Window,
  conditions: readonly Condition[],
  { valid, complete_until_ms }: RollupFacts,
  growing: boolean,
): Rollup | null {
  const length_ms = to_ms - from_ms
  if (!valid || length_ms < least_ms) return null
  if (!held(metric) || conditions.some(({ held }) => held === 'rows')) return null
  const until_ms = growing ? Math.max(complete_until_ms, to_ms - twoDays_ms) : complete_until_ms
  // Nothing of the window could be read from it, and the answer would be called approximate without need.
  if (until_ms <= from_ms) return null
  // What a window cuts is read from rows: of an hour, in a short window, that is much of it.
  if (length_ms >= twoDays_ms && (step_ms ?? 0) % 3_600_000 === 0) return { unit: '1h', until_ms }
  return (step_ms ?? 0) % 60_000 === 0 ? { unit: '1m', until_ms } : null
}

const dimensions = new Set<string>(['bucket', 'operation', 'class', 'status', 'error_code'])

function held(metric: Metric): boolean {
  return (
    metric.by.every((name) => dimensions.has(name)) && partsOf(metric).every(({ rollup }) => rollup !== null)
  )
}
