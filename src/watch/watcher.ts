import { setImmediate } from 'node:timers/promises'
import type { Log } from '../log.ts'
import type { SourceStatus } from '../pipeline/answers.ts'
import { isReadUp } from '../pipeline/status.ts'
import { closedStep_ms, readClosedUntil } from '../records/closed.ts'
import { startLooks, untilAvailable } from '../retry.ts'
import type { Appender } from '../store/append.ts'
import type { Query } from '../store/query.ts'
import { text, timestamp } from '../store/sql.ts'
import { startDelivery } from './deliver.ts'
import { createEventBook } from './event-book.ts'
import { createEventStore } from './event-store.ts'
import { createHistory, operationsHistorySql, requestsHistorySql } from './history.ts'
import type { History } from './history.ts'
import { judge } from './judge.ts'
import { reconcile } from './reconcile.ts'
import type { Tell } from './webhook.ts'

export interface WatcherOptions {
  query: Query
  appender: Appender
  sources: () => readonly SourceStatus[]
  /** Null: nobody is told. */
  tell: Tell | null
  log: Log
  now?: () => number
  /** Between two looks; a minute. */
  every_ms?: number
  /** Before an event is told a second time; one second, then doubling. */
  firstWait_ms?: number
}

export interface WatcherStatus {
  /** Events that last, and those that somebody is still to be told of. */
  events_open: number
  events_pending: number
  last_look_ms: number | null
  /** Why the last look failed. */
  reason: string | null
  /** Until when each source has been judged. */
  closed_ms: ReadonlyMap<string, number>
}

export interface Watcher {
  status(): WatcherStatus
  stop(): Promise<void>
}

/** Events are remembered longer than any log object is late. */
const remembered_ms = 10 * 86_400_000
/** Rows of `operations` may become visible after their row in the ledger. */
const visibleAfter_ms = 60_000

/**
 * Looks at closed intervals every minute, judges every bucket and SpaceWatch itself by all rules, stores what they find in
 * `events` and tells it. A source is judged only while nothing of it waits to be read, and again as far back as late log
 * objects reach.
 */
export function startWatcher(options: WatcherOptions): Watcher {
  const {
    query,
    appender,
    sources,
    tell,
    log,
    now = Date.now,
    every_ms = 60_000,
    firstWait_ms = 1_000,
  } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const book = createEventBook(createEventStore(query, appender))
  const delivery = tell && startDelivery({ book, tell, log, now, signal, firstWait_ms })
  const service = createHistory(query, null, requestsHistorySql)
  const histories = new Map<string, { history: History; seen_ms: number }>()
  let loaded = false

  async function judgeAll(history: History): Promise<void> {
    for (const series of history.series()) {
      const found = judge(series)
      const known = book.known(series.subject)
      const changed = reconcile(known, series, found, { now_ms: now(), deliver: tell !== null })
      await untilAvailable(() => book.put(changed), { signal })
      for (const { id, rule, severity, state, source, bucket, detected_ms, updated_ms } of changed) {
        const level = detected_ms === updated_ms ? 'warn' : 'debug'
        log[level]({ event: id, rule, severity, state, source, bucket }, 'health event')
      }
      delivery?.nudge()
      // The HTTP server lives on the same thread.
      await setImmediate()
      if (signal.aborted) return
    }
  }

  async function lookAtSource(source: string): Promise<void> {
    const closed_ms = await readClosedUntil(query, source, now())
    if (closed_ms === null) return
    const entry = histories.get(source) ?? {
      history: createHistory(query, source, operationsHistorySql(source)),
      seen_ms: 0,
    }
    histories.set(source, entry)
    const { rows } = await query(`SELECT min(oldest_event), max(ingested_at) FROM log_objects
WHERE source = ${text(source)} AND ingested_at > ${timestamp(Math.max(0, entry.seen_ms - visibleAfter_ms))}`)
    const [oldest, newest] = (rows[0] ?? []).map((value) => Date.parse(String(value)))
    const dirty_ms = oldest || Number.POSITIVE_INFINITY
    const judged_ms = entry.history.closed_ms()
    // Its clock may go back when a later delivery was later than usual: what is judged stays judged.
    const until_ms = Math.max(closed_ms, judged_ms ?? 0)
    if (until_ms === judged_ms && dirty_ms >= judged_ms) return
    await entry.history.read(dirty_ms, until_ms)
    entry.seen_ms = newest || entry.seen_ms
    await judgeAll(entry.history)
  }

  async function lookAtService(): Promise<void> {
    // Requests are stored within seconds.
    const until_ms = Math.floor((now() - visibleAfter_ms) / closedStep_ms) * closedStep_ms
    const judged_ms = service.closed_ms()
    if (until_ms === judged_ms) return
    await service.read(judged_ms ?? 0, until_ms)
    await judgeAll(service)
  }

  async function look(): Promise<void> {
    if (!loaded) await book.load(now() - remembered_ms)
    loaded = true
    delivery?.nudge()
    await lookAtService()
    const running = sources()
    for (const source of histories.keys()) {
      if (!running.some((status) => status.source === source)) histories.delete(source)
    }
    for (const { source } of running.filter(isReadUp)) {
      if (signal.aborted) return
      await lookAtSource(source)
    }
  }

  const looks = startLooks(look, {
    every_ms,
    signal,
    now,
    onUnexpected: (err) => log.error({ err }, 'watcher'),
  })
  return {
    status() {
      const { open, pending } = book.counts()
      const closed = [...histories].flatMap(([source, { history }]): [string, number][] => {
        const closed_ms = history.closed_ms()
        return closed_ms === null ? [] : [[source, closed_ms]]
      })
      return { events_open: open, events_pending: pending, ...looks.status(), closed_ms: new Map(closed) }
    },
    async stop() {
      stopping.abort()
      await Promise.all([looks.finished, delivery?.finished])
    },
  }
}
