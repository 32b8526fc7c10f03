import { parseFilters } from '../metrics/filter.ts'
import type { Scope } from '../metrics/filter.ts'
import type { Query } from '../store/query.ts'
import { text, timestamp } from '../store/sql.ts'

/** How an object was read, from the origin and through the CDN apart. `last_read_ms` is the later one of both. */
export interface ObjectReads {
  reads: number
  cdn_reads: number
  bytes_read: number
  cdn_bytes_read: number
  last_read_ms: number
}

/** Reads by key. `since_ms`: the bucket's oldest operation, before which nobody knows; null: it has none. */
export interface BucketReads {
  by_key: Map<string, ObjectReads>
  since_ms: number | null
  /** True when more keys were read than are told apart: those read last are here. */
  truncated: boolean
}

export interface BucketReadsOptions {
  bucket: string
  prefix: string
  now_ms: number
}

// For the sake of memory.
const keysAtMost = 200_000

/** Successful GETs of each object, of all time that is stored. */
export async function readBucketReads(
  query: Query,
  { bucket, prefix, now_ms }: BucketReadsOptions,
  scope: Scope,
): Promise<BucketReads> {
  const where = [...parseFilters({ bucket }, scope).map(({ sql }) => sql), `ts <= ${timestamp(now_ms)}`].join(
    ' AND ',
  )
  const sum = (format: string, what: string): string =>
    `sum(CASE WHEN format = '${format}' THEN ${what} ELSE 0 END)`
  const [found, oldest] = await Promise.all([
    query(`SELECT key, ${sum('s3', '1')} reads, ${sum('cdn', '1')} cdn_reads, ${sum('s3', 'bytes_sent')} bytes_read,
  ${sum('cdn', 'bytes_sent')} cdn_bytes_read, max(ts) last_read
FROM operations
WHERE ${where} AND is_request AND class = 'read' AND method = 'GET' AND status < 400 AND key IS NOT NULL
AND starts_with(key, ${text(prefix)})
ORDER BY last_read DESC LIMIT ${keysAtMost + 1}`),
    query(`SELECT min(ts) FROM operations WHERE ${where}`),
  ])
  const by_key = new Map<string, ObjectReads>()
  for (const [key, reads, cdnReads, bytes, cdnBytes, last] of found.rows.slice(0, keysAtMost)) {
    by_key.set(String(key), {
      reads: Number(reads),
      cdn_reads: Number(cdnReads),
      bytes_read: Number(bytes),
      cdn_bytes_read: Number(cdnBytes),
      last_read_ms: Date.parse(String(last)),
    })
  }
  const since = oldest.rows[0]?.[0]
  return {
    by_key,
    since_ms: typeof since === 'string' ? Date.parse(since) : null,
    truncated: found.rows.length > keysAtMost,
  }
}
