import { operationColumns } from '../gate/view-columns.ts'
import { list, text, timestamp } from '../store/sql.ts'
import type { Detector, Figures } from './detector.ts'

/** The values of a detector's thresholds and lists by name. */
export type Values = Readonly<Record<string, number | readonly string[]>>

/** The SQL of a detector for [from_ms, to_ms). */
export function detectorSql({ sql }: Detector, values: Values, from_ms: number, to_ms: number): string {
  return fill(sql, { ...literals(values), from: timestamp(from_ms), to: timestamp(to_ms) })
}

/** One SQL of a finding's evidence: of this source and subject alone. */
export function evidenceSql(
  sql: string,
  { subject }: Detector,
  { source, figures, values }: { source: string; figures: Figures; values: Values },
): string {
  const conditions = Object.fromEntries(
    subject
      .filter((column) => isColumn.has(column))
      .map((column) => [`${column}?`, conditionOf(column, figures[column] ?? null)]),
  )
  const all = [`source = ${text(source)}`, ...Object.values(conditions)].join(' AND ')
  return fill(sql, {
    ...literals(figures),
    ...literals(values),
    ...conditions,
    source: text(source),
    subject: all,
  })
}

function conditionOf(column: string, value: Figures[string] | undefined): string {
  return value === null ? `${column} IS NULL` : `${column} = ${literal(value)}`
}

const isColumn = new Set(operationColumns.map(({ name }) => name))

function literals(values: Figures | Values): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, literal(value)]))
}

function literal(value: Figures[string] | readonly string[] | undefined): string {
  // An empty list matches nothing but the empty text, which no column holds.
  if (Array.isArray(value)) return list(value.length === 0 ? [''] : value)
  return typeof value === 'string' ? text(value) : String(value ?? null)
}

function fill(sql: string, known: Record<string, string>): string {
  return sql.replace(/\{(\w+\??)\}/g, (whole, name: string) => known[name] ?? whole)
}
