import type { Unit } from '../metrics/answers.ts'
import type { Scope } from '../metrics/filter.ts'
import type { CountedDays } from './counted.ts'
import { readSelect } from './read.ts'
import type { SourceText } from './read.ts'
import type { Relation } from './relation.ts'
import { renderStatement } from './select.ts'
import type { Probe } from './select.ts'
import { didYouMean, SqlError } from './sql-error.ts'
import type { Position } from './sql-error.ts'
import { isConfined } from './verify.ts'
import { views, viewSql } from './views.ts'
import type { GateWindow } from './views.ts'

/** SQL of people and models, and whose rows of when it may read; plain data, which goes to a thread of its own. */
export interface RewriteRequest {
  sql: string
  scope: Scope
  /** Rows that the answer may have; one more is asked for, to see whether there are more. */
  limit: number
  window: GateWindow
  days?: CountedDays
}

export interface Rewritten {
  sql_executed: string
  /** The views that it reads. */
  tables: string[]
  /** Questions to be asked before it. */
  probes: readonly Probe[]
  /** Of the result's columns, by their lower-case names, where they are known. */
  units: ReadonlyMap<string, Unit>
  /** Where the first percentile stands. */
  percentile_at: Position | null
}

const oneTable = { scans: 1, selects: 1, depth: 1 }

/** Parses, checks and writes anew over the scope's own rows; asks QuestDB nothing. Throws SqlError. */
export function rewrite({ sql, scope, limit, window, days }: RewriteRequest): Rewritten {
  const { select, text } = readSelect(sql)
  const used = new Map<string, string>()
  const hasStar = /"type":"(star|qualifiedStar)"/.test(JSON.stringify(select))
  const isAsked = (column: string): boolean => hasStar || text.mentions(column)
  const view = (name: string): Relation => {
    const known = views.find((one) => one.name === name.toLowerCase())
    if (!known) throw unknownTable(name, text)
    const query = viewSql(known, scope, window, isAsked, days)
    used.set(known.name, query)
    const columns = known.columns.map((column) => ({ ...column, size: 1 }))
    return { sql: query, columns, open: false, few: false, stored: !known.groupedBy, ...oneTable }
  }
  const probes: Probe[] = []
  const writing = { text, view, probes, work: { texts: 0 }, as_counts: false }
  const relation = renderStatement(select, writing, limit + 1)
  const sql_executed = relation.sql.slice(1, -1)
  const all = [sql_executed, ...probes.map((probe) => probe.sql)]
  if (!all.every((one) => isConfined(one, used.values())))
    throw new SqlError('Cannot run the SQL: it cannot be confined to your own rows', 'write it more plainly')
  return {
    sql_executed,
    tables: [...used.keys()],
    probes,
    units: new Map(
      relation.columns.flatMap(({ name, unit }) => (unit === undefined ? [] : [[name.toLowerCase(), unit]])),
    ),
    percentile_at: text.find('approx_percentile'),
  }
}

function unknownTable(name: string, text: SourceText): SqlError {
  const names = views.map((view) => view.name)
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name
  return new SqlError(
    `Cannot find the table '${shown}'`,
    didYouMean(name, names) ?? `the tables are ${names.join(', ')}`,
    text.find(name.split('.')[0] ?? name, 'table'),
  )
}
