import { Elysia } from 'elysia'
import { checkBucketName } from '../../spaces/bucket-name.ts'
import type { Appender } from '../../store/append.ts'
import type { Query } from '../../store/query.ts'
import { needLogs, needWrite, requireCaller } from '../caller.ts'
import type { Callers } from '../caller.ts'
import { bucketParam, only } from '../query-schema.ts'
import { takeAllSnapshots, takeSnapshot } from '../take-snapshot.ts'
import { describe } from '../openapi/describe.ts'
import { snapshotSchema, snapshotsSchema } from '../openapi/schemas.ts'

export interface SnapshotRoutesOptions {
  callers: Callers
  query: Query
  append: Appender['append']
  now: () => number
}

/** `/metrics/snapshot` of one bucket, `/trigger-snapshot-all` of all that the caller has. Rows belong to its log source. */
export function snapshotRoutes({ callers, query: sql, append, now }: SnapshotRoutesOptions) {
  return new Elysia()
    .use(requireCaller(callers))
    .post(
      '/metrics/snapshot',
      ({ caller, query }) =>
        caller.turn((client, signal) => {
          needWrite(caller)
          const { source } = needLogs(caller)
          const bucket = checkBucketName(query.bucket, 'the bucket')
          const { metrics } = caller
          return takeSnapshot(bucket, { client, source, metrics, query: sql, append, now, signal })
        }),
      {
        query: only(bucketParam),
        detail: describe('Measures what a bucket holds and was asked, and stores it', {
          json: snapshotSchema,
        }),
      },
    )
    .post(
      '/trigger-snapshot-all',
      ({ caller }) =>
        caller.turn(async (client, signal) => {
          needWrite(caller)
          const { source, bucket: logBucket } = needLogs(caller)
          const { metrics } = caller
          const named = [logBucket, ...(metrics ? [metrics.bucket] : [])]
          return takeAllSnapshots(named, { client, source, metrics, query: sql, append, now, signal })
        }),
      {
        query: only({}),
        detail: describe('Measures all buckets of the caller', { json: snapshotsSchema }),
      },
    )
}
