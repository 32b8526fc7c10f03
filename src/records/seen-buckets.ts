import type { SeenBucket } from '../metrics/answers.ts'
import { inScope } from '../metrics/filter.ts'
import type { Scope } from '../metrics/filter.ts'
import type { Query } from '../store/query.ts'

/** Every bucket that has operations or snapshots, by name. */
export async function readSeenBuckets(query: Query, scope: Scope): Promise<SeenBucket[]> {
  const where = inScope(scope)
  const [operations, snapshots] = await Promise.all([
    query(`SELECT source, bucket, count() operations, min(ts) oldest, max(ts) newest FROM operations
WHERE bucket IS NOT NULL AND ${where}`),
    query(`SELECT source, bucket, count() snapshots, max(ts) newest FROM snapshots WHERE ${where}`),
  ])
  const found = new Map<string, SeenBucket>()
  const entry = (source: unknown, bucket: unknown): SeenBucket => {
    const name = `${source} ${bucket}`
    const known = found.get(name) ?? {
      source: String(source),
      bucket: String(bucket),
      operations: 0,
      oldest_event: null,
      newest_event: null,
      snapshots: 0,
      newest_snapshot: null,
    }
    found.set(name, known)
    return known
  }
  for (const [source, bucket, count, oldest, newest] of operations.rows)
    Object.assign(entry(source, bucket), { operations: count, oldest_event: oldest, newest_event: newest })
  for (const [source, bucket, count, newest] of snapshots.rows)
    Object.assign(entry(source, bucket), { snapshots: count, newest_snapshot: newest })
  return [...found.values()].toSorted((a, b) => compare(a.bucket, b.bucket) || compare(a.source, b.source))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
