import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { createLog } from '../../src/log.ts'
import { startClosedDays } from '../../src/store/closed-days.ts'
import { execute } from '../../src/store/http.ts'
import { operation, startOperationsStore } from '../metrics/operations-store.ts'
import type { OperationsStore } from '../metrics/operations-store.ts'
import { traffic } from '../metrics/traffic.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(120_000)

const day_ms = 86_400_000
const now_ms = Math.floor(Date.now() / day_ms) * day_ms + day_ms / 2
const operations = traffic(7, 4_000, now_ms - 5 * day_ms, now_ms)
let store: OperationsStore
beforeAll(async () => {
  store = await startOperationsStore()
  await store.insert(operations)
})
afterAll(() => store.stop())

const log = createLog('silent')
const start = (isIdle = () => true) =>
  startClosedDays({
    address: store.address,
    after_ms: 2 * day_ms,
    isIdle,
    log,
    now: () => now_ms,
    every_ms: 50,
  })
const partitions = async () =>
  new Map(
    (await execute(store.address, "SELECT name, isParquet FROM table_partitions('operations')")).map(
      ([name, is]) => [String(name), is === true],
    ),
  )
/** Everything that is stored, in a form that any change of any row changes. */
const contents = async (): Promise<unknown> => {
  const { rows } = await store.query('SELECT * FROM operations ORDER BY ts, line_hash')
  return [rows.length, Bun.hash.xxHash64(JSON.stringify(rows))]
}
let native_bytes = 0
const through = (keeper: ReturnType<typeof start>) =>
  until(() => keeper.status().days > 0 && keeper.status().waiting_days === 0, { timeout_ms: 60_000 })

test('while something waits to be read no day is touched', async () => {
  const keeper = start(() => false)
  await until(() => keeper.status().waiting_days > 0)
  await Bun.sleep(300)
  await keeper.stop()
  expect([...(await partitions()).values()]).not.toContain(true)
  expect(keeper.status()).toMatchObject({ days: 0, reason: null })
  native_bytes = keeper.status().waiting_bytes
})

test('closed days become Parquet, hold what they held, and take less of the disk', async () => {
  const before = await contents()
  const keeper = start()
  await through(keeper)
  const { days, bytes, reason } = keeper.status()
  await keeper.stop()
  expect(reason).toBeNull()
  const found = await partitions()
  for (const [name, is_parquet] of found)
    expect([name, is_parquet]).toEqual([name, Date.parse(name) + day_ms <= now_ms - 2 * day_ms])
  expect([...found.values()].filter(Boolean)).toHaveLength(days)
  expect(days).toBeGreaterThan(1)
  expect(bytes).toBeLessThan(native_bytes)
  expect(await contents()).toEqual(before)
})

test('rows that come late for such a day are stored, and what comes twice stays one row', async () => {
  const before = Number((await store.query('SELECT count() FROM operations')).rows[0]?.[0])
  const late = Array.from({ length: 200 }, (_, n) =>
    operation({ ts: (now_ms - 4 * day_ms + n * 1000) * 1000, key: `late/${n}` }),
  )
  await store.insert(late)
  await store.insert(late)
  await store.insert(operations.slice(0, 1_000))
  const after = await store.query(
    "SELECT count(), count_distinct(line_hash) FROM operations WHERE key LIKE 'late/%'",
  )
  expect(after.rows).toEqual([[200, 200]])
  expect((await store.query('SELECT count() FROM operations')).rows).toEqual([[before + 200]])
  // What late rows have made native again is turned once more.
  const keeper = start()
  await through(keeper)
  await keeper.stop()
  expect((await store.query('SELECT count() FROM operations')).rows).toEqual([[before + 200]])
})

test('rollups over such days stay valid and count the same', async () => {
  await store.refreshRollups()
  const { rows } = await store.query(
    "SELECT view_name, view_status FROM materialized_views() WHERE view_status <> 'valid'",
  )
  expect(rows).toEqual([])
  const sums = await Promise.all(
    [
      'SELECT count(), sum(bytes_sent) FROM operations',
      'SELECT sum(operations), sum(bytes_sent) FROM operations_1m',
    ].map(async (sql) => (await store.query(sql)).rows[0]?.map(Number)),
  )
  expect(sums[1]).toEqual(sums[0] ?? [])
})
