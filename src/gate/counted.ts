import { heldSpans } from '../metrics/select.ts'
import type { Span } from '../metrics/select.ts'
import { text, timestamp } from '../store/sql.ts'
import type { SummaryDimension } from '../store/summarize-day.ts'
import type { ViewColumn } from './view-columns.ts'

/** Days, by their midnight, that are counted beforehand; plain data, which goes to another thread. */
export interface CountedDays {
  whole: readonly number[]
  /** Those of which every value of a column has rows of its own. */
  exact: Partial<Record<SummaryDimension, readonly number[]>>
}

/** How the columns of a view are made of the counts of whole days. */
export interface Counted {
  dimension: SummaryDimension
  made: Record<string, string>
}

/** The parts of a window that are counted beforehand. */
export function countedSpans({ dimension }: Counted, window: Span, days: CountedDays): Span[] {
  return heldSpans({ unit: '1d', days: new Set(days.exact[dimension]) }, window)
}

/** One part of a window from the counts of its days, in the columns that the rows of the rest have. */
export function countedSql(
  { dimension, made }: Counted,
  columns: readonly ViewColumn[],
  inScope: readonly string[],
  { from_ms, to_ms }: Span,
): string {
  const selected = columns.map(({ name }) => (made[name] === undefined ? name : `${made[name]} ${name}`))
  const where = [
    ...inScope,
    `ts >= ${timestamp(from_ms)}`,
    `ts < ${timestamp(to_ms)}`,
    `dimension = ${text(dimension)}`,
    'NOT rest',
  ]
  return `SELECT ${selected.join(', ')} FROM day_counts WHERE ${where.join(' AND ')}`
}

/** Rows of these days alone, as nothing else vouches for the others. */
export function ofDays({ whole }: CountedDays, { from_ms, to_ms }: Span): string {
  const within = heldSpans({ unit: '1d', days: new Set(whole) }, { from_ms, to_ms })
  if (within.length === 0) return 'false'
  return `(${within.map((span) => `ts >= ${timestamp(span.from_ms)} AND ts < ${timestamp(span.to_ms)}`).join(' OR ')})`
}

const agains: Record<string, string> = { first_seen: 'min', last_seen: 'max' }

/** Parts of a window as one. */
export function together(
  groupedBy: readonly string[],
  columns: readonly ViewColumn[],
  parts: readonly string[],
): string {
  const selected = columns.map(({ name }) =>
    groupedBy.includes(name) ? name : `${agains[name] ?? 'sum'}(${name}) ${name}`,
  )
  return `SELECT ${selected.join(', ')} FROM (${parts.join(' UNION ALL ')}) GROUP BY ${groupedBy.join(', ')}`
}
