import { InvalidError } from '../errors.ts'
import type { OperationRows } from '../metrics/answers.ts'
import { createCoverage } from '../metrics/coverage.ts'
import type { SourceProgress } from '../metrics/coverage.ts'
import { containsPattern, parseFilters, whole } from '../metrics/filter.ts'
import type { FilterParams, Scope } from '../metrics/filter.ts'
import { parseWindow } from '../metrics/window.ts'
import type { WindowParams } from '../metrics/window.ts'
import type { Query } from '../store/query.ts'
import { text, timestamp } from '../store/sql.ts'

export interface OperationRowsParams extends Omit<WindowParams, 'step'>, FilterParams {
  /** Rows that took at least this long. */
  min_duration_ms?: number | undefined
  /** A part of the key, user agent or referer, upper and lower case alike. */
  q?: string | undefined
  /** 100 by default, at most 1000. */
  limit?: number | undefined
  /** `next_cursor` of the page before. */
  cursor?: string | undefined
}

/** Where the log objects of a source lie. */
export interface LogLocation extends SourceProgress {
  bucket: string
}

export interface OperationRowsOptions {
  query: Query
  sources: () => readonly LogLocation[]
  /** Default: that of `sources`. */
  progress?: () => readonly SourceProgress[]
  now: () => number
}

export type ReadOperationRows = (params: OperationRowsParams, scope: Scope) => Promise<OperationRows>

/** What a row is in the timeline of an object: its class, and `batch_delete`, `copy_to`, `copy_from`. */
export const event = `(CASE WHEN operation LIKE 'BATCH.DELETE%' THEN 'batch_delete'
  WHEN class = 'copy' AND is_request THEN 'copy_to' WHEN class = 'copy' THEN 'copy_from' ELSE class END) event`

const columns = `ts, source, line_hash, log_object, format, bucket, operation, class, is_request,
  method, status, error_code, key, bytes_sent, bytes_received, object_size, total_ms, turnaround_ms, remote_ip,
  requester, request_id, request_uri, referer, user_agent, version_id, host, signature_version, auth_type,
  tls_version, cipher, cache_result, edge_location, ${event}`

/** Lists rows as stored, copies and lifecycle included; each names the log object that holds its line (`log_bucket`, `log_object`). */
export function createOperationRows({
  query,
  sources,
  progress = sources,
  now,
}: OperationRowsOptions): ReadOperationRows {
  const readCoverage = createCoverage({ query, progress })
  return async (params, scope) => {
    const window = parseWindow(params, now(), false)
    const limit = whole('limit', params.limit ?? 100, 1, 1000)
    const conditions = [
      `ts >= ${timestamp(window.from_ms)}`,
      `ts < ${timestamp(window.to_ms)}`,
      ...parseFilters(params, scope).map(({ sql }) => sql),
      ...(params.min_duration_ms === undefined
        ? []
        : [`total_ms >= ${whole('min_duration_ms', params.min_duration_ms, 0, 999_999_999)}`]),
      ...(params.q === undefined ? [] : [containing(params.q)]),
      ...(params.cursor === undefined ? [] : [after(params.cursor)]),
    ].join(' AND ')
    // Times are whole seconds, so ties are many: the order must name what is unique. Sorting the window by it is slow,
    // finding the time of the last row is not.
    const sql = `SELECT ${columns}
FROM operations
WHERE ${conditions}
AND ts >= (SELECT min(ts) FROM (SELECT ts FROM operations WHERE ${conditions} ORDER BY ts DESC LIMIT ${limit + 1}))
ORDER BY ts DESC, line_hash DESC, source DESC LIMIT ${limit + 1}`
    const [result, coverage] = await Promise.all([query(sql), readCoverage(window, scope)])
    // As JSON numbers hashes would lose digits; cast in SQL they would sort as text.
    const rows = result.rows.slice(0, limit).map((row) => row.with(2, String(row[2])))
    const buckets = new Map(sources().map(({ source, bucket }) => [source, bucket]))
    return {
      columns: [...result.columns.with(2, { name: 'line_hash', type: 'VARCHAR' }), logBucket],
      rows: rows.map((row) => [...row, buckets.get(String(row[1])) ?? null]),
      sql,
      next_cursor: result.rows.length > limit ? cursorOf(rows.at(-1)) : null,
      coverage,
    }
  }
}

const logBucket = { name: 'log_bucket', type: 'VARCHAR' }

function containing(part: string): string {
  const pattern = containsPattern(part)
  return `(key ILIKE ${pattern} OR user_agent ILIKE ${pattern} OR referer ILIKE ${pattern})`
}

function cursorOf(row: unknown[] | undefined): string | null {
  if (!row) return null
  const [ts, source, lineHash] = row
  return Buffer.from(`${ts} ${lineHash} ${source}`).toString('base64url')
}

function after(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString()
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{6}Z) (-?\d{1,19}) (\S+)$/.exec(place)
  const [, seconds = '', fraction = '', hash = '0', source = ''] = match ?? []
  const isTime = match !== null && new Date(`${seconds}Z`).toJSON()?.startsWith(seconds)
  if (!isTime || BigInt.asIntN(64, BigInt(hash)) !== BigInt(hash)) {
    throw new InvalidError('Cannot use this cursor', 'pass next_cursor of the page before, unchanged')
  }
  const time = text(seconds + fraction)
  const tie = `line_hash < ${hash} OR (line_hash = ${hash} AND source < ${text(source)})`
  return `ts <= ${time} AND (ts < ${time} OR ${tie})`
}
