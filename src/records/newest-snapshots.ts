import type { Table } from '../metrics/answers.ts'
import { inScope } from '../metrics/filter.ts'
import type { Scope } from '../metrics/filter.ts'
import type { Query } from '../store/query.ts'
import { text } from '../store/sql.ts'

/** The newest stored snapshot of each bucket: what it held, and what was asked of it in the 24 hours before. */
export async function readNewestSnapshots(
  query: Query,
  { bucket }: { bucket?: string | undefined },
  scope: Scope,
): Promise<Table> {
  const sql = `SELECT ts, bucket, objects, bytes, truncated, incomplete_uploads, incomplete_upload_bytes, requests_24h,
  errors_24h, bytes_downloaded_24h, bytes_uploaded_24h, cdn_requests_24h, cdn_errors_24h, cdn_bytes_downloaded_24h
FROM (SELECT * FROM snapshots WHERE ${inScope(scope)}${bucket === undefined ? '' : ` AND bucket = ${text(bucket)}`}
LATEST ON ts PARTITION BY source, bucket) ORDER BY bucket`
  const { columns, rows } = await query(sql)
  return { columns, rows, sql }
}
