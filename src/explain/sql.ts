import type { GateAnswer } from '../gate/answers.ts'
import { timestamp } from '../store/sql.ts'
import type { Measure } from './measures.ts'
import { hullOf } from './windows.ts'
import type { Span, Windows } from './windows.ts'

/** Asks the gate for rows of all windows together. */
export type Ask = (sql: string, limit?: number) => Promise<GateAnswer>

/** What is counted in which windows, over the rows that `conditions` hold for. */
export interface Counting {
  measure: Measure
  windows: Windows
  conditions: readonly string[]
}

/** The whole, by `format`, part (0: the selection, then those of the baseline) and interval. */
export function wholeSql(counting: Counting): string {
  return seriesOf(counting, 'format')
}

/** The same by mask in place of the format. */
export function seriesSql(counting: Counting, conditions: readonly string[]): string {
  return seriesOf(counting, `${maskOf(conditions)} AS mask`)
}

function seriesOf({ measure, ...counting }: Counting, key: string): string {
  const amount = measure.weight === null ? 'count()' : `sum(${measure.weight})`
  return partsOf(counting.windows)
    .map(
      (
        span,
        part,
      ) => `SELECT ${part} AS part, ${key}, ${intervalOf(span, counting.windows)} AS t, ${amount} AS amount, ${squaresOf(measure)} AS squares
FROM operations
WHERE ${whereOf(span, { measure, ...counting })}`,
    )
    .join('\nUNION ALL\n')
}

/** Each value of a column with its figures, those that changed most first. */
export function valuesSql(counting: Counting, column: string, limit: number): string {
  const { measure, windows } = counting
  const amount = measure.weight === null ? 'count()' : `sum(${measure.weight})`
  const branches = partsOf(windows).map((span, part) => {
    const figures =
      part === 0 ? `${amount} AS selection, 0 AS baseline` : `0 AS selection, ${amount} AS baseline`
    return `  SELECT ${column} AS value, ${figures} FROM operations WHERE ${whereOf(span, counting)} GROUP BY value`
  })
  return `SELECT value, selection, baseline, abs(selection - ${windows.scale} * baseline) AS difference FROM (
SELECT value, sum(selection) AS selection, sum(baseline) AS baseline FROM (
${branches.join('\n  UNION ALL\n')}
)
GROUP BY value)
ORDER BY difference DESC, value LIMIT ${limit}`
}

/** Figures by which of the conditions hold: bit n of `mask` is condition n, so that one pass tells each and all of them together. */
export function masksSql(counting: Counting, conditions: readonly string[], limit: number): string {
  const { measure } = counting
  const rows = (
    keys: string,
  ): string => `SELECT ${maskOf(conditions)} AS mask, ${figuresOf(counting)}, ${squaresOf(measure)} AS squares
FROM operations
WHERE ${whereOf(null, counting)}
GROUP BY mask${keys}`
  const grouped = measure.clustered
    ? `SELECT mask, sum(selection) AS selection, sum(baseline) AS baseline, sum(squares * squares) AS squares FROM (
${rows(', request_id')}
)
GROUP BY mask`
    : rows('')
  return `${grouped}
ORDER BY squares DESC LIMIT ${limit}`
}

/** Both figures of the rows that further conditions hold for, in one line. */
export function figuresSql(counting: Counting, conditions: readonly string[]): string {
  const both = { ...counting, conditions: [...counting.conditions, ...conditions] }
  return `SELECT ${figuresOf(counting)}
FROM operations
WHERE ${whereOf(null, both)}`
}

/** The sum over requests of what each adds, squared: how few events the whole is. */
export function squaresSql(counting: Counting): string {
  return `SELECT sum(n * n) AS squares FROM (
SELECT request_id, count() AS n FROM operations WHERE ${whereOf(null, counting)} GROUP BY request_id)`
}

/** The total time that so large a share of the baseline's requests does not exceed. */
export function thresholdSql({ windows, conditions }: Omit<Counting, 'measure'>, share: number): string {
  const spans = windows.baseline.map((span) => `(${within(span)})`).join(' OR ') || 'false'
  return `SELECT approx_percentile(total_ms, ${share}, 2) AS threshold_ms FROM operations
WHERE ${[`(${spans})`, 'is_request', ...conditions].join(' AND ')}`
}

function partsOf({ selection, baseline }: Windows): Span[] {
  return [selection, ...baseline]
}

function figuresOf({ measure, windows: { selection } }: Counting): string {
  const amount = measure.weight ?? '1'
  const inside = within(selection)
  return `sum(CASE WHEN ${inside} THEN ${amount} ELSE 0 END) AS selection, sum(CASE WHEN ${inside} THEN 0 ELSE ${amount} END) AS baseline`
}

function squaresOf({ weight }: Measure): string {
  return weight === null ? 'count()' : `sum(cast(${weight} AS double) * ${weight})`
}

function maskOf(conditions: readonly string[]): string {
  return conditions.map((sql, bit) => `(CASE WHEN ${sql} THEN ${2 ** bit} ELSE 0 END)`).join(' + ')
}

function intervalOf({ from_ms }: Span, { step_ms }: Windows): string {
  return `timestamp_floor('${step_ms / 1000}s', ts, ${timestamp(from_ms)})`
}

/** Of one part; null: of all. */
function whereOf(span: Span | null, { measure, windows, conditions }: Counting): string {
  const time = span ? [within(span)] : [within(hullOf(windows)), ...gapOf(windows)]
  return [...time, measure.where, ...conditions].join(' AND ')
}

// Between a selection and a baseline that does not touch it.
function gapOf({ selection, baseline }: Windows): string[] {
  const isOne = baseline.every(
    ({ from_ms, to_ms }) => to_ms === selection.from_ms || from_ms === selection.to_ms,
  )
  return isOne ? [] : [`(${[selection, ...baseline].map((span) => `(${within(span)})`).join(' OR ')})`]
}

function within({ from_ms, to_ms }: Span): string {
  return `ts >= ${timestamp(from_ms)} AND ts < ${timestamp(to_ms)}`
}
