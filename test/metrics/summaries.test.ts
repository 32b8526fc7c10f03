import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { createRandom } from '../../src/demo/random.ts'
import { createLog } from '../../src/log.ts'
import { createCatalog } from '../../src/metrics/catalog.ts'
import type { Scope } from '../../src/metrics/filter.ts'
import { createRunMetrics } from '../../src/metrics/run-metrics.ts'
import type { MetricParams } from '../../src/metrics/run-metrics.ts'
import { topMetrics } from '../../src/metrics/top.ts'
import { startClosedDays } from '../../src/store/closed-days.ts'
import { startDaySummaries } from '../../src/store/day-summaries.ts'
import { readDays } from '../../src/store/days.ts'
import { execute } from '../../src/store/http.ts'
import { timestamp } from '../../src/store/sql.ts'
import { summarizeDay } from '../../src/store/summarize-day.ts'
import { until } from '../support/until.ts'
import { startOperationsStore } from './operations-store.ts'
import type { OperationsStore, StoredOperation } from './operations-store.ts'
import { traffic } from './traffic.ts'

setDefaultTimeout(120_000)

const day = 86_400_000
const now_ms = Math.floor(Date.now() / day) * day + day / 2
/** A few values come often, and very many once. */
function longTail(seed: number, count: number, from_ms: number, to_ms: number): StoredOperation[] {
  const random = createRandom(seed, 'tail')
  return traffic(seed, count, from_ms, to_ms).map((made) => {
    const n = Math.floor(1 / (random.below(9_999) / 10_000 + 0.0001))
    const key = made.key === null ? null : `${made.key_prefix ?? 'x'}/${n % 700}`
    return { ...made, key, remote_ip: random.chance(0.1) ? null : `203.0.113.${n % 200}` }
  })
}
const operations = longTail(4, 5_000, now_ms - 7 * day, now_ms)
// Cuts two days, and ends in an open one.
const odd = { from: String(now_ms - 6 * day + 1_234_567), to: String(now_ms - 3_456_789) }
let store: OperationsStore
const run = (above_rows: number, name: string, params: MetricParams, scope: Scope) =>
  createCatalog({
    runMetrics: createRunMetrics({
      query: store.query,
      progress: () => [],
      now: () => now_ms,
      rollupAbove_rows: above_rows,
    }),
    slowOperation_ms: 500,
  }).run(name, { limit: 1000, ...params }, scope)
const fromSummaries = (name: string, params: MetricParams, scope: Scope = ['source-a']) =>
  run(0, name, params, scope)
const fromRows = (name: string, params: MetricParams, scope: Scope = ['source-a']) =>
  run(1e9, name, params, scope)
const start = (largest?: number) =>
  startDaySummaries({
    address: store.address,
    isIdle: () => true,
    log: createLog('silent'),
    now: () => now_ms,
    every_ms: 50,
    settled_ms: 0,
    least_rows: 1,
    ...(largest !== undefined && { largest }),
  })
async function summarize(largest?: number): Promise<void> {
  const keeper = start(largest)
  await until(() => keeper.status().days > 0 && keeper.status().waiting_days === 0, { timeout_ms: 90_000 })
  expect(keeper.status().reason).toBeNull()
  await keeper.stop()
}
/** As the rows answer, and how many days of it were counted beforehand. */
async function expectSame(name: string, params: MetricParams, scope: Scope = ['source-a']): Promise<number> {
  const [summed, exact] = [await fromSummaries(name, params, scope), await fromRows(name, params, scope)]
  expect(exact.sql).not.toContain('day_counts')
  expect(exact.rows.length).toBeGreaterThan(0)
  expect(summed.columns).toEqual(exact.columns)
  expect(summed.rows).toEqual(exact.rows)
  expect(summed.coverage.counts_short_by).toBeNull()
  return summed.sql.split('FROM day_counts').length - 1
}

beforeAll(async () => {
  store = await startOperationsStore()
  await store.insert(operations)
  await store.refreshRollups()
})
afterAll(() => store.stop())

test('before a day is counted, and while that has begun and not ended, its rows answer', async () => {
  expect(await expectSame('TopKeys', odd)).toBe(0)
  const stopping = new AbortController()
  const from_ms = Math.floor(now_ms / day) * day - 2 * day
  const half = summarizeDay({
    address: store.address,
    from_ms,
    to_ms: from_ms + day,
    largest: 10,
    signal: stopping.signal,
  })
  const counted = () => execute(store.address, 'SELECT count() FROM day_counts')
  await until(async () => Number((await counted())[0]?.[0]) > 0)
  stopping.abort()
  await half.catch(() => [])
  expect(await expectSame('TopKeys', odd)).toBe(0)
})

