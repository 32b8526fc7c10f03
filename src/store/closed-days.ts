import type { Log } from '../log.ts'
import { repeat } from '../retry.ts'
import type { QuestDBAddress } from './address.ts'
import { day_ms, readDays } from './days.ts'
import type { StoredDay } from './days.ts'
import { execute } from './http.ts'
import { text } from './sql.ts'

/** How far the days of `operations` have been turned into Parquet. */
export interface ClosedDaysStatus {
  /** Days that lie as Parquet, and what they take on the disk. */
  days: number
  bytes: number
  /** Days that are old enough and still native, and what they take. */
  waiting_days: number
  waiting_bytes: number
  /** Why the last try failed; null where it did not. */
  reason: string | null
}

export interface ClosedDaysOptions {
  address: QuestDBAddress
  /** A day is turned once it has ended so long ago. */
  after_ms: number
  /** Whether nothing waits to be read: while much is being written no day is touched. */
  isIdle: () => boolean
  log: Log
  now?: () => number
  /** Between two looks; default: a minute. */
  every_ms?: number
}

export interface ClosedDays {
  status(): ClosedDaysStatus
  stop(): Promise<void>
}

/** QuestDB has no Parquet for rollups, which are materialized views. */
const tables = ['operations', 'day_counts', 'requests']

/**
 * Turns closed days into Parquet, which takes a fifth of the disk: one day at a time, the oldest first.
 * Rows that come late go into such a day too, each once. What was interrupted is begun anew at the next look, as only
 * the table itself says which days are through.
 */
export function startClosedDays(options: ClosedDaysOptions): ClosedDays {
  const { address, after_ms, isIdle, log, now = Date.now, every_ms = 60_000 } = options
  const stopping = new AbortController()
  const { signal } = stopping
  let status: ClosedDaysStatus = { days: 0, bytes: 0, waiting_days: 0, waiting_bytes: 0, reason: null }

  /** Turns the oldest that is due; tells whether there was one, as the next may follow at once. */
  async function look(): Promise<boolean> {
    const closed = (await Promise.all(tables.map(closedOf))).flat()
    const rows = closed.filter(({ table }) => table === 'operations')
    const done = rows.filter(({ is_parquet }) => is_parquet)
    const waiting = rows.filter(({ is_parquet }) => !is_parquet)
    const bytesOf = (days: readonly StoredDay[]): number => days.reduce((sum, { bytes }) => sum + bytes, 0)
    status = {
      days: done.length,
      bytes: bytesOf(done),
      waiting_days: waiting.length,
      waiting_bytes: bytesOf(waiting),
      reason: null,
    }
    const next = closed.find(({ is_parquet }) => !is_parquet)
    if (!next || !isIdle() || signal.aborted) return false
    const { table, name } = next
    const begun_ms = performance.now()
    await execute(address, `ALTER TABLE ${table} CONVERT PARTITION TO PARQUET LIST ${text(name)}`)
    await execute(address, `SELECT wait_wal_table(${text(table)})`)
    log.info({ table, day: name, ms: Math.round(performance.now() - begun_ms) }, 'day turned into Parquet')
    return true
  }

  /** Days that ended long enough ago; never the one that rows are appended to. */
  async function closedOf(table: string): Promise<(StoredDay & { table: string })[]> {
    const days = await readDays((sql) => execute(address, sql), table)
    return days
      .filter(({ from_ms, active }) => !active && from_ms + day_ms <= now() - after_ms)
      .map((day) => ({ ...day, table }))
  }

  const kept = repeat(look, {
    every_ms,
    signal,
    onFailed(error) {
      status = { ...status, reason: error instanceof Error ? error.message : String(error) }
      log.warn({ err: error }, 'day not turned into Parquet')
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
