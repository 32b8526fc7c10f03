import type { RequestTotals, Snapshot } from '../metrics/answers.ts'
import type { Row } from '../store/append.ts'
import type { Query } from '../store/query.ts'
import { text, timestamp } from '../store/sql.ts'

const day_ms = 86_400_000

/** The requests of a bucket in the 24 hours before `at_ms`. */
export async function readRequestTotals(
  query: Query,
  { source, bucket, at_ms }: { source: string; bucket: string; at_ms: number },
): Promise<RequestTotals> {
  const sum = (format: string, what: string): string =>
    `sum(CASE WHEN format = '${format}' THEN ${what} ELSE 0 END)`
  const failed = 'CASE WHEN status >= 400 THEN 1 ELSE 0 END'
  const { rows } = await query(`SELECT ${sum('s3', '1')}, ${sum('s3', failed)}, ${sum('s3', 'bytes_sent')},
  ${sum('s3', 'bytes_received')}, ${sum('cdn', '1')}, ${sum('cdn', failed)}, ${sum('cdn', 'bytes_sent')}
FROM operations WHERE ts >= ${timestamp(at_ms - day_ms)} AND ts < ${timestamp(at_ms)} AND is_request
AND source = ${text(source)} AND bucket = ${text(bucket)}`)
  const [requests, errors, down, up, cdnRequests, cdnErrors, cdnDown] = (rows[0] ?? []).map(Number)
  return {
    requests_24h: requests ?? 0,
    errors_24h: errors ?? 0,
    bytes_downloaded_24h: down ?? 0,
    bytes_uploaded_24h: up ?? 0,
    cdn_requests_24h: cdnRequests ?? 0,
    cdn_errors_24h: cdnErrors ?? 0,
    cdn_bytes_downloaded_24h: cdnDown ?? 0,
  }
}

/** The snapshot as a row of its table. */
export function snapshotRow({ source, bucket, ...columns }: Snapshot, at_ms: number): Row {
  return { ts_ms: at_ms, symbols: { source, bucket }, columns }
}
