import { InvalidError } from '../errors.ts'
import { explainQuestDB } from './gate/explain.ts'
import { readSelect } from './gate/read.ts'
import type { SourceText } from './gate/read.ts'
import type { Relation } from './gate/relation.ts'
import { renderStatement } from './gate/select.ts'
import type { Probe } from './gate/select.ts'
import { didYouMean, SqlError } from './gate/sql-error.ts'
import { isConfined } from './gate/verify.ts'
import type { Unit } from './gate/view-columns.ts'
import { views, viewSql } from './gate/views.ts'
import type { GateWindow, Scope } from './gate/views.ts'
import type { QueryPool } from './query.ts'

/** SQL as people and models write it, for the rows of a scope. */
export interface GateRequest {
  sql: string
  scope: Scope
  /** Rows at most, over and above the LIMIT of the SQL itself: 1,000 by default, at most 100,000. */
  limit?: number | undefined
  /** The window of every table: the last 90 days by default. */
  from?: string | undefined
  to?: string | undefined
}

export interface GateRun extends GateRequest {
  /** Whose two turns it takes. */
  name: string
  /** Ends the query in QuestDB. */
  signal?: AbortSignal | undefined
  /** What `cancel` knows it by. */
  id?: string | undefined
}

export interface CheckedSql {
  sql_executed: string
  /** The views that it reads. */
  tables: string[]
}

export interface GateColumn {
  name: string
  type: string
  unit?: Unit
}

export interface GateAnswer {
  columns: GateColumn[]
  rows: unknown[][]
  row_count: number
  /** True when there are more rows than were asked for, or than fit. */
  truncated: boolean
  elapsed_ms: number
  sql_executed: string
  /** ISO 8601. */
  window: { from: string; to: string }
}

/** The one door for SQL that is not ours: it lets one SELECT through, over the scope's own rows. */
export interface Gate {
  /** Parses, checks and rewrites; asks QuestDB nothing. Throws SqlError, and InvalidError for a bad window or limit. */
  check(request: GateRequest): CheckedSql
  /** Throws what `check` throws, InvalidError `query_timeout`, `query_too_large` and `cancelled`, UnavailableError. */
  run(request: GateRun): Promise<GateAnswer>
  /** Ends a running query of this name; false when there is none. */
  cancel(name: string, id: string): boolean
}

export interface GateOptions {
  pool: Pick<QueryPool, 'read'>
  /** Lets each name have two queries at once. */
  turns: { take<T>(name: string, work: () => Promise<T>): Promise<T> }
  /** Reads a window as its asker wrote it; throws InvalidError. */
  readWindow(given: { from?: string | undefined; to?: string | undefined }): GateWindow
}

const day_ms = 86_400_000
const defaultWindow_ms = 90 * day_ms
const defaultRows = 1_000
/** Rows that one answer may have. */
export const maxRows = 100_000
const maxBytes = 32 * 1024 * 1024
// Each is 10 to 30 KB of Java heap.
const maxHistograms = 10_000

const oneTable = { scans: 1, selects: 1, depth: 1 }

interface Prepared extends CheckedSql {
  text: SourceText
  relation: Relation
  probes: readonly Probe[]
  limit: number
  window: GateWindow
}

export function createGate({ pool, turns, readWindow }: GateOptions): Gate {
  const running = new Map<string, AbortController>()

  function prepare({ sql, scope, limit = defaultRows, from, to }: GateRequest): Prepared {
    if (!Number.isInteger(limit) || limit < 1 || limit > maxRows)
      throw new InvalidError(`Cannot use limit ${limit}`, `write a whole number from 1 to ${maxRows}`)
    const window = gateWindow(readWindow({ from, to }), from)
    const { select, text } = readSelect(sql)
    const used = new Map<string, string>()
    const hasStar = /"type":"(star|qualifiedStar)"/.test(JSON.stringify(select))
    const isAsked = (column: string): boolean => hasStar || text.mentions(column)
    const view = (name: string): Relation => {
      const known = views.find((one) => one.name === name.toLowerCase())
      if (!known) throw unknownTable(name, text)
      const query = viewSql(known, scope, window, isAsked)
      used.set(known.name, query)
      const columns = known.columns.map((column) => ({ ...column, size: 1 }))
      return { sql: query, columns, open: false, few: false, stored: !known.groupedBy, ...oneTable }
    }
    const probes: Probe[] = []
    const relation = renderStatement(
      select,
      { text, view, probes, work: { texts: 0 }, light: false },
      limit + 1,
    )
    const sql_executed = relation.sql.slice(1, -1)
    const all = [sql_executed, ...probes.map((probe) => probe.sql)]
    if (!all.every((one) => isConfined(one, used.values())))
      throw new SqlError(
        'Cannot run the SQL: it cannot be confined to your own rows',
        'write it more plainly',
      )
    return { sql_executed, tables: [...used.keys()], text, relation, probes, limit, window }
  }

  async function execute(prepared: Prepared, signal: AbortSignal): Promise<Omit<GateAnswer, 'elapsed_ms'>> {
    const { text, relation, probes, limit, window, sql_executed } = prepared
    const read = (sql: string) =>
      pool
        .read(sql, { signal, bytes_at_most: maxBytes })
        .catch((cause: unknown) => explainQuestDB(cause, sql, text))
    let kept = 0
    for (const { sql, histograms } of probes) {
      const groups = Number((await read(sql)).rows[0]?.[0])
      kept += groups * histograms
      if (kept > maxHistograms)
        throw new SqlError(
          `Cannot keep percentiles for ${groups} groups`,
          `group by fewer columns or longer intervals, or narrow the window: ${maxHistograms} percentiles at most`,
          text.find('approx_percentile'),
        )
    }
    const { columns, rows: read_rows } = await read(sql_executed)
    const rows = read_rows.slice(0, limit)
    const units = new Map(relation.columns.map(({ name, unit }) => [name.toLowerCase(), unit]))
    return {
      columns: columns.map((column) => {
        const unit = units.get(column.name.toLowerCase())
        return unit === undefined ? column : { ...column, unit }
      }),
      rows,
      row_count: rows.length,
      truncated: read_rows.length > limit,
      sql_executed,
      window: { from: new Date(window.from_ms).toISOString(), to: new Date(window.to_ms).toISOString() },
    }
  }

  return {
    check(request) {
      const { sql_executed, tables } = prepare(request)
      return { sql_executed, tables }
    },
    async run({ name, id, signal: outer, ...request }) {
      const prepared = prepare(request)
      const ending = new AbortController()
      const key = `${name}\0${id}`
      if (id !== undefined) {
        if (running.has(key))
          throw new InvalidError(`Cannot run two queries with the id '${id}'`, 'send another id')
        running.set(key, ending)
      }
      const signal = outer ? AbortSignal.any([outer, ending.signal]) : ending.signal
      const started_ms = performance.now()
      try {
        const answer = await turns.take(name, () => execute(prepared, signal))
        return { ...answer, elapsed_ms: Math.round(performance.now() - started_ms) }
      } finally {
        if (id !== undefined) running.delete(key)
      }
    },
    cancel(name, id) {
      const ending = running.get(`${name}\0${id}`)
      ending?.abort()
      return ending !== undefined
    },
  }
}

// What is too long for a window `readWindow` has refused.
function gateWindow({ from_ms, to_ms }: GateWindow, from: string | undefined): GateWindow {
  return { from_ms: from === undefined ? to_ms - defaultWindow_ms : from_ms, to_ms }
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
