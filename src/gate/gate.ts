import { InvalidError } from '../errors.ts'
import type { Scope } from '../metrics/filter.ts'
import type { QueryPool } from '../store/query.ts'
import { maxRows } from './answers.ts'
import type { CheckedSql, GateAnswer } from './answers.ts'
import type { CountedDays } from './counted.ts'
import type { Rewritten, RewriteRequest } from './rewrite.ts'
import { createRewriter } from './rewriter.ts'
import type { Rewriter } from './rewriter.ts'
import { SqlError } from './sql-error.ts'
import { views } from './views.ts'
import type { GateWindow } from './views.ts'

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
  turns_of: string
  /** Ends the query in QuestDB. */
  signal?: AbortSignal | undefined
  /** What `cancel` knows it by. */
  id?: string | undefined
}

/** The one door for SQL that is not ours: it lets one SELECT through, over the scope's own rows. */
export interface Gate {
  /** Parses, checks and rewrites; runs nothing of it. Throws SqlError, and InvalidError for a bad window or limit. */
  check(request: GateRequest): Promise<CheckedSql>
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
  /** The days of a window that are counted beforehand; none: all is read from rows. */
  readDays?: (scope: Scope, window: GateWindow) => Promise<CountedDays>
  /** Default: one in a thread of its own. */
  rewriter?: Rewriter
}

const day_ms = 86_400_000
const defaultWindow_ms = 90 * day_ms
const defaultRows = 1_000
// As rows of JavaScript they take five times that.
const maxBytes = 16 * 1024 * 1024
// Each is 10 to 30 KB of Java heap.
const maxHistograms = 10_000

const countedView = new RegExp(
  `\\b(${views.flatMap(({ name, counted, ofDays }) => (counted || ofDays ? name : [])).join('|')})\\b`,
  'i',
)

const none: CountedDays = { whole: [], exact: {} }

interface Prepared extends Rewritten {
  request: RewriteRequest
}

export function createGate(options: GateOptions): Gate {
  const { pool, turns, readWindow, readDays = async () => none, rewriter = createRewriter() } = options
  const running = new Map<string, AbortController>()

  async function prepare({ sql, scope, limit = defaultRows, from, to }: GateRequest): Promise<Prepared> {
    if (!Number.isInteger(limit) || limit < 1 || limit > maxRows)
      throw new InvalidError(`Cannot use limit ${limit}`, `write a whole number from 1 to ${maxRows}`)
    const window = gateWindow(readWindow({ from, to }), from)
    const days = countedView.test(sql) ? await readDays(scope, window) : none
    const request = { sql, scope, limit, window, days }
    return { ...(await rewriter.rewrite(request)), request }
  }

  async function execute(prepared: Prepared, signal: AbortSignal): Promise<Omit<GateAnswer, 'elapsed_ms'>> {
    const { probes, units, percentile_at, sql_executed, request } = prepared
    const { limit, window } = request
    const read = (sql: string) =>
      pool.read(sql, { signal, bytes_at_most: maxBytes }).catch(async (cause: unknown) => {
        if (!(cause instanceof InvalidError) || cause.code !== 'bad_query') throw cause
        const at =
          cause.cause instanceof Error && 'position' in cause.cause ? Number(cause.cause.position) : null
        throw await rewriter.explain({ message: cause.message, at, executed: sql, sql: request.sql })
      })
    let kept = 0
    for (const { sql, histograms } of probes) {
      const groups = Number((await read(sql)).rows[0]?.[0])
      kept += groups * histograms
      if (kept > maxHistograms)
        throw new SqlError(
          `Cannot keep percentiles for ${groups} groups`,
          `group by fewer columns or longer intervals, or narrow the window: ${maxHistograms} percentiles at most`,
          percentile_at,
        )
    }
    const { columns, rows: read_rows } = await read(sql_executed)
    const rows = read_rows.slice(0, limit)
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
    async check(request) {
      const { sql_executed, tables } = await prepare(request)
      return { sql_executed, tables }
    },
    async run({ turns_of: name, id, signal: outer, ...request }) {
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
        const prepared = await prepare(request)
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
