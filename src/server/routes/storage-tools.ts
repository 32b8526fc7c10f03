import { Elysia } from 'elysia'
import { readBucketReads } from '../../metrics/object-reads.ts'
import { readSeenBuckets } from '../../metrics/seen-buckets.ts'
import { findBuckets } from '../../spaces/buckets.ts'
import { checkBucketName } from '../../spaces/bucket-name.ts'
import { createHotCold } from '../../spaces/hot-cold.ts'
import { keepTop } from '../../spaces/keep-top.ts'
import { listPage } from '../../spaces/list-page.ts'
import type { ListedObject } from '../../spaces/list.ts'
import { scanObjects } from '../../spaces/scan.ts'
import { createStorageSummarizer } from '../../spaces/storage-summary.ts'
import { readIncompleteUploads } from '../../spaces/uploads.ts'
import type { Query } from '../../store/query.ts'
import { needLogs, requireCaller } from '../caller.ts'
import type { Caller, Callers } from '../caller.ts'
import { listAnswer } from '../list-answer.ts'
import {
  answerFormat,
  bucketParam,
  cursorParam,
  hotColdParams,
  limitParam,
  numeric,
  only,
  prefixParam,
  readFormat,
} from '../query-schema.ts'

export interface StorageToolRoutesOptions {
  callers: Callers
  query: Query
  now: () => number
}

const objectColumns = ['key', 'bytes', 'modified', 'etag'] as const
const bucketColumns = ['name', 'created', 'found_by'] as const
const hotColdColumns = [
  'key',
  'bytes',
  'modified',
  'age_days',
  'warmth',
  'last_read',
  'reads',
  'cdn_reads',
  'bytes_read',
  'cdn_bytes_read',
] as const

/** `/tools/...` about what is stored: all are said to the object store with the caller's own credentials. */
export function storageToolRoutes({ callers, query: sql, now }: StorageToolRoutesOptions) {
  const place = { ...bucketParam, ...prefixParam, ...answerFormat }

  async function top(
    caller: Caller,
    query: { bucket: string; prefix?: string; limit?: string; format?: string },
    compare: (a: ListedObject, b: ListedObject) => number,
  ) {
    const { bucket, prefix } = placeOf(query)
    return caller.turn(async (client, signal) => {
      const kept = keepTop(numeric(query.limit) ?? 100, compare)
      const scan = await scanObjects(client, { bucket, prefix, signal }, kept.add)
      const objects = kept.result().map(shown)
      const scanned = { objects: scan.objects, bytes: scan.bytes }
      const rest = { bucket, prefix, scanned, truncated: scan.truncated }
      return listAnswer('objects', objectColumns, objects, rest, readFormat(query).csv)
    })
  }

  return new Elysia({ prefix: '/tools' })
    .use(requireCaller(callers))
    .get(
      '/buckets',
      ({ caller, query }) =>
        caller.turn(async (client, signal) => {
          const found = await findBuckets(client, await knownBuckets(caller, sql), signal)
          const rest = { can_list: found.can_list }
          return listAnswer('buckets', bucketColumns, found.buckets, rest, readFormat(query).csv)
        }),
      { query: only(answerFormat) },
    )
    .get(
      '/list-all',
      ({ caller, query }) =>
        caller.turn(async (client, signal) => {
          const { bucket, prefix } = placeOf(query)
          const limit = numeric(query.limit) ?? 1000
          const page = await listPage(client, { bucket, prefix, limit, cursor: query.cursor, signal })
          const rest = { bucket, prefix, next_cursor: page.next_cursor }
          return listAnswer('objects', objectColumns, page.objects.map(shown), rest, readFormat(query).csv)
        }),
      { query: only({ ...place, ...limitParam, ...cursorParam }) },
    )
    .get(
      '/recent-objects',
      ({ caller, query }) => top(caller, query, (a, b) => b.modified_ms - a.modified_ms || byKey(a, b)),
      { query: only({ ...place, ...limitParam }) },
    )
    .get(
      '/top-largest',
      ({ caller, query }) => top(caller, query, (a, b) => b.bytes - a.bytes || byKey(a, b)),
      { query: only({ ...place, ...limitParam }) },
    )
    .get(
      '/storage-summary',
      ({ caller, query }) =>
        caller.turn(async (client, signal) => {
          const { bucket, prefix } = placeOf(query)
          const summarizer = createStorageSummarizer(prefix, now())
          const [scan, incomplete_uploads] = await Promise.all([
            scanObjects(client, { bucket, prefix, signal }, summarizer.visit),
            readIncompleteUploads(client, { bucket, prefix, signal }),
          ])
          return { bucket, prefix, ...scan, ...summarizer.result(), incomplete_uploads }
        }),
      { query: only({ ...bucketParam, ...prefixParam }) },
    )
    .get(
      '/hot-cold',
      ({ caller, query }) =>
        caller.turn(async (client, signal) => {
          const { bucket, prefix } = placeOf(query)
          needLogs(caller)
          const cold_after_days = numeric(query.cold_after_days) ?? 30
          const expire_after_days = numeric(query.expire_after_days) ?? 90
          const { by_key: reads, ...read } = await readBucketReads(
            sql,
            { bucket, prefix, now_ms: now() },
            caller.scope,
          )
          const hotCold = createHotCold({
            prefix,
            reads,
            now_ms: now(),
            cold_after_days,
            expire_after_days,
            order: query.order === 'hot' ? 'hot' : 'cold',
            limit: numeric(query.limit) ?? 100,
          })
          const scan = await scanObjects(client, { bucket, prefix, signal }, hotCold.visit)
          const { objects, ...result } = hotCold.result()
          const rest = {
            bucket,
            prefix,
            cold_after_days,
            expire_after_days,
            /** Never read means never since then. */
            reads_known_since: read.since_ms === null ? null : new Date(read.since_ms).toISOString(),
            objects_pending: caller.lease?.backlog ?? 0,
            truncated: scan.truncated || read.truncated,
            ...result,
          }
          return listAnswer('objects', hotColdColumns, objects, rest, readFormat(query).csv)
        }),
      { query: only({ ...place, ...limitParam, ...hotColdParams }) },
    )
}

/** The buckets that a caller may be told of where its key may not list them. */
async function knownBuckets(
  { logs, metrics, scope }: Caller,
  sql: Query,
): Promise<{ named: string[]; seen: string[] }> {
  const seen = scope.length === 0 ? [] : await readSeenBuckets(sql, scope)
  return {
    named: [logs, metrics].flatMap((place) => place?.bucket ?? []),
    seen: seen.map(({ bucket }) => bucket),
  }
}

function placeOf({ bucket, prefix = '' }: { bucket: string; prefix?: string }) {
  return { bucket: checkBucketName(bucket, `the bucket '${bucket.slice(0, 63)}'`), prefix }
}

function shown({ key, bytes, modified_ms, etag }: ListedObject) {
  return { key, bytes, modified: new Date(modified_ms).toISOString(), etag }
}

function byKey(a: ListedObject, b: ListedObject): number {
  return a.key < b.key ? -1 : 1
}
