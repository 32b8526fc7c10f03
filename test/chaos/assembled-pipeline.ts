import { startActor } from '../../src/pipeline/actor.ts'
import { createHashSet } from '../../src/pipeline/hash-set.ts'
import { hashOf, openLedger } from '../../src/pipeline/ledger.ts'
import { startLister } from '../../src/pipeline/lister.ts'
import type { Fetched, Found, Parsed } from '../../src/pipeline/messages.ts'
import { createParser } from '../../src/pipeline/parser.ts'
import { createReader } from '../../src/pipeline/reader.ts'
import { createRowMaker } from '../../src/pipeline/rows.ts'
import { sourceId } from '../../src/pipeline/sources.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import type { SourceConfig } from '../../src/source-config.ts'
import type { SpacesClient } from '../../src/spaces/client.ts'
import type { Appender } from '../../src/store/append.ts'
import { createRowBuffer } from '../../src/store/ilp.ts'
import type { Query } from '../../src/store/query.ts'
import type { WriteRows } from '../../src/store/write.ts'

/** The stages of a pipeline, one of which a control replaces by a wrong one. */
export interface Parts {
  startLister: typeof startLister
  createReader: typeof createReader
  createParser: typeof createParser
  createWriter: typeof createWriter
}

export interface AssembledPipeline {
  /** True once the bucket is listed and all that was found is finished. */
  idle(): boolean
  /** Keys of the log objects that are finished. */
  finished: Set<string>
  /** True when the writer's mailbox is full. */
  full(): boolean
  /** As a kill: nothing is worked off. */
  abandon(): void
}

const capacity = 4

/** A pipeline of the app's own stages, in small batches, with the given ones in their places. */
export async function assemblePipeline({
  client,
  config,
  query,
  appender,
  write,
  posts = 1,
  parts = {},
}: {
  client: SpacesClient
  config: SourceConfig
  query: Query
  appender: Appender
  write: WriteRows
  /** Under way at once. */
  posts?: number
  parts?: Partial<Parts>
}): Promise<AssembledPipeline> {
  const stages = { startLister, createReader, createParser, createWriter, ...parts }
  const { signal, abort } = controller()
  const source = sourceId(config)
  const ledger = openLedger(source, query, appender)
  const known = createHashSet()
  const rowBuffer = createRowBuffer()
  await ledger.load(known)
  const finished = new Set<string>()
  const onFailed = async (_message: unknown, error: unknown): Promise<void> => {
    throw error
  }
  const common = { onFailed, capacity, batchLimit: capacity, signal }
  const writer = startActor<Parsed>({
    ...common,
    name: 'writer',
    concurrency: posts,
    receive: stages.createWriter({
      write,
      rows: rowBuffer,
      ledger,
      onFinished({ object }) {
        known.add(hashOf(object))
        lister.release(object)
        finished.add(object.key)
      },
    }),
  })
  const parser = startActor<Fetched>({
    ...common,
    name: 'parser',
    receive: stages.createParser(createRowMaker(source, rowBuffer), writer),
  })
  const { bucket, prefix } = config
  const reader = startActor<Found>({
    ...common,
    name: 'reader',
    receive: stages.createReader({ client, bucket, send: parser.send, signal }),
  })
  const pace = { poll_ms: 20, reconcile_ms: 3_600_000, lookback_ms: 3_600_000 }
  const lister = stages.startLister({ client, bucket, prefix, known, send: reader.send, ...pace, signal })
  return {
    idle() {
      const { listed, backlog } = lister.status()
      return listed && backlog === 0
    },
    finished,
    full: () => writer.status().queued >= capacity,
    abandon: abort,
  }
}

function controller() {
  const made = new AbortController()
  return { signal: made.signal, abort: () => made.abort() }
}
