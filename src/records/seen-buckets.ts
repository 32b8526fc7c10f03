import type { SeenBucket } from '../metrics/answers.ts'
import { inScope } from '../metrics/filter.ts'
import type { Scope } from '../metrics/filter.ts'
import { readRollupFacts } from '../metrics/rollups.ts'
import type { Query } from '../store/query.ts'
import { timestamp } from '../store/sql.ts'

/** Every bucket that has operations or snapshots, by name. */
export async function readSeenBuckets(query: Query, scope: Scope): Promise<SeenBucket[]> {
  const where = inScope(scope)
  const [operations, snapshots] = await Promise.all([
    readOperations(query, `bucket IS NOT NULL AND ${where}`),
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
  for (const { source, bucket, count, oldest, newest } of operations) {
    const bucketOf = entry(source, bucket)
    bucketOf.operations += count
    bucketOf.oldest_event = earliest(bucketOf.oldest_event, oldest)
    bucketOf.newest_event = latest(bucketOf.newest_event, newest)
  }
  for (const [source, bucket, count, newest] of snapshots.rows)
    Object.assign(entry(source, bucket), { snapshots: count, newest_snapshot: newest })
  return [...found.values()].toSorted((a, b) => compare(a.bucket, b.bucket) || compare(a.source, b.source))
}

interface Operations {
  source: string
  bucket: string
  count: number
  oldest: string | null
  newest: string | null
}

const hour_ms = 3_600_000
// Of buckets that begin and end at very many different hours the rows are read, as where there are no rollups.
const hoursAtMost = 48

/** Counts whole hours from the rollup and what it lacks from rows; of its first and last hours the rows know the moments. */
async function readOperations(query: Query, where: string): Promise<Operations[]> {
  const read = async (from: string, count: string, moments: string): Promise<Operations[]> => {
    const { rows } = await query(`SELECT source, bucket, ${count}, ${moments} FROM ${from}`)
    return rows.map(([source, bucket, count, oldest, newest]) => ({
      source: String(source),
      bucket: String(bucket),
      count: Number(count),
      oldest: oldest === null ? null : String(oldest),
      newest: newest === null ? null : String(newest),
    }))
  }
  const { complete_until_ms } = await readRollupFacts(query)
  const fromRows = (when: string): Promise<Operations[]> =>
    read(`operations WHERE ${where} AND ${when}`, 'count()', 'min(ts), max(ts)')
  if (complete_until_ms === Number.NEGATIVE_INFINITY) return fromRows('true')
  const until = Number.isFinite(complete_until_ms)
    ? timestamp(Math.floor(complete_until_ms / hour_ms) * hour_ms)
    : null
  const rolled = await read(
    `operations_1h WHERE ${where}${until === null ? '' : ` AND ts < ${until}`}`,
    'sum(operations)',
    'min(ts), max(ts)',
  )
  const hours = new Set(rolled.flatMap(({ oldest, newest }) => [oldest, newest]))
  if (hours.size > hoursAtMost) return fromRows('true')
  const ends = await Promise.all(
    [...hours].map((hour) => {
      const from_ms = Date.parse(String(hour))
      return fromRows(`ts >= ${timestamp(from_ms)} AND ts < ${timestamp(from_ms + hour_ms)}`)
    }),
  )
  const since = until === null ? [] : await fromRows(`ts >= ${until}`)
  return [
    ...rolled.map((each) => ({ ...each, oldest: null, newest: null })),
    ...ends.flat().map((each) => ({ ...each, count: 0 })),
    ...since,
  ]
}

function earliest(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b < a) ? b : a
}

function latest(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b > a) ? b : a
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
