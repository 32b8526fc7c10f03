import type { HotCold, HotColdSums } from './answers.ts'
import { keepTop } from './keep-top.ts'
import type { ListedObject } from './list.ts'
import { segmentAfter } from './storage-summary.ts'

/** What the logs know of one object. */
interface Reads {
  reads: number
  cdn_reads: number
  bytes_read: number
  cdn_bytes_read: number
  last_read_ms: number
}

/** `hot`: read lately; `cold`: read, but not lately; `never_read`: no read is in the logs. */
type Warmth = 'hot' | 'cold' | 'never_read'

export interface HotColdOptions {
  prefix: string
  reads: ReadonlyMap<string, Reads>
  now_ms: number
  cold_after_days: number
  expire_after_days: number
  /** `cold`: the largest that are not hot; `hot`: those read most. */
  order: 'cold' | 'hot'
  limit: number
}

const day_ms = 86_400_000
const prefixesAtMost = 10_000
const prefixesShown = 100
const ruleDays = [30, 90, 180, 365]
const unread: Reads = { reads: 0, cdn_reads: 0, bytes_read: 0, cdn_bytes_read: 0, last_read_ms: 0 }

/** Joins a listing, page by page, with what the logs know of each object. */
export function createHotCold({ prefix, reads, now_ms, ...options }: HotColdOptions): {
  visit(page: readonly ListedObject[]): void
  result(): HotCold
} {
  const totals = createSums()
  const byPrefix = new Map<string, Sums>()
  const rules = [...new Set([...ruleDays, options.expire_after_days])].toSorted((a, b) => a - b)
  const lifecycle = rules.map((days) => ({ days, objects: 0, bytes: 0, hot_objects: 0, hot_bytes: 0 }))
  const kept = keepTop<Joined>(options.limit, orders[options.order])

  function visitOne(object: ListedObject): void {
    const of = reads.get(object.key) ?? unread
    const lately = of.last_read_ms >= now_ms - options.cold_after_days * day_ms
    const warmth: Warmth = of.last_read_ms === 0 ? 'never_read' : lately ? 'hot' : 'cold'
    const age_ms = now_ms - object.modified_ms
    const joined = { object, of, warmth, expires: age_ms >= options.expire_after_days * day_ms }
    const segment = segmentAfter(prefix, object.key)
    const name = byPrefix.has(segment) || byPrefix.size < prefixesAtMost ? segment : '(others)'
    const sums = byPrefix.get(name) ?? createSums()
    byPrefix.set(name, sums)
    addTo(sums, joined)
    addTo(totals, joined)
    for (const rule of lifecycle) {
      if (age_ms < rule.days * day_ms) continue
      rule.objects++
      rule.bytes += object.bytes
      if (warmth !== 'hot') continue
      rule.hot_objects++
      rule.hot_bytes += object.bytes
    }
    if (options.order === 'hot' || warmth !== 'hot') kept.add([joined])
  }

  return {
    visit: (page) => page.forEach(visitOne),
    result: () => ({
      totals: shown(totals),
      by_prefix: [...byPrefix]
        .toSorted(([, a], [, b]) => b.bytes - a.bytes)
        .slice(0, prefixesShown)
        .map(([name, sums]) => ({ prefix: name, ...shown(sums) })),
      lifecycle,
      objects: kept.result().map(({ object, of: { last_read_ms, ...of }, warmth }) => ({
        key: object.key,
        bytes: object.bytes,
        modified: new Date(object.modified_ms).toISOString(),
        age_days: Math.floor((now_ms - object.modified_ms) / day_ms),
        warmth,
        last_read: iso(last_read_ms),
        ...of,
      })),
    }),
  }
}

interface Joined {
  object: ListedObject
  of: Reads
  warmth: Warmth
  expires: boolean
}

const orders: Record<HotColdOptions['order'], (a: Joined, b: Joined) => number> = {
  cold: (a, b) => b.object.bytes - a.object.bytes,
  hot: (a, b) => b.of.reads + b.of.cdn_reads - a.of.reads - a.of.cdn_reads,
}

type Sums = Omit<HotColdSums, 'last_read'> & { last_read_ms: number }

function createSums(): Sums {
  return {
    objects: 0,
    bytes: 0,
    hot_objects: 0,
    hot_bytes: 0,
    cold_objects: 0,
    cold_bytes: 0,
    never_read_objects: 0,
    never_read_bytes: 0,
    ...unread,
    expiring_objects: 0,
    expiring_bytes: 0,
    expiring_hot_objects: 0,
    expiring_hot_bytes: 0,
  }
}

function addTo(sums: Sums, { object: { bytes }, of, warmth, expires }: Joined): void {
  sums.objects++
  sums.bytes += bytes
  sums[`${warmth}_objects`]++
  sums[`${warmth}_bytes`] += bytes
  sums.reads += of.reads
  sums.cdn_reads += of.cdn_reads
  sums.bytes_read += of.bytes_read
  sums.cdn_bytes_read += of.cdn_bytes_read
  sums.last_read_ms = Math.max(sums.last_read_ms, of.last_read_ms)
  if (!expires) return
  sums.expiring_objects++
  sums.expiring_bytes += bytes
  if (warmth !== 'hot') return
  sums.expiring_hot_objects++
  sums.expiring_hot_bytes += bytes
}

function shown({ last_read_ms, ...sums }: Sums): HotColdSums {
  return { ...sums, last_read: iso(last_read_ms) }
}

function iso(ms: number): string | null {
  return ms === 0 ? null : new Date(ms).toISOString()
}
