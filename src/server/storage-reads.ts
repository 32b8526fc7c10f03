import type { ObjectPlace, StorageReads } from '../agent/storage-reads.ts'
import { InvalidError } from '../errors.ts'
import { readLogTail } from '../log-objects/tail.ts'
import type { LedgerEntry } from '../metrics/answers.ts'
import { logObjectsAbout, readLedgerEntries } from '../records/log-objects.ts'
import { readBucketReads } from '../records/object-reads.ts'
import { readSeenBuckets } from '../records/seen-buckets.ts'
import type { ShownObject } from '../spaces/answers.ts'
import { checkBucketName } from '../spaces/bucket-name.ts'
import { findBuckets } from '../spaces/buckets.ts'
import { createHotCold } from '../spaces/hot-cold.ts'
import { keepTop } from '../spaces/keep-top.ts'
import { listPage } from '../spaces/list-page.ts'
import type { ListedObject } from '../spaces/list.ts'
import { scanObjects } from '../spaces/scan.ts'
import { createStorageSummarizer } from '../spaces/storage-summary.ts'
import { readIncompleteUploads } from '../spaces/uploads.ts'
import type { Query } from '../store/query.ts'
import { needLogs } from './caller.ts'
import type { Caller } from './caller.ts'

const pending: LedgerEntry = {
  state: 'pending',
  reason: null,
  lines: null,
  rows: null,
  refused: null,
  expired: null,
  oldest_event: null,
  newest_event: null,
  ingested_at: null,
}

/** Of a log object without a byte, which is never read. */
const nothing: LedgerEntry = { ...pending, state: 'done', lines: 0, rows: 0, refused: 0, expired: 0 }

/** What a caller's own key reads in the object store, one turn each, for the routes and for the agent. */
export function createStorageReads({ query, now }: { query: Query; now: () => number }) {
  return (caller: Caller): StorageReads => ({
    buckets: () =>
      caller.turn(async (client, signal) => findBuckets(client, await knownBuckets(caller, query), signal)),

    listObjects: ({ limit, cursor, ...place }) =>
      caller.turn(async (client, signal) => {
        const about = placeOf(place)
        const page = await listPage(client, { ...about, limit, cursor, signal })
        return { ...about, ...page, objects: page.objects.map(shown) }
      }),

    topObjects: ({ limit, by, ...place }) =>
      caller.turn(async (client, signal) => {
        const about = placeOf(place)
        const kept = keepTop<ListedObject>(limit, by === 'bytes' ? largestFirst : newestFirst)
        const { truncated, ...scanned } = await scanObjects(client, { ...about, signal }, kept.add)
        return { ...about, objects: kept.result().map(shown), scanned, truncated }
      }),

    summary: (place) =>
      caller.turn(async (client, signal) => {
        const { bucket, prefix } = placeOf(place)
        const summarizer = createStorageSummarizer(prefix, now())
        const [scan, incomplete_uploads] = await Promise.all([
          scanObjects(client, { bucket, prefix, signal }, summarizer.visit),
          readIncompleteUploads(client, { bucket, prefix, signal }),
        ])
        return { bucket, prefix, ...scan, ...summarizer.result(), incomplete_uploads }
      }),

    hotCold: ({ cold_after_days = 30, expire_after_days = 90, order = 'cold', limit = 100, ...place }) =>
      caller.turn(async (client, signal) => {
        const { bucket, prefix } = placeOf(place)
        needLogs(caller)
        const now_ms = now()
        const about = { bucket, prefix, now_ms }
        const { by_key: reads, ...read } = await readBucketReads(query, about, caller.scope)
        const rules = { cold_after_days, expire_after_days }
        const hotCold = createHotCold({ prefix, reads, now_ms, ...rules, order, limit })
        const scan = await scanObjects(client, { bucket, prefix, signal }, hotCold.visit)
        return {
          bucket,
          prefix,
          ...rules,
          reads_known_since: read.since_ms === null ? null : new Date(read.since_ms).toISOString(),
          objects_pending: caller.lease?.backlog ?? 0,
          truncated: scan.truncated || read.truncated,
          ...hotCold.result(),
        }
      }),

    logObjects: (about) =>
      caller.turn(async (client, signal) => {
        const { bucket, prefix, source } = needLogs(caller)
        const keys = about.bucket === undefined ? null : await logObjectsAbout(query, source, about.bucket)
        const newest = keepTop<ListedObject>(about.limit, newestLogFirst)
        const { truncated, ...scanned } = await scanObjects(client, { bucket, prefix, signal }, (page) =>
          newest.add(keys ? page.filter(({ key }) => keys.has(key)) : page),
        )
        const kept = newest.result()
        const ledger = await readLedgerEntries(query, source, kept)
        const log_objects = kept.map(({ key, etag, bytes, modified_ms }) => ({
          key,
          bytes,
          modified: new Date(modified_ms).toISOString(),
          ...(ledger.get(`${etag} ${key}`) ?? (bytes === 0 ? nothing : pending)),
        }))
        return { log_bucket: bucket, log_prefix: prefix, log_objects, scanned, truncated }
      }),

    readLog: ({ key, limit: lines }) =>
      caller.turn(async (client, signal) => {
        const { bucket, prefix } = needLogs(caller)
        if (!key.startsWith(prefix) || climbs(key)) {
          throw new InvalidError(
            'Cannot read this log object: its key does not begin with the log prefix',
            'take a key of /tools/list-access-logs',
            'not_found',
          )
        }
        return readLogTail(client, { bucket, key, lines, signal })
      }),
  })
}

/** The checked name of a bucket, and a prefix in it. */
function placeOf({ bucket, prefix = '' }: ObjectPlace): { bucket: string; prefix: string } {
  return { bucket: checkBucketName(bucket, `the bucket '${bucket.slice(0, 63)}'`), prefix }
}

/** The buckets that a caller may be told of where its key may not list them. */
async function knownBuckets(
  { logs, metrics, scope }: Caller,
  query: Query,
): Promise<{ named: string[]; seen: string[] }> {
  const seen = scope.length === 0 ? [] : await readSeenBuckets(query, scope)
  return {
    named: [logs, metrics].flatMap((place) => place?.bucket ?? []),
    seen: seen.map(({ bucket }) => bucket),
  }
}

/** Servers that keep objects as files take `..` for the folder above. */
export function climbs(key: string): boolean {
  return key.split('/').some((part) => part === '..' || part === '.')
}

function shown({ key, bytes, modified_ms, etag }: ListedObject): ShownObject {
  return { key, bytes, modified: new Date(modified_ms).toISOString(), etag }
}

function largestFirst(a: ListedObject, b: ListedObject): number {
  return b.bytes - a.bytes || (a.key < b.key ? -1 : 1)
}

function newestFirst(a: ListedObject, b: ListedObject): number {
  return b.modified_ms - a.modified_ms || (a.key < b.key ? -1 : 1)
}

// Their names hold the time.
function newestLogFirst(a: ListedObject, b: ListedObject): number {
  return b.modified_ms - a.modified_ms || (a.key < b.key ? 1 : -1)
}
