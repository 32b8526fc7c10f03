import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { createGate } from '../../src/gate/gate.ts'
import { createLog } from '../../src/log.ts'
import type { Scope } from '../../src/metrics/filter.ts'
import { createCatalog } from '../../src/metrics/catalog.ts'
import { createRunMetrics } from '../../src/metrics/run-metrics.ts'
import { readCountedDays } from '../../src/metrics/summaries.ts'
import { parseWindow } from '../../src/metrics/window.ts'
import { startDaySummaries } from '../../src/store/day-summaries.ts'
import { execute } from '../../src/store/http.ts'
import { openQueryPool } from '../../src/store/query.ts'
import { startOperationsStore } from '../metrics/operations-store.ts'
import type { OperationsStore } from '../metrics/operations-store.ts'
import { traffic } from '../metrics/traffic.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(120_000)

const day = 86_400_000
const now_ms = Math.floor(Date.now() / day) * day + day / 2
const window = { from: String(now_ms - 6 * day + 1_234_567), to: String(now_ms - 2_345_678) }
let store: OperationsStore
let pool: ReturnType<typeof openQueryPool>
const gateOver = (counted: boolean) =>
  createGate({
    pool,
    turns: { take: (_, work) => work() },
    readWindow: (given) => parseWindow(given, now_ms, false),
    ...(counted && { readDays: (scope: Scope, of) => readCountedDays(store.query, scope, of) }),
  })
async function summarize(largest: number): Promise<void> {
  const options = { settled_ms: 0, least_rows: 1, largest, every_ms: 50, now: () => now_ms }
  const log = createLog('silent')
  const keeper = startDaySummaries({ address: store.address, isIdle: () => true, log, ...options })
  await until(() => keeper.status().days > 0 && keeper.status().waiting_days === 0, { timeout_ms: 60_000 })
  await keeper.stop()
}
/** As from rows; how many of its parts were counted beforehand. */
async function expectSame(sql: string, scope: Scope): Promise<number> {
  const ask = (counted: boolean) => gateOver(counted).run({ sql, scope, ...window, turns_of: 'test' })
  const [counted, exact] = [await ask(true), await ask(false)]
  expect(exact.sql_executed).not.toContain('day_counts')
  expect(exact.rows.length).toBeGreaterThan(0)
  expect(counted.columns).toEqual(exact.columns)
  expect(counted.rows).toEqual(exact.rows)
  return counted.sql_executed.split('FROM day_counts').length - 1
}

beforeAll(async () => {
  store = await startOperationsStore()
  pool = openQueryPool(store.address.pgUrl, { connections: 2, timeout_ms: 20_000 })
  await store.insert(traffic(8, 3_000, now_ms - 7 * day, now_ms))
  await summarize(10_000)
})
afterAll(async () => {
  await pool.close()
  await store.stop()
})

const queries = [
  'SELECT * FROM clients ORDER BY source, format, bucket, remote_ip',
  'SELECT * FROM requesters ORDER BY source, format, bucket, requester',
  "SELECT requester, sum(bytes_sent) AS sent FROM requesters WHERE format = 's3' GROUP BY requester ORDER BY sent DESC",
  'SELECT bucket, count() AS clients FROM clients WHERE errors > 0 GROUP BY bucket ORDER BY bucket',
  "SELECT remote_ip, requests FROM clients WHERE first_seen < dateadd('d', -1, now()) ORDER BY requests DESC, source, format, bucket, remote_ip",
]

test.each(queries)('from days that are counted beforehand equals from rows: %s', async (sql) => {
  for (const scope of [['source-a'], ['source-b'], null]) expect(await expectSame(sql, scope)).toBe(1)
})

test('the SQL of a top list that was read from counts runs as it is shown', async () => {
  const options = { query: store.query, progress: () => [], now: () => now_ms, rollupAbove_rows: 0 }
  const catalog = createCatalog({ runMetrics: createRunMetrics(options), slowOperation_ms: 500 })
  const scope = ['source-a']
  for (const name of ['TopKeys', 'TopReferers']) {
    const { sql, rows } = await catalog.run(name, window, scope)
    expect(sql).toContain('FROM day_counts')
    const shown = await gateOver(true).run({ sql, scope, from: '10d', turns_of: 'test' })
    expect(shown.rows).toEqual(rows)
  }
})

const daysOf = async (scope: Scope) => {
  const sql = 'SELECT DISTINCT ts FROM day_counts ORDER BY ts'
  return (await gateOver(true).run({ sql, scope, ...window, turns_of: 'test' })).rows.length
}

test('of what is counted beforehand one source sees its own days, and none that got late rows', async () => {
  expect(await daysOf(['source-a'])).toBe(5)
  expect(await daysOf(['source-c'])).toBe(0)
})

test('a day that got late rows is read from them', async () => {
  await store.insert(traffic(9, 50, now_ms - 3.4 * day, now_ms - 3.2 * day))
  for (const sql of queries) expect(await expectSame(sql, ['source-a'])).toBe(2)
  expect(await daysOf(['source-a'])).toBe(4)
})

test('where only the largest are counted each, rows are read', async () => {
  await execute(store.address, 'TRUNCATE TABLE day_summaries')
  await execute(store.address, "SELECT wait_wal_table('day_summaries')")
  await summarize(1)
  for (const sql of queries) expect(await expectSame(sql, ['source-a'])).toBe(0)
})
