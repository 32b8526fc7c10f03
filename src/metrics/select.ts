import { timestamp } from '../store/sql.ts'
import type { Condition } from './filter.ts'
import type { LatencyColumn, Metric, Part, Value } from './metric.ts'
import type { Window } from './window.ts'

/** A rollup to read from: the length of its intervals, and until when it holds every row. */
export interface Rollup {
  unit: '1m' | '1h'
  until_ms: number
}

const unit_ms = { '1m': 60_000, '1h': 3_600_000 }

export interface Selection {
  metric: Metric
  window: Window
  conditions: readonly Condition[]
  /** null: from the rows alone. */
  rollup: Rollup | null
  /** Added to each interval's `ts`, so that an earlier window lines up with a later one; a multiple of the step. */
  shift_ms?: number
}

/** The SQL for one window, without order or limit: `ts` (with a step), `format`, the dimensions, the values. */
export function select(selection: Selection): string {
  const { window, rollup } = selection
  if (rollup === null) return fromRows(selection)
  const size_ms = unit_ms[rollup.unit]
  const first_ms = Math.ceil(window.from_ms / size_ms) * size_ms
  const last_ms = Math.floor(Math.min(window.to_ms, rollup.until_ms) / size_ms) * size_ms
  if (last_ms <= first_ms) return fromRows(selection)
  const table = `${rollupsOf[latencyColumnOf(selection.metric)]}_${rollup.unit}`
  return fromRollup(selection, table, first_ms, last_ms)
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
 * The whole intervals between `first_ms` and `last_ms` from the rollup and what is before and after from the rows, so
 * that counts are exact for any window. Grouping by status first and counting errors from that is twice as fast as
 * counting them in one go. Percentiles are the middle of the latency bucket (migration 003) that holds them.
 */
function fromRollup(
  { metric, window, conditions, shift_ms }: Selection,
  rollup: string,
  first_ms: number,
  last_ms: number,
): string {
  const names = keyColumns(metric, window)
  const values = metric.values.map((value) => `${rolledValue(value)} ${value.name}`)
  const used = (column: string): boolean => values.some((sql) => sql.includes(column))
  const groups = ['status', 'latency_bucket'].filter((column) => used(column) && !names.includes(column))
  const branch = (table: string, from_ms: number, to_ms: number): string => {
    const isRollup = table === rollup
    const columns = [
      ...keys(metric, window, shift_ms),
      ...groups.map((column) =>
        isRollup || column === 'status' ? column : `${latencyBucket(latencyColumnOf(metric))} latency_bucket`,
      ),
      ...measures
        .filter(([name]) => name === 'operations' || used(name))
        .map(([name, raw, rolled]) => `${isRollup ? rolled : raw} ${name}`),
    ]
    return `  SELECT ${columns.join(', ')}
  FROM ${table}
  WHERE ${where(metric, from_ms, to_ms, conditions)}`
  }
  const branches = [
    window.from_ms < first_ms && branch('operations', window.from_ms, first_ms),
    branch(rollup, first_ms, last_ms),
    last_ms < window.to_ms && branch('operations', last_ms, window.to_ms),
  ].filter((sql) => sql !== false)
  const together = `(\n${branches.join('\n  UNION ALL\n')}\n)`
  const source = used('timed_below') ? cumulated(together, names) : together
  return `SELECT ${[...names, ...values].join(', ')}\nFROM ${source}`
}

/** Of the minutes and the hours, whose latencies are all of one kind. */
const rollupsOf: Record<LatencyColumn, string> = { total_ms: 'operations', turnaround_ms: 'first_bytes' }

function latencyColumnOf({ values }: Metric): LatencyColumn {
  const timed = values.find((value) => 'percentile' in value)
  return timed && 'percentile' in timed ? timed.percentile.column : 'total_ms'
}

/** A logarithmic histogram, as migrations 003 and 008 have it too: 8 buckets for each factor of e. */
export function latencyBucket(column: LatencyColumn): string {
  return `(CASE WHEN ${column} IS NULL THEN -1 WHEN ${column} < 1 THEN 0 ELSE (ln(${column}) * 8)::int + 1 END)`
}

// The columns of a rollup: over rows, and over itself.
const measures: [name: string, raw: string, rolled: string][] = [
  ['operations', 'count()', 'sum(operations)'],
  ['bytes_sent', 'sum(bytes_sent)', 'sum(bytes_sent)'],
  ['bytes_received', 'sum(bytes_received)', 'sum(bytes_received)'],
  ['total_ms_sum', 'sum(total_ms)', 'sum(total_ms_sum)'],
  ['total_ms_min', 'min(total_ms)', 'min(total_ms_min)'],
  ['total_ms_max', 'max(total_ms)', 'max(total_ms_max)'],
  ['turnaround_ms_sum', 'sum(turnaround_ms)', 'sum(turnaround_ms_sum)'],
  ['turnaround_ms_min', 'min(turnaround_ms)', 'min(turnaround_ms_min)'],
  ['turnaround_ms_max', 'max(turnaround_ms)', 'max(turnaround_ms_max)'],
]

function rolledValue(value: Value): string {
  if ('sql' in value) return value.sql((part) => String(part.rollup))
  const reached = `timed_below >= ${value.percentile.quantile} * timed`
  return `min(CASE WHEN latency_bucket >= 0 AND ${reached} THEN latency_ms END)`
}

// Each group with the timed operations up to its latency bucket, and those of all buckets.
function cumulated(together: string, names: string[]): string {
  const by = names.join(', ')
  const timed = 'sum(CASE WHEN latency_bucket >= 0 THEN operations ELSE 0 END)'
  return `(
SELECT *, CASE WHEN latency_bucket <= 0 THEN 0.0 ELSE round(exp((latency_bucket - 0.5) / 8), 1) END latency_ms,
  ${timed} OVER (PARTITION BY ${by} ORDER BY latency_bucket ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) timed_below,
  ${timed} OVER (PARTITION BY ${by}) timed
FROM ${together}
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
    metric.rows ?? 'is_request',
    ...(metric.where ? [`(${metric.where})`] : []),
    ...conditions.map(({ sql }) => sql),
  ].join(' AND ')
}
