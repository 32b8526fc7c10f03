import type { Coverage, TableColumn } from '../metrics/answers.ts'
import type { Chart, Evidence, Totals } from './answers.ts'

/** What a tool found: a table, and what stands beside it. Timestamps are ISO 8601 in UTC. */
export interface Found {
  columns: TableColumn[]
  rows: unknown[][]
  /** A few values that are no table. */
  facts?: Record<string, unknown>
  sql?: string
  coverage?: Coverage
  /** True when there are more rows than these. */
  truncated?: boolean
  chart?: Chart
}

export function createEvidence(
  id: string,
  call: { tool: string; arguments: Record<string, unknown> },
  { columns, rows, facts = {}, sql, coverage, truncated = false }: Found,
): Evidence {
  return {
    id,
    ...call,
    sql: sql ?? null,
    columns,
    rows,
    row_count: rows.length,
    truncated,
    facts,
    totals: totalsOf(columns, rows),
    coverage: coverage ?? null,
  }
}

// A sum of one row says nothing new, and neither does that of averages and percentiles.
const additive = new Set(['Count', 'Bytes'])

function totalsOf(columns: Evidence['columns'], rows: Evidence['rows']): Record<string, Totals> {
  const totals: Record<string, Totals> = {}
  // A request that the CDN had to pass on is a row of both formats: their sum would be nothing.
  const format = columns.findIndex(({ name }) => name === 'format')
  if (rows.length < 2 || new Set(rows.map((row) => row[format])).size > 1) return totals
  for (const [at, { name, unit, type }] of columns.entries()) {
    const values = rows.flatMap((row) => (typeof row[at] === 'number' ? [row[at]] : []))
    const isSum = unit === undefined ? type === 'LONG' || type === 'INT' : additive.has(unit)
    if (values.length === 0 || !isSum || /status|_ms$|percent|rate/.test(name)) continue
    totals[name] = {
      sum: values.reduce((sum, value) => sum + value, 0),
      min: values.reduce((least, value) => Math.min(least, value)),
      max: values.reduce((most, value) => Math.max(most, value)),
    }
  }
  return totals
}
