import { statfs } from 'node:fs/promises'
import { UnavailableError } from '../errors.ts'
import type { Log } from '../log.ts'
import { repeat } from '../retry.ts'
import type { QuestDBAddress } from './address.ts'
import { execute } from './http.ts'

/** What a 204 does not tell: whether accepted rows become visible. */
export interface WalStatus {
  /** Tables that take rows and show none of them, until resumed. */
  suspended: string[]
  /** Transactions accepted and not yet visible, over all tables. */
  lag_transactions: number
  /** Share of the disk that is free, 0 to 1; null where the database is not on this machine. */
  disk_free: number | null
  /** Null while QuestDB answers. */
  away: string | null
}

export interface WalWatch {
  status(): WalStatus
  /** Throws UnavailableError while writing would fill the disk. */
  guard(): void
  stop(): void
}

export interface WalWatchOptions {
  address: QuestDBAddress
  /** The database's directory where it is on this machine. */
  dir: string | null
  every_ms: number
  log: Log
}

/** QuestDB suspends tables on a full disk: writing stops before that. */
const leastFree = 0.1
const enoughFree_bytes = 10e9

/** Looks at `wal_tables()` and the disk every few seconds, and resumes what is suspended once there is room. */
export function startWalWatch({ address, dir, every_ms, log }: WalWatchOptions): WalWatch {
  let status: WalStatus = { suspended: [], lag_transactions: 0, disk_free: null, away: null }
  let full = false

  async function look(): Promise<void> {
    if (dir !== null) {
      const { bavail, blocks, bsize } = await statfs(dir)
      const disk_free = bavail / blocks
      full = disk_free < leastFree && bavail * bsize < enoughFree_bytes
      status = { ...status, disk_free }
    }
    const rows = await execute(
      address,
      `SELECT name, suspended, sequencerTxn - writerTxn, view_name
       FROM wal_tables() LEFT JOIN materialized_views() ON view_name = name`,
    )
    const stuck = rows.filter(([, suspended]) => suspended === true)
    const suspended = stuck.map(([name]) => String(name))
    const lag_transactions = rows.reduce((sum, row) => sum + Number(row[2]), 0)
    status = { ...status, suspended, lag_transactions, away: null }
    for (const [name, , , view] of full ? [] : stuck) {
      log.error({ table: name }, 'table suspended, resuming')
      await execute(address, `ALTER ${view === null ? 'TABLE' : 'MATERIALIZED VIEW'} "${name}" RESUME WAL`)
    }
  }

  const stopping = new AbortController()
  void repeat(look, {
    every_ms,
    signal: stopping.signal,
    onFailed(error) {
      status = { ...status, away: error instanceof Error ? error.message : 'no answer' }
    },
  })
  return {
    status: () => status,
    guard() {
      if (full)
        throw new UnavailableError('Cannot write: less than 10 % of the disk is free', 'free some space')
    },
    stop: () => stopping.abort(),
  }
}
