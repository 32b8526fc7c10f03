import { Elysia } from 'elysia'
import { readBucketReads } from '../../metrics/object-reads.ts'
import { createHotCold } from '../../spaces/hot-cold.ts'
import { scanObjects } from '../../spaces/scan.ts'
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
import { createStorageReads, placeOf } from '../storage-reads.ts'
import { describe } from '../openapi/describe.ts'
import { foundBuckets, hotCold, objectPage, storageSummary, topObjects } from '../openapi/schemas.ts'

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
  const readsOf = createStorageReads({ query: sql, now })
  const place = { ...bucketParam, ...prefixParam, ...answerFormat }

  async function top(
    caller: Caller,
    query: { bucket: string; prefix?: string; limit?: string; format?: string },
    by: 'bytes' | 'modified',
  ) {
    const { bucket, prefix } = placeOf(query)
    const limit = numeric(query.limit) ?? 100
    const { objects, scanned: scan } = await readsOf(caller).topObjects({ bucket, prefix, limit, by })
    const scanned = { objects: scan.objects, bytes: scan.bytes }
    const rest = { bucket, prefix, scanned, truncated: scan.truncated }
    return listAnswer('objects', objectColumns, objects, rest, readFormat(query).csv)
  }

  return new Elysia({ prefix: '/tools' })
    .use(requireCaller(callers))
    .get(
      '/buckets',
      async ({ caller, query }) => {
        const { buckets, can_list } = await readsOf(caller).buckets()
        return listAnswer('buckets', bucketColumns, buckets, { can_list }, readFormat(query).csv)
      },
      {
        query: only(answerFormat),
        detail: describe('The buckets of the key', { json: foundBuckets, csv: true }),
      },
    )
    .get(
      '/list-all',
      async ({ caller, query }) => {
        const { bucket, prefix } = placeOf(query)
        const limit = numeric(query.limit) ?? 1000
        const { cursor } = query
        const { objects, next_cursor } = await readsOf(caller).listObjects({ bucket, prefix, limit, cursor })
        const rest = { bucket, prefix, next_cursor }
        return listAnswer('objects', objectColumns, objects, rest, readFormat(query).csv)
      },
      {
        query: only({ ...place, ...limitParam, ...cursorParam }),
        detail: describe('The objects of a bucket and prefix, page by page', { json: objectPage, csv: true }),
      },
    )
    .get('/recent-objects', ({ caller, query }) => top(caller, query, 'modified'), {
      query: only({ ...place, ...limitParam }),
      detail: describe('The newest objects of a whole prefix', { json: topObjects, csv: true }),
    })
    .get('/top-largest', ({ caller, query }) => top(caller, query, 'bytes'), {
      query: only({ ...place, ...limitParam }),
      detail: describe('The largest objects of a whole prefix', { json: topObjects, csv: true }),
    })
    .get(
      '/storage-summary',
      async ({ caller, query }) => {
        const { bucket, prefix } = placeOf(query)
        return { bucket, prefix, ...(await readsOf(caller).summary({ bucket, prefix })) }
      },
      {
        query: only({ ...bucketParam, ...prefixParam }),
        detail: describe('Bytes and objects by prefix, extension and age, and incomplete uploads', {
          json: storageSummary,
        }),
      },
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
      {
        query: only({ ...place, ...limitParam, ...hotColdParams }),
        detail: describe('Hot and cold objects: the listing joined with the reads in the logs', {
          json: hotCold,
          csv: true,
        }),
      },
    )
}
