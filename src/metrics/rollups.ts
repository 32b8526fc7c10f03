import type { Query } from '../store/query.ts'
import { timestamp } from '../store/sql.ts'
import type { Condition } from './filter.ts'
import type { Metric } from './metric.ts'
import { partsOf } from './select.ts'
import type { RollupUnit } from './select.ts'
import type { Window } from './window.ts'

/** `current`: they hold every visible row; `behind`: not yet; `invalid`: they may lack rows for good. */
export type RollupState = 'current' | 'behind' | 'invalid'

export interface RollupFacts {
  state: RollupState
  /** Rows of the window, of any source. */
  rows: number
}

/** Asks QuestDB for what decides between rows and rollups; takes about a millisecond. */
export async function readRollupFacts(query: Query, window: Window): Promise<RollupFacts> {
  const [views, count] = await Promise.all([
    query(`SELECT view_status, refresh_base_table_txn, base_table_txn FROM materialized_views()
WHERE view_name IN ('operations_1m', 'operations_1h')`),
    query(
      `SELECT count() FROM operations WHERE ts >= ${timestamp(window.from_ms)} AND ts < ${timestamp(window.to_ms)}`,
    ),
  ])
  const valid = views.rows.length === 2 && views.rows.every(([status]) => status === 'valid')
  const current = views.rows.every(([, refreshed, written]) => refreshed === written)
  return { state: !valid ? 'invalid' : current ? 'current' : 'behind', rows: Number(count.rows[0]?.[0] ?? 0) }
}

const least_ms = 2 * 86_400_000

/**
 * The rollup that a metric is read from, or null for the rows. Rows are exact and, up to `above_rows`, as fast; rollups
 * know no keys and clients, and while they are behind they are good enough only for an answer that is still growing.
 */
export function chooseRollup(
  metric: Metric,
  window: Window,
  conditions: readonly Condition[],
  { state, rows }: RollupFacts,
  { above_rows, growing }: { above_rows: number; growing: boolean },
): RollupUnit | null {
  if (rows <= above_rows || window.to_ms - window.from_ms < least_ms) return null
  if (state === 'invalid' || (state === 'behind' && !growing)) return null
  if (!held(metric) || conditions.some(({ rollup }) => !rollup)) return null
  if (window.step_ms === null || window.step_ms % 3_600_000 === 0) return '1h'
  return window.step_ms % 60_000 === 0 ? '1m' : null
}

const dimensions = new Set<string>(['bucket', 'operation', 'class', 'status', 'error_code'])

function held(metric: Metric): boolean {
  return (
    metric.by.every((name) => dimensions.has(name)) &&
    partsOf(metric).every(({ rollup }) => rollup !== null) &&
    metric.values.every((value) => !('percentile' in value) || value.percentile.column === 'total_ms')
  )
}
