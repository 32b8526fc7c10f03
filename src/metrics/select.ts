import { timestamp } from '../store/sql.ts'
import type { Condition } from './filter.ts'
import type { Metric, Part, Value } from './metric.ts'
import type { Window } from './window.ts'

/** The length of the intervals that a rollup holds. */
export type RollupUnit = '1m' | '1h'

export const rollupUnit_ms: Record<RollupUnit, number> = { '1m': 60_000, '1h': 3_600_000 }

export interface Selection {
  metric: Metric
  window: Window
  conditions: readonly Condition[]
  /** null: from the rows alone. */
  rollup: RollupUnit | null
  /** Added to each interval's `ts`, so that an earlier window lines up with a later one; a multiple of the step. */
  shift_ms?: number
}

/** The SQL for one window, without order or limit: `ts` (with a step), `format`, the dimensions, the values. */
export function select(selection: Selection): string {
  const { metric, rollup } = selection
  return rollup === null ? fromRows(selection) : fromRollup(metric, selection, rollup)
}

/** The columns that tell result rows apart. */
export function keyColumns(metric: Metric, window: Window): string[] {
  return [...(window.step_ms === null ? [] : ['ts']), 'format', ...metric.by]
}

function fromRows({ metric, window, conditions, shift_ms }: Selection): string {
  const values = metric.values.map((value) => {
    if ('sql' in value) return `${value.sql((part) => part.raw)} ${value.name}`
    const { column, quantile } = value.percentile
    return `approx_percentile(${column}, ${quantile}, 2) ${value.name}`
  })
  return `SELECT ${[...keys(metric, window, shift_ms), ...values].join(', ')}
FROM operations
WHERE ${where(metric, window.from_ms, window.to_ms, conditions)}`
}

/**
 * Whole intervals from the rollup and the two edges from the rows, so that counts are exact for any window. Percentiles
 * are the middle of the latency bucket (migration 003) that holds them.
 */
function fromRollup(metric: Metric, selection: Selection, rollup: RollupUnit): string {
  const { window, conditions, shift_ms } = selection
  const names = keyColumns(metric, window)
  const percentiles = metric.values.some((value) => 'percentile' in value)
  const parts = percentiles ? [...partsOf(metric), timedPart] : partsOf(metric)
  const unit_ms = rollupUnit_ms[rollup]
  const first_ms = Math.ceil(window.from_ms / unit_ms) * unit_ms
  const last_ms = Math.floor(window.to_ms / unit_ms) * unit_ms
  const branch = (table: string, from_ms: number, to_ms: number): string => {
    const aggregates = parts.map((part) => `${table === 'operations' ? part.raw : part.rollup} ${part.name}`)
    const bucket = table === 'operations' ? `${latencyBucket} latency_bucket` : 'latency_bucket'
    const columns = [...keys(metric, window, shift_ms), ...(percentiles ? [bucket] : []), ...aggregates]
    return `  SELECT ${columns.join(', ')}
  FROM ${table}
  WHERE ${where(metric, from_ms, to_ms, conditions)}`
  }
  const branches = [
    window.from_ms < first_ms && branch('operations', window.from_ms, first_ms),
    branch(`operations_${rollup}`, first_ms, last_ms),
    last_ms < window.to_ms && branch('operations', last_ms, window.to_ms),
  ].filter((sql) => sql !== false)
  const together = `(\n${branches.join('\n  UNION ALL\n')}\n)`
  const values = metric.values.map((value) => `${merged(value)} ${value.name}`)
  const source = percentiles ? cumulated(together, names, parts) : together
  return `SELECT ${[...names, ...values].join(', ')}\nFROM ${source}`
}

const latencyBucket =
  '(CASE WHEN total_ms IS NULL THEN -1 WHEN total_ms < 1 THEN 0 ELSE (ln(total_ms) * 8)::int + 1 END)'

const timedPart: Part = {
  name: 'timed',
  raw: 'count(total_ms)',
  rollup: 'sum(CASE WHEN latency_bucket >= 0 THEN operations ELSE 0 END)',
  merge: 'sum',
}

function merge(part: Part): string {
  return `${part.merge}(${part.name})`
}

function merged(value: Value): string {
  if ('sql' in value) return value.sql(merge)
  return `min(CASE WHEN timed > 0 AND timed_below >= ${value.percentile.quantile} * timed_all THEN latency_ms END)`
}

// Each latency bucket with the requests up to it and the requests of all of them.
function cumulated(together: string, names: string[], parts: readonly Part[]): string {
  const by = names.join(', ')
  const merges = parts.map((part) => `${merge(part)} ${part.name}`).join(', ')
  return `(
SELECT *, CASE WHEN latency_bucket <= 0 THEN 0.0 ELSE round(exp((latency_bucket - 0.5) / 8), 1) END latency_ms,
  sum(timed) OVER (PARTITION BY ${by} ORDER BY latency_bucket ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) timed_below,
  sum(timed) OVER (PARTITION BY ${by}) timed_all
FROM (SELECT ${by}, latency_bucket, ${merges} FROM ${together})
)`
}

/** The parts that a metric's values are made of, each once. */
export function partsOf(metric: Metric): Part[] {
  const parts = new Map<string, Part>()
  for (const value of metric.values) {
    if ('sql' in value) value.sql((part) => (parts.set(part.name, part), part.name))
  }
  return [...parts.values()]
}

function keys(metric: Metric, { step_ms }: Window, shift_ms = 0): string[] {
  return [...(step_ms === null ? [] : [`${interval(step_ms, shift_ms)} ts`]), 'format', ...metric.by]
}

function interval(step_ms: number, shift_ms: number): string {
  const floor = `timestamp_floor('${step_ms / 1000}s', ts, '1970-01-05T00:00:00Z')`
  return shift_ms === 0 ? floor : `dateadd('s', ${shift_ms / 1000}, ${floor})`
}

function where(metric: Metric, from_ms: number, to_ms: number, conditions: readonly Condition[]): string {
  return [
    `ts >= ${timestamp(from_ms)}`,
    `ts < ${timestamp(to_ms)}`,
    'is_request',
    ...(metric.where ? [`(${metric.where})`] : []),
    ...conditions.map(({ sql }) => sql),
  ].join(' AND ')
}
