import type { LedgerEntry } from '../metrics/answers.ts'
import type { Query } from '../store/query.ts'
import { list, text, timestamp } from '../store/sql.ts'

const keysAtOnce = 1000

/** The entries of these versions of log objects, by `etag key`; what is not finished yet has none. */
export async function readLedgerEntries(
  query: Query,
  source: string,
  objects: readonly { key: string; etag: string }[],
): Promise<Map<string, LedgerEntry>> {
  const found = new Map<string, LedgerEntry>()
  for (let from = 0; from < objects.length; from += keysAtOnce) {
    const keys = objects.slice(from, from + keysAtOnce).map(({ key }) => key)
    const { rows } =
      await query(`SELECT key, etag, state, reason, lines, rows, refused, expired, oldest_event, newest_event,
  ingested_at
FROM log_objects WHERE source = ${text(source)} AND key IN ${list(keys)}`)
    for (const [key, etag, state, reason, ...rest] of rows) {
      const [lines, stored, refused, expired, oldest, newest, ingested] = rest
      found.set(`${etag} ${key}`, {
        state: state as LedgerEntry['state'],
        reason: textOrNull(reason),
        lines: Number(lines),
        rows: Number(stored),
        refused: Number(refused),
        expired: Number(expired ?? 0),
        oldest_event: textOrNull(oldest),
        newest_event: textOrNull(newest),
        ingested_at: textOrNull(ingested),
      })
    }
  }
  return found
}

/** What was refused of the log objects of one source. */
export interface Refused {
  source: string
  /** Log objects that could not be read to their end: damaged, or no logs. */
  objects: number
  lines: number
  lines_refused: number
}

/** By source, of the log objects that were delivered since `from_ms`. */
export async function readRefused(query: Query, from_ms: number): Promise<Refused[]> {
  const { rows } = await query(
    `SELECT source, sum(CASE WHEN state = 'refused' THEN 1 ELSE 0 END), sum(lines), sum(refused)
FROM log_objects WHERE ts >= ${timestamp(from_ms)}`,
  )
  return rows.map(([source, objects, lines, lines_refused]) => ({
    source: String(source),
    objects: Number(objects),
    lines: Number(lines),
    lines_refused: Number(lines_refused),
  }))
}

const logObjectsAtMost = 200_000

/** Keys of the log objects that hold lines about a bucket, the newest first. */
export async function logObjectsAbout(query: Query, source: string, bucket: string): Promise<Set<string>> {
  const { rows } = await query(`SELECT log_object FROM (SELECT log_object, max(ts) newest FROM operations
WHERE source = ${text(source)} AND bucket = ${text(bucket)}) ORDER BY newest DESC LIMIT ${logObjectsAtMost}`)
  return new Set(rows.map(([key]) => String(key)))
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
