import { UnavailableError } from '../errors.ts'
import type { Log } from '../log.ts'
import { pause, repeat } from '../retry.ts'
import { sourceId } from '../source-config.ts'
import type { SourceConfig } from '../source-config.ts'
import { createSpacesClient } from '../spaces/client.ts'
import type { Appender } from '../store/append.ts'
import type { Query } from '../store/query.ts'
import { takeAllSnapshots } from './take-snapshot.ts'

export interface KeptSnapshotsOptions {
  /** The operator's own: callers ask for snapshots themselves. */
  sources: () => readonly SourceConfig[]
  every_ms: number
  /** From the start to the first: what is asked of a bucket is in the logs by then. */
  first_ms?: number
  query: Query
  append: Appender['append']
  log: Log
  now?: () => number
}

const deadline_ms = 30 * 60_000

/** Takes a snapshot of every bucket that the operator's keys reach, again and again, so that its growth is known. */
export function startSnapshots(options: KeptSnapshotsOptions): { stop(): Promise<void> } {
  const { sources, every_ms, first_ms = 60_000, log } = options
  const stopping = new AbortController()
  const { signal } = stopping

  async function takeAll(): Promise<void> {
    for (const source of sources()) {
      if (signal.aborted) return
      await snapshotAll(source, options, signal).catch((err: unknown) => {
        if (!signal.aborted) log.warn({ err, bucket: source.bucket }, 'no snapshots this time')
      })
    }
  }
  const onFailed = (err: unknown): void => log.error({ err }, 'snapshots')
  const finished = pause(first_ms, signal).then(() => repeat(takeAll, { every_ms, signal, onFailed }))
  return {
    stop() {
      stopping.abort()
      return finished
    },
  }
}

async function snapshotAll(config: SourceConfig, options: KeptSnapshotsOptions, stopping: AbortSignal) {
  const { query, append, log, now = Date.now } = options
  const client = createSpacesClient(config)
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(deadline_ms)])
  const source = sourceId(config)
  try {
    const common = { client, source, metrics: null, query, append, now, signal }
    const { snapshots, failed } = await takeAllSnapshots([config.bucket], common)
    if (snapshots.length === 0 && failed.length > 0)
      throw new UnavailableError(`Cannot take a snapshot of any bucket: ${failed[0]?.message}`)
    log.info({ source, snapshots: snapshots.length, failed }, 'snapshots taken')
  } finally {
    client.destroy()
  }
}
