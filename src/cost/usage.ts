import type { Proof } from './answers.ts'
import { day_ms, dayOf } from './month.ts'
import type { Day } from './forecast.ts'

/** Runs SQL over the rows of whoever asks; `proof` is what `POST /sql` takes to do the same. */
export type AskRows = (
  sql: string,
  window: { from_ms: number; to_ms: number },
) => Promise<{ rows: unknown[][]; proof: Proof }>

/** What one day sent and was asked, by the logs. */
export interface UsedDay {
  day: number
  origin_bytes: number
  cdn_bytes: number
  writes: number
  reads: number
}

export interface UsedDays {
  /** Those that have requests, in order. */
  days: UsedDay[]
  proof: Proof
}

const dailySql = `SELECT timestamp_floor('1d', ts) AS day, format, class, sum(AllRequests) AS requests, sum(BytesDownloaded) AS bytes_sent
FROM requests_1m
GROUP BY day, format, class
ORDER BY day, format, class`

// Deletions are free, and lifecycle actions are nobody's requests. The CDN's requests are no requests to the storage.
const written = new Set(['write', 'copy', 'list'])
const free = new Set(['delete', 'lifecycle'])

/** Bytes and requests of each day. */
export async function readUsedDays(
  ask: AskRows,
  window: { from_ms: number; to_ms: number },
): Promise<UsedDays> {
  const { rows, proof } = await ask(dailySql, window)
  const days = new Map<number, UsedDay>()
  for (const [ts, format, of, requests, bytes_sent] of rows) {
    const day = dayOf(Date.parse(String(ts)))
    const used = days.get(day) ?? { day, origin_bytes: 0, cdn_bytes: 0, writes: 0, reads: 0 }
    if (format === 'cdn') used.cdn_bytes += Number(bytes_sent)
    else {
      used.origin_bytes += Number(bytes_sent)
      if (written.has(String(of))) used.writes += Number(requests)
      else if (!free.has(String(of))) used.reads += Number(requests)
    }
    days.set(day, used)
  }
  return { days: [...days.values()].toSorted((a, b) => a.day - b.day), proof }
}

/** The bytes of a bucket on the days that have a snapshot of it, in order. */
export interface StoredDays {
  buckets: Map<string, { day: number; bytes: number; objects: number }[]>
  /** Buckets of which a listing was ended by a limit, and so is not counted. */
  cut: string[]
  proof: Proof
}

const storageSql = `SELECT timestamp_floor('1d', ts) AS day, bucket, truncated, avg(objects) AS objects,
  avg(bytes + (CASE WHEN incomplete_upload_bytes IS NULL THEN 0 ELSE incomplete_upload_bytes END)) AS stored_bytes
FROM snapshots
GROUP BY day, bucket, truncated
ORDER BY day, bucket, truncated`

/** What was stored, by the snapshots: a day is the mean of its snapshots; unfinished uploads are stored too. */
export async function readStoredDays(
  ask: AskRows,
  window: { from_ms: number; to_ms: number },
): Promise<StoredDays> {
  const { rows, proof } = await ask(storageSql, window)
  const buckets: StoredDays['buckets'] = new Map()
  const cut = new Set<string>()
  for (const [ts, name, truncated, objects, stored_bytes] of rows) {
    const bucket = String(name)
    if (truncated === true) {
      cut.add(bucket)
      continue
    }
    const days = buckets.get(bucket) ?? []
    days.push({
      day: dayOf(Date.parse(String(ts))),
      bytes: Number(stored_bytes),
      objects: Number(objects),
    })
    buckets.set(bucket, days)
  }
  return { buckets, cut: [...cut], proof }
}

/** A snapshot stands for the days after it too, until the next one, but not for longer than this. */
export const carriedDays = 3

/** What was stored on each of the days `[from, to)` that a snapshot tells of, all buckets together. */
export function storedByDay(buckets: StoredDays['buckets'], from: number, to: number): Day[] {
  const sums = new Map<number, number>()
  for (const days of buckets.values())
    for (const { day, bytes } of carried(days, from, to)) sums.set(day, (sums.get(day) ?? 0) + bytes)
  return [...sums].map(([day, value]) => ({ day, value })).toSorted((a, b) => a.day - b.day)
}

/** The days `[from, to)` of one bucket that are known, each with what it holds. */
export function carried<Held extends { day: number }>(
  days: readonly Held[],
  from: number,
  to: number,
): Held[] {
  return days.flatMap((held, index) => {
    const next = days[index + 1]?.day ?? Infinity
    const last = Math.min(held.day + carriedDays + 1, next, to)
    const first = Math.max(held.day, from)
    return Array.from({ length: Math.max(0, last - first) }, (_, n) => ({ ...held, day: first + n }))
  })
}

/** `2026-11-28`. */
export function dayName(day: number): string {
  return new Date(day * day_ms).toISOString().slice(0, 10)
}
