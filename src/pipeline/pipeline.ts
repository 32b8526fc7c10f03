import { InvalidError } from '../errors.ts'
import type { Log } from '../log.ts'
import { untilAvailable } from '../retry.ts'
import type { SourceConfig } from '../source-config.ts'
import { createSpacesClient } from '../spaces/client.ts'
import type { ListedObject } from '../spaces/list.ts'
import type { Appender } from '../store/append.ts'
import { createRowBuffer } from '../store/ilp.ts'
import type { Query } from '../store/query.ts'
import type { WriteRows } from '../store/write.ts'
import { startActor } from './actor.ts'
import type { SourceStatus } from './answers.ts'
import { createHashSet } from './hash-set.ts'
import { hashOf, openLedger } from './ledger.ts'
import { startLister } from './lister.ts'
import type { Fetched, Found, Parsed, Reading } from './messages.ts'
import { createParser } from './parser.ts'
import { createReader } from './reader.ts'
import { createRowMaker } from './rows.ts'
import { nothingDone } from './status.ts'
import { createWriter } from './writer.ts'

export interface PipelineOptions {
  /** The short name of the source; see sourceId. */
  source: string
  config: SourceConfig
  query: Query
  appender: Appender
  write: WriteRows
  poll_ms: number
  reconcile_ms: number
  lookback_ms: number
  /** Records that are older when they are read are counted and not stored; 0: everything is kept. */
  retention_ms: number
  /** What is older than the retention, or of the future, is so by this clock; default: the machine's. */
  now?: () => number
  log: Log
}

/** What a pipeline costs and meets; limits are set on it. */
export interface SourceUsage {
  /** Bytes of log lines, expanded, since it was started. */
  bytes_read: number
  /** Versions of log objects that are held in memory. */
  tracked_objects: number
  /** In a row, without one that worked between them. */
  listings_refused: number
  reads_refused: number
}

export interface Pipeline {
  status(): SourceStatus
  usage(): SourceUsage
  /** Stops listing, gives up what is being read, works off what was read, within `deadline_ms`. */
  stop(deadline_ms: number): Promise<void>
  /** Never resolves before `stop`; rejects when the pipeline has broken. */
  finished: Promise<void>
}

const readers = 4
// One connection keeps one of QuestDB's two workers waiting.
const posts = 2
// Some 15 MB in line protocol. The larger a commit, the less often QuestDB merges late rows into older days.
const writerRows = 20_000
// Logs come an hour late: half a second more, and a commit is worth it.
const writerPace_ms = 500
const readerTries = 8
// Clocks may be wrong, but not by more.
const aheadAtMost_ms = 86_400_000

/** Starts bucket -> store for one log source: lister -> reader -> parser -> writer, the sink first. */
export async function startPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { source, config, query, appender, write, now = Date.now, log } = options
  const { bucket, prefix, endpoint } = config
  const client = createSpacesClient(config)
  const ledger = openLedger(source, query, appender)
  const known = createHashSet()
  const rows = createRowBuffer()
  const reading = new AbortController()
  const writing = new AbortController()
  const totals = { ...nothingDone }
  const started_ms = now()

  let bytes_read = 0
  let reads_refused = 0
  let listings_refused = 0

  await untilAvailable(() => ledger.load(known), { signal: reading.signal })
  // A restart is no silence.
  const before = await untilAvailable(ledger.newest, { signal: reading.signal })
  totals.newest_delivery_ms = before.delivery_ms
  totals.newest_event_ms = before.event_ms

  const writer = startActor<Parsed>({
    name: 'writer',
    receive: createWriter({ write, rows, ledger, onFinished }),
    onFailed: fail,
    // A message without rows still takes room.
    weigh: ({ rows }) => rows + 10,
    capacity: writerRows,
    batchLimit: writerRows,
    pace_ms: writerPace_ms,
    concurrency: posts,
    signal: writing.signal,
  })
  const parser = startActor<Fetched>({
    name: 'parser',
    receive: createParser(createRowMaker(source, rows), writer, () => ({
      from_us: options.retention_ms === 0 ? 0 : (now() - options.retention_ms) * 1000,
      to_us: (now() + aheadAtMost_ms) * 1000,
    })),
    onFailed: fail,
    capacity: 8,
    batchLimit: 1,
    signal: writing.signal,
  })
  const reader = startActor<Found>({
    name: 'reader',
    receive: createReader({ client, bucket, send: parse, signal: reading.signal }),
    onFailed: giveUp,
    capacity: readers,
    batchLimit: 1,
    concurrency: readers,
    tries: readerTries,
    signal: reading.signal,
  })
  const lister = startLister({
    ...options,
    client,
    bucket,
    prefix,
    known,
    send: reader.send,
    onLooked(error) {
      if (error === null) listings_refused = 0
      else if (error instanceof InvalidError) listings_refused++
    },
    signal: reading.signal,
  })

  function parse(fetched: Fetched): Promise<void> {
    bytes_read += fetched.bytes.length
    reads_refused = 0
    return parser.send(fetched)
  }

  function onFinished({ object, failure, lines, rows, refused, blank, expired, newest_us }: Reading): void {
    known.add(hashOf(object))
    lister.release(object)
    if (failure === null) totals.objects_done++
    else {
      // What is gone needs nobody: the next listing shows what is there now.
      if (failure.state === 'refused') totals.objects_refused++
      const level = failure.state === 'refused' ? 'warn' : 'info'
      log[level]({ source, key: object.key, lines, reason: failure.reason }, `log object ${failure.state}`)
    }
    totals.lines += lines
    totals.rows += rows
    totals.refused += refused
    totals.blank += blank
    totals.expired += expired
    totals.bytes += object.bytes
    totals.newest_event_ms = later(totals.newest_event_ms, newest_us === null ? null : newest_us / 1000)
    totals.newest_delivery_ms = later(totals.newest_delivery_ms, object.modified_ms)
  }

  // The next listing finds it again: a log object that cannot be had now must not stop the others.
  async function giveUp(object: ListedObject, error: unknown): Promise<void> {
    if (error instanceof InvalidError) reads_refused++
    log.warn({ source, key: object.key, err: error }, 'log object put off')
    lister.release(object)
  }

  async function fail(message: Fetched | Parsed, error: unknown): Promise<void> {
    message.reading.abandoned = true
    log.error({ source, key: message.reading.object.key, err: error }, 'log object not stored')
  }

  return {
    status() {
      const { backlog, listed, ...listerStatus } = lister.status()
      const actors = [listerStatus, reader.status(), parser.status(), writer.status()]
      return { source, endpoint, bucket, prefix, started_ms, actors, backlog, listed, ...totals }
    },
    usage: () => ({
      bytes_read,
      tracked_objects: known.size + lister.status().backlog,
      listings_refused,
      reads_refused,
    }),
    async stop(deadline_ms) {
      reading.abort()
      const workedOff = Promise.all([lister.finished, reader.finished]).then(parser.drain).then(writer.drain)
      // A post that is under way may hang for longer.
      const late = new Promise<void>((resolve) => writing.signal.addEventListener('abort', () => resolve()))
      const giveUpTimer = setTimeout(() => writing.abort(), deadline_ms)
      await Promise.race([workedOff, late])
      clearTimeout(giveUpTimer)
      client.destroy()
    },
    finished: Promise.all([lister.finished, reader.finished, parser.finished, writer.finished]).then(
      () => {},
    ),
  }
}

function later(a: number | null, b: number | null): number | null {
  return a === null || (b !== null && b > a) ? b : a
}
