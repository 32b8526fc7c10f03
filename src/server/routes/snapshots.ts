import { checkBucketName } from '../../spaces/bucket-name.ts'
import type { Appender } from '../../store/append.ts'
import type { Query } from '../../store/query.ts'
import { needLogs, needWrite } from '../caller.ts'
import type { Route } from '../router.ts'
import { takeAllSnapshots, takeSnapshot } from '../take-snapshot.ts'

export interface SnapshotRoutesOptions {
  query: Query
  append: Appender['append']
  now: () => number
}

/** `/metrics/snapshot` of one bucket, `/trigger-snapshot-all` of all that the caller has. Rows belong to its log source. */
export function snapshotRoutes(route: Route, { query: sql, append, now }: SnapshotRoutesOptions): void {
  route('POST /metrics/snapshot', ({ caller, query }) =>
    caller.turn((client, signal) => {
      needWrite(caller)
      const { source } = needLogs(caller)
      const bucket = checkBucketName(query.bucket, 'the bucket')
      const { metrics } = caller
      return takeSnapshot(bucket, { client, source, metrics, query: sql, append, now, signal })
    }),
  )
  route('POST /trigger-snapshot-all', ({ caller }) =>
    caller.turn((client, signal) => {
      needWrite(caller)
      const { source, bucket: logBucket } = needLogs(caller)
      const { metrics } = caller
      const named = [logBucket, ...(metrics ? [metrics.bucket] : [])]
      return takeAllSnapshots(named, { client, source, metrics, query: sql, append, now, signal })
    }),
  )
}
