import type { Log } from '../log.ts'
import { repeat } from '../retry.ts'
import type { QuestDBAddress } from './address.ts'
import { day_ms, readDays } from './days.ts'
import type { StoredDay } from './days.ts'
import { execute } from './http.ts'
import { text, timestamp } from './sql.ts'
import { dimensions, summarizeDay } from './summarize-day.ts'

/** How far closed days have been counted beforehand. */
export interface DaySummariesStatus {
  days: number
  /** Days that have none, or have got rows since. */
  waiting_days: number
  /** Why the last try failed; null where it did not. */
  reason: string | null
}

export interface DaySummariesOptions {
  address: QuestDBAddress
  /** Whether nothing waits to be read: while much is being written no day is counted. */
  isIdle: () => boolean
  log: Log
  now?: () => number
  /** Between two looks; default: a minute. */
  every_ms?: number
  /** For how long a day has had no new rows before it is counted; default: ten minutes. */
  settled_ms?: number
  /** Days with fewer rows are read as quickly themselves; default: 100,000. */
  least_rows?: number
  /** Default: 10,000; see `summarizeDay`. */
  largest?: number
}

export interface DaySummaries {
  status(): DaySummariesStatus
  stop(): Promise<void>
}

// Most logs of a day have come by then.
const after_ms = 6 * 3_600_000
const again_ms = 3_600_000
// A statement is a line of the request's head.
const boundsAtOnce = 100

/**
 * Keeps a summary of each closed day: one day at a time, the newest first, and anew once a day that has got late rows has
 * had no more for a while. A summary is of the number of rows that it was made from, and of no other.
 */
export function startDaySummaries(options: DaySummariesOptions): DaySummaries {
  const { address, isIdle, log, now = Date.now, every_ms = 60_000 } = options
  const { settled_ms = 600_000, least_rows = 100_000, largest = 10_000 } = options
  const stopping = new AbortController()
  const { signal } = stopping
  let status: DaySummariesStatus = { days: 0, waiting_days: 0, reason: null }
  /** Since when a day has had so many rows, or when it may be tried again. */
  const settled = new Map<string, { rows: number; from_ms: number }>()

  /** Counts the newest that is due; tells whether there was one, as the next may follow at once. */
  async function look(): Promise<boolean> {
    const [stored, made] = await Promise.all([
      readDays((sql) => execute(address, sql), 'operations'),
      execute(address, 'SELECT ts, max(rows) FROM day_summaries WHERE source IS NULL'),
    ])
    const rowsOf = new Map(made.map(([ts, rows]) => [Date.parse(String(ts)), Number(rows)]))
    const closed = stored.filter(
      ({ from_ms, rows }) => rows >= least_rows && from_ms + day_ms <= now() - after_ms,
    )
    const waiting = closed.filter(({ from_ms, rows }) => rowsOf.get(from_ms) !== rows).toReversed()
    status = { ...status, days: closed.length - waiting.length, waiting_days: waiting.length }
    const ready = waiting.find(isSettled)
    if (!ready || !isIdle() || signal.aborted) return false
    const begun_ms = performance.now()
    await make(ready).catch((error: unknown) => {
      settled.set(ready.name, { rows: ready.rows, from_ms: now() + again_ms })
      throw error
    })
    status = { ...status, reason: null }
    log.info({ day: ready.name, ms: Math.round(performance.now() - begun_ms) }, 'day counted')
    return true
  }

  function isSettled({ name, rows }: StoredDay): boolean {
    const known = settled.get(name)
    const since = known?.rows === rows ? known : { rows, from_ms: now() + settled_ms }
    settled.set(name, since)
    return now() >= since.from_ms
  }

  async function make({ name, from_ms, rows }: StoredDay): Promise<void> {
    const bounds = await summarizeDay({ address, from_ms, to_ms: from_ms + day_ms, largest, signal })
    const stored = await readDays((sql) => execute(address, sql), 'operations')
    // Rows that came meanwhile may be in it or not.
    if (stored.find((day) => day.name === name)?.rows !== rows) return
    const write = (marks: readonly string[]): Promise<unknown> =>
      execute(
        address,
        `INSERT INTO day_summaries
  (ts, rows, made_at, dimension, source, most_operations, most_bytes_sent, most_bytes_received, most_errors)
VALUES ${marks.map((mark) => `(${timestamp(from_ms)}, ${rows}, now(), ${mark})`).join(', ')}`,
      )
    for (let at = 0; at < bounds.length; at += boundsAtOnce) await write(bounds.slice(at, at + boundsAtOnce))
    // Those of no source vouch for the day.
    await write(
      Object.keys(dimensions).map((dimension) => `${text(dimension)}, null, null, null, null, null`),
    )
    await execute(address, "SELECT wait_wal_table('day_summaries')")
  }

  const kept = repeat(look, {
    every_ms,
    signal,
    onFailed(error) {
      status = { ...status, reason: error instanceof Error ? error.message : String(error) }
      log.warn({ err: error }, 'day not counted')
    },
  })
  return {
    status: () => status,
    async stop() {
      stopping.abort()
      await kept
    },
  }
}
