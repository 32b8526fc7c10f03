import { text, timestamp } from '../store/sql.ts'
import type { Condition } from './filter.ts'
import type { LatencyColumn, Metric, Part, Value } from './metric.ts'
import type { Window } from './window.ts'

/** Minutes or hours to read from instead of rows, and until when they hold every row. */
export interface Rollup {
  unit: '1m' | '1h'
  until_ms: number
}

/** Summaries of days to read from instead of rows: the days whose midnights these are. */
export interface Summaries {
  unit: '1d'
  days: ReadonlySet<number>
}

export interface Span {
  from_ms: number
  to_ms: number
}

const unit_ms = { '1m': 60_000, '1h': 3_600_000, '1d': 86_400_000 }

export interface Selection {
  metric: Metric
  window: Window
  conditions: readonly Condition[]
  /** null: from the rows alone. */
  rollup: Rollup | Summaries | null
  /** Added to each interval's `ts`, so that an earlier window lines up with a later one; a multiple of the step. */
  shift_ms?: number
}

/** The SQL for one window, without order or limit: `ts` (with a step), `format`, the dimensions, the values. */
export function select(selection: Selection): string {
  const { window, rollup } = selection
  if (rollup === null) return fromRows(selection)
  const spans = heldSpans(rollup, window)
  return spans.length === 0 ? fromRows(selection) : fromRollup(selection, rollup.unit, spans)
}

/** The parts of a window that a rollup holds, in order. */
export function heldSpans(rollup: Rollup | Summaries, { from_ms, to_ms }: Span): Span[] {
  const size_ms = unit_ms[rollup.unit]
  const first_ms = Math.ceil(from_ms / size_ms) * size_ms
  const until_ms = rollup.unit === '1d' ? to_ms : Math.min(to_ms, rollup.until_ms)
  const last_ms = Math.floor(until_ms / size_ms) * size_ms
  if (last_ms <= first_ms) return []
  if (rollup.unit !== '1d') return [{ from_ms: first_ms, to_ms: last_ms }]
  const spans: Span[] = []
  for (let day_ms = first_ms; day_ms < last_ms; day_ms += size_ms) {
    if (!rollup.days.has(day_ms)) continue
    const before = spans.at(-1)
    if (before?.to_ms === day_ms) before.to_ms += size_ms
    else spans.push({ from_ms: day_ms, to_ms: day_ms + size_ms })
  }
  return spans
}

/** What is left of a window without these parts of it. */
export function otherSpans(spans: readonly Span[], { from_ms, to_ms }: Span): Span[] {
  const begins = [from_ms, ...spans.map((span) => span.to_ms)]
  const ends = [...spans.map((span) => span.from_ms), to_ms]
  return begins
    .map((begin_ms, at) => ({ from_ms: begin_ms, to_ms: ends[at] ?? to_ms }))
    .filter((span) => span.from_ms < span.to_ms)
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
WHERE ${where(metric, window, conditions, 'rows')}`
}

/**
 * What the rollup holds from it and all else from the rows, so that counts are exact for any window. Grouping by status
 * first and counting errors from that is twice as fast as counting them in one go. Percentiles are the middle of the
 * latency bucket (migration 003) that holds them.
 */
function fromRollup(
  { metric, window, conditions, shift_ms }: Selection,
  unit: keyof typeof unit_ms,
  spans: readonly Span[],
): string {
  const names = keyColumns(metric, window)
  const values = metric.values.map((value) => `${rolledValue(value)} ${value.name}`)
  const used = (column: string): boolean => values.some((sql) => sql.includes(column))
  const groups = ['status', 'latency_bucket'].filter((column) => used(column) && !names.includes(column))
  const kept = measures.filter(([name]) => name === 'operations' || used(name))
  const branch = (from: From, span: Span): string => {
    const columns = [
      ...keys(metric, window, shift_ms, from),
      ...groups.map((column) =>
        from !== 'rows' || column === 'status'
          ? column
          : `${latencyBucket(latencyColumnOf(metric))} latency_bucket`,
      ),
      ...kept.map(([name, raw, rolled]) => `${from === 'rows' ? raw : rolled} ${name}`),
    ]
    return `  SELECT ${columns.join(', ')}
  FROM ${tableOf(from, metric)}
  WHERE ${where(metric, span, conditions, from)}`
  }
  const branches = [
    ...spans.map((span) => branch(unit, span)),
    ...otherSpans(spans, window).map((span) => branch('rows', span)),
  ]
  const together = `(\n${branches.join('\n  UNION ALL\n')}\n)`
  const source = used('timed_below') ? cumulated(together, names) : together
  return `SELECT ${[...names, ...values].join(', ')}\nFROM ${source}`
}

type From = 'rows' | keyof typeof unit_ms

/** Of the minutes and the hours, whose latencies are all of one kind. */
const rollupsOf: Record<LatencyColumn, string> = { total_ms: 'operations', turnaround_ms: 'first_bytes' }

function tableOf(from: From, metric: Metric): string {
  if (from === 'rows') return 'operations'
  return from === '1d' ? 'day_counts' : `${rollupsOf[latencyColumnOf(metric)]}_${from}`
}

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
  ['first_seen', 'min(ts)', 'min(first_seen)'],
  ['last_seen', 'max(ts)', 'max(last_seen)'],
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

function keys(metric: Metric, { step_ms }: Window, shift_ms = 0, from: From = 'rows'): string[] {
  const by = from === '1d' ? metric.by.map((name) => `value ${name}`) : metric.by
  return [...(step_ms === null ? [] : [`${interval(step_ms, shift_ms)} ts`]), 'format', ...by]
}

function interval(step_ms: number, shift_ms: number): string {
  const floor = `timestamp_floor('${step_ms / 1000}s', ts, '1970-01-05T00:00:00Z')`
  return shift_ms === 0 ? floor : `dateadd('s', ${shift_ms / 1000}, ${floor})`
}

function where(metric: Metric, span: Span, conditions: readonly Condition[], from: From): string {
  const counted =
    from === '1d'
      ? [`dimension = ${text(metric.by.join())}`, 'NOT rest']
      : [metric.rows ?? 'is_request', ...(metric.where ? [`(${metric.where})`] : [])]
  return [
    `ts >= ${timestamp(span.from_ms)}`,
    `ts < ${timestamp(span.to_ms)}`,
    ...counted,
    ...conditions.map(({ sql }) => sql),
  ].join(' AND ')
}
