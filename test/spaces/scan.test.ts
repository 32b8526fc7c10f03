import { afterAll, expect, test } from 'bun:test'
import { createHotCold } from '../../src/spaces/hot-cold.ts'
import { keepTop } from '../../src/spaces/keep-top.ts'
import { listPage } from '../../src/spaces/list-page.ts'
import type { ListedObject } from '../../src/spaces/list.ts'
import { scanObjects } from '../../src/spaces/scan.ts'
import { createStorageSummarizer } from '../../src/spaces/storage-summary.ts'
import { startListingServer } from '../support/listing-server.ts'

const server = startListingServer()
afterAll(server.stop)
for (let i = 0; i < 4500; i++)
  server.objects.set(`k${String(i).padStart(5, '0')}`, { etag: 'e', modified_ms: 0 })
const never = new AbortController().signal
const place = { bucket: 'b', prefix: '', signal: never }

test('a scan says when a limit ended it, and only then', async () => {
  let seen = 0
  const scan = (limits = {}) =>
    scanObjects(server.client, { ...place, limits }, (page) => (seen += page.length))
  expect(await scan()).toMatchObject({ objects: 4500, truncated: false })
  expect(seen).toBe(4500)
  expect(await scan({ objects: 4500 })).toMatchObject({ objects: 4500, truncated: false })
  expect(await scan({ objects: 3000 })).toMatchObject({ objects: 3000, truncated: true })
  expect(await scan({ time_ms: -1 })).toMatchObject({ objects: 0, truncated: true })
})

test('pages of any size give each object once', async () => {
  const all: string[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await listPage(server.client, { ...place, limit: 1000, cursor: cursor ?? undefined })
    all.push(...page.objects.map(({ key }) => key))
    cursor = page.next_cursor
  }
  expect(all).toEqual([...server.objects.keys()])
})

test('keepTop gives what sorting all would, in the memory of twice the limit', () => {
  const numbers = Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 10_007)
  for (const limit of [1, 3, 1000, 20_000]) {
    const top = keepTop<number>(limit, (a, b) => b - a)
    for (let from = 0; from < numbers.length; from += 1000) top.add(numbers.slice(from, from + 1000))
    expect(top.result()).toEqual(numbers.toSorted((a, b) => b - a).slice(0, limit))
  }
})

const day_ms = 86_400_000
const now_ms = Date.UTC(2026, 10, 24)
const object = (key: string, bytes: number, age_days: number): ListedObject => ({
  key,
  bytes,
  etag: 'e',
  modified_ms: now_ms - age_days * day_ms,
})

test('a storage summary puts every object into one age, one prefix and one extension, however many there are', () => {
  const summarizer = createStorageSummarizer('p/', now_ms)
  const ages = [0, 0.99, 1, 6.9, 7, 29, 30, 89, 90, 364, 365, 5000]
  summarizer.visit(ages.map((age, i) => object(`p/${i}/x.tar.GZ`, 10, age)))
  summarizer.visit(Array.from({ length: 12_000 }, (_, i) => object(`p/many-${i}/.hidden`, 1, 0)))
  const { by_age, by_prefix, by_extension } = summarizer.result()
  expect(by_age.map(({ objects }) => objects)).toEqual([12_002, 2, 2, 2, 2, 2])
  expect(by_extension).toEqual([
    { name: '(none)', objects: 12_000, bytes: 12_000 },
    { name: 'gz', objects: 12, bytes: 120 },
  ])
  expect(by_prefix.length).toBe(101)
  expect(by_prefix.reduce((sum, { objects }) => sum + objects, 0)).toBe(12_012)
  expect(by_prefix.at(-1)?.name).toBe('(others)')
})

test('a lifecycle rule frees what is old enough, and what of it is hot is told', () => {
  const read = (days: number) => ({
    reads: 1,
    cdn_reads: 2,
    bytes_read: 10,
    cdn_bytes_read: 20,
    last_read_ms: now_ms - days * day_ms,
  })
  const reads = new Map([
    ['young-hot', read(1)],
    ['old-hot', read(30)],
    ['old-cold', read(31)],
  ])
  const options = { prefix: '', reads, now_ms, cold_after_days: 30, expire_after_days: 200, limit: 10 }
  const hotCold = createHotCold({ ...options, order: 'cold' })
  hotCold.visit([
    object('young-hot', 1, 29.9),
    object('old-hot', 20, 200),
    object('old-cold', 300, 90),
    object('old-unread', 4000, 400),
    object('young-unread', 50_000, 0),
  ])
  const { lifecycle, totals, objects } = hotCold.result()
  expect(lifecycle).toEqual([
    { days: 30, objects: 3, bytes: 4320, hot_objects: 1, hot_bytes: 20 },
    { days: 90, objects: 3, bytes: 4320, hot_objects: 1, hot_bytes: 20 },
    { days: 180, objects: 2, bytes: 4020, hot_objects: 1, hot_bytes: 20 },
    { days: 200, objects: 2, bytes: 4020, hot_objects: 1, hot_bytes: 20 },
    { days: 365, objects: 1, bytes: 4000, hot_objects: 0, hot_bytes: 0 },
  ])
  expect(totals).toMatchObject({
    hot_bytes: 21,
    cold_bytes: 300,
    never_read_bytes: 54_000,
    reads: 3,
    cdn_reads: 6,
  })
  expect(objects.map(({ key, warmth }) => [key, warmth])).toEqual([
    ['young-unread', 'never_read'],
    ['old-unread', 'never_read'],
    ['old-cold', 'cold'],
  ])
})
