import type { ObjectAudit, Table } from '../metrics/answers.ts'
import { parseFilters } from '../metrics/filter.ts'
import type { FilterParams, Scope } from '../metrics/filter.ts'
import { parseWindow } from '../metrics/window.ts'
import type { WindowParams } from '../metrics/window.ts'
import type { Query } from '../store/query.ts'
import { list, text, timestamp } from '../store/sql.ts'
import { event } from './operation-rows.ts'
import type { ReadOperationRows } from './operation-rows.ts'

export interface ObjectAuditParams extends Omit<WindowParams, 'step'> {
  bucket: string
  /** The whole key, as it is and not as a URL or a log writes it. */
  key: string
  /** Of events; 100 by default, at most 1000. */
  limit?: number | undefined
  cursor?: string | undefined
}

/**
 * One object's timeline, newest first: rows with their `event` and, for a copy, the other object of it (`copy_bucket`,
 * `copy_key`). `summary` counts all events of the window, not those of the page.
 */
export type ReadObjectAudit = (params: ObjectAuditParams, scope: Scope) => Promise<ObjectAudit>

export interface ObjectAuditOptions {
  query: Query
  readOperationRows: ReadOperationRows
  now: () => number
}

const tenYears = '3650d'

/** The window is all there is, unless `from` and `to` say otherwise. */
export function createObjectAudit({ query, readOperationRows, now }: ObjectAuditOptions): ReadObjectAudit {
  return async ({ bucket, key, from = tenYears, to, limit, cursor }, scope) => {
    const object = { bucket, object_key: key }
    const [page, summary] = await Promise.all([
      readOperationRows({ ...object, from, to, limit, cursor }, scope),
      summarize(query, object, { from, to }, scope, now()),
    ])
    const place = (name: string): number => page.columns.findIndex((column) => column.name === name)
    const [ts, operationClass, request_id] = [place('ts'), place('class'), place('request_id')]
    const copies = page.rows.filter((row) => row[operationClass] === 'copy')
    const moments = copies.map((row) => ({ ts: String(row[ts]), request_id: row[request_id] }))
    const others = await otherHalves(query, moments, object, scope)
    return {
      ...page,
      columns: [...page.columns, ...['copy_bucket', 'copy_key'].map((name) => ({ name, type: 'VARCHAR' }))],
      rows: page.rows.map((row) => {
        const other = row[operationClass] === 'copy' ? others.get(row[request_id]) : undefined
        return [...row, ...(other ?? [null, null])]
      }),
      summary,
    }
  }
}

async function summarize(
  query: Query,
  object: FilterParams,
  times: Omit<WindowParams, 'step'>,
  scope: Scope,
  now_ms: number,
): Promise<Table> {
  const { from_ms, to_ms } = parseWindow(times, now_ms, false)
  const sql = `SELECT ${event}, format, count() events, sum(CASE WHEN status >= 400 THEN 1 ELSE 0 END) errors,
  sum(bytes_sent) bytes_sent, sum(bytes_received) bytes_received, min(ts) first_seen, max(ts) last_seen
FROM operations
WHERE ts >= ${timestamp(from_ms)} AND ts < ${timestamp(to_ms)} AND ${conditions(object, scope)}
ORDER BY event, format`
  return { ...(await query(sql)), sql }
}

const pairWithin_ms = 60_000

/** A copy is logged as two rows with one request id: at the object that is read, and at the one that is written. */
async function otherHalves(
  query: Query,
  copies: readonly { ts: string; request_id: unknown }[],
  { bucket, object_key }: { bucket: string; object_key: string },
  scope: Scope,
): Promise<Map<unknown, [bucket: unknown, key: unknown]>> {
  const ids = copies.flatMap(({ request_id }) => (typeof request_id === 'string' ? request_id : []))
  if (ids.length === 0) return new Map()
  const times = copies.map(({ ts }) => Date.parse(ts))
  const { rows } = await query(`SELECT request_id, bucket, key FROM operations
WHERE ts >= ${timestamp(Math.min(...times) - pairWithin_ms)} AND ts <= ${timestamp(Math.max(...times) + pairWithin_ms)}
AND class = 'copy' AND request_id IN ${list(ids)}
AND NOT (bucket = ${text(bucket)} AND key = ${text(object_key)}) AND ${conditions({}, scope)}`)
  return new Map(rows.map(([id, ...other]) => [id, [other[0], other[1]]]))
}

function conditions(filters: FilterParams, scope: Scope): string {
  return ['true', ...parseFilters(filters, scope).map(({ sql }) => sql)].join(' AND ')
}