describe('once days are counted', () => {
  beforeAll(() => summarize())

  test.each(topMetrics.map(({ name }) => name))('%s of any window is what its rows say', async (name) => {
    for (const order of ['requests', 'bytes_uploaded', 'errors', 'error_rate', 'first_seen', 'last_seen'])
      expect(await expectSame(name, { ...odd, order })).toBe(1)
    const whole = { from: String(now_ms - 5.5 * day), to: String(now_ms - 1.5 * day) }
    expect(await expectSame(name, { ...whole, limit: 3 })).toBe(1)
    expect(await expectSame(name, whole, null)).toBe(1)
    expect(await expectSame(name, { ...odd, compare: 'previous' }, null)).toBe(2)
  })

  test.each([
    { bucket: 'photos' },
    { bucket: 'photos,videos', class: 'read,list' },
    { status: '4xx,5xx' },
    { status: '2xx', format: 'cdn' },
    { format: 's3', class: 'write', bucket: 'videos' },
  ])('filtered by %o too', async (filter) => {
    for (const name of ['TopKeys', 'TopClientIPs'])
      expect(await expectSame(name, { ...odd, ...filter })).toBe(1)
  })

  test.each([
    { status: '404' },
    { operation: 'REST.GET.OBJECT' },
    { ip: '203.0.113.1' },
    { key_prefix: 'a' },
  ])('what they do not hold is read from rows: %o', async (filter) => {
    expect(await expectSame('TopKeys', { ...odd, ...filter })).toBe(0)
  })

  test('one source is told nothing of another', async () => {
    const of = async (scope: Scope) =>
      (await fromSummaries('TopUserAgents', odd, scope)).rows.reduce((sum, row) => sum + Number(row[2]), 0)
    const from_ms = Number(odd.from)
    const mine = (source: string) =>
      operations.filter(
        ({ ts, ...made }) =>
          made.source === source && made.is_request && ts / 1000 >= from_ms && ts / 1000 < Number(odd.to),
      ).length
    expect(await of(['source-a'])).toBe(mine('source-a'))
    expect(await of(['source-b'])).toBe(mine('source-b'))
    expect((await fromSummaries('TopUserAgents', odd, ['source-c'])).rows).toEqual([])
    expect((await fromSummaries('TopUserAgents', odd, [])).rows).toEqual([])
  })

  test('what comes twice changes nothing; what comes late is counted at once, and its day anew', async () => {
    await store.insert(operations.slice(0, 2_000))
    expect(await expectSame('TopKeys', odd)).toBe(1)
    const late = longTail(5, 60, now_ms - 3.4 * day, now_ms - 3.2 * day)
    await store.insert(late)
    await store.insert(late)
    expect(await expectSame('TopKeys', odd)).toBe(2)
    expect(await expectSame('TopReferers', odd, null)).toBe(2)
    await summarize()
    expect(await expectSame('TopKeys', odd)).toBe(1)
    expect(await expectSame('TopReferers', odd, null)).toBe(1)
  })
})

test('counts that lie as Parquet say the same, and are made anew like others', async () => {
  const name = new Date(now_ms - 3.3 * day).toISOString().slice(0, 10)
  const isPacked = async () => {
    const days = await readDays((sql) => execute(store.address, sql), 'day_counts')
    return days.find((each) => each.name === name)?.is_parquet
  }
  const keeper = startClosedDays({
    address: store.address,
    after_ms: 2 * day,
    isIdle: () => true,
    log: createLog('silent'),
    now: () => now_ms,
    every_ms: 50,
  })
  await until(async () => (await isPacked()) === true, { timeout_ms: 60_000 })
  await keeper.stop()
  expect(await expectSame('TopKeys', odd)).toBe(1)
  await store.insert(longTail(6, 20, now_ms - 3.4 * day, now_ms - 3.2 * day))
  await summarize()
  expect(await isPacked()).toBe(false)
  expect(await expectSame('TopKeys', odd)).toBe(1)
})

describe('where only the largest are counted each', () => {
  beforeAll(async () => {
    await execute(store.address, 'TRUNCATE TABLE day_summaries')
    await execute(store.address, "SELECT wait_wal_table('day_summaries')")
    await summarize(12)
  })

  test.each(['requests', 'bytes_downloaded', 'bytes_uploaded', 'errors'] as const)(
    'no value is short of more %s than the answer says',
    async (order) => {
      for (const filter of [{}, { class: 'read' }, { bucket: 'photos', status: '4xx' }]) {
        const asked = { ...odd, ...filter, order }
        const [summed, exact] = [await fromSummaries('TopKeys', asked), await fromRows('TopKeys', asked)]
        expect(summed.sql).toContain('day_counts')
        const bound = summed.coverage.counts_short_by?.[order] ?? 0
        const at = summed.columns.findIndex(({ name }) => name === order)
        const known = new Set(exact.rows.map((row) => `${row[0]} ${row[1]}`))
        expect(summed.rows.filter((row) => !known.has(`${row[0]} ${row[1]}`))).toEqual([])
        const found = new Map(summed.rows.map((row) => [`${row[0]} ${row[1]}`, Number(row[at])]))
        const short = exact.rows.map((row) => Number(row[at]) - (found.get(`${row[0]} ${row[1]}`) ?? 0))
        expect(Math.min(...short)).toBe(0)
        if (Object.keys(filter).length === 0) expect(Math.max(...short)).toBeGreaterThan(0)
        expect(Math.max(...short)).toBeLessThanOrEqual(bound)
        expect(summed.coverage.notes.join()).toContain('requests more')
      }
    },
  )

  test('columns with few values are exact, and orders without a bound come from rows', async () => {
    expect(await expectSame('TopPrefixes', odd)).toBe(1)
    expect(await expectSame('TopRequesters', odd)).toBe(1)
    expect(await expectSame('TopKeys', { ...odd, order: 'error_rate' })).toBe(0)
  })

  test('the rest is counted too: all values together are all requests', async () => {
    const { rows } =
      await store.query(`SELECT dimension, sum(operations), sum(CASE WHEN rest THEN operations ELSE 0 END)
FROM day_counts WHERE dimension IN ('key', 'referer') ORDER BY dimension`)
    const today_ms = Math.floor(now_ms / day) * day
    const { rows: counted } = await store.query(
      `SELECT count(key), count() FROM operations WHERE is_request AND ts < ${timestamp(today_ms)}`,
    )
    const [[, keys, restOfKeys] = [], [, referers, restOfReferers] = []] = rows
    expect([keys, referers]).toEqual(counted[0] ?? [])
    expect(Number(restOfKeys)).toBeGreaterThan(0)
    expect(restOfReferers).toBe(0)
  })
})
