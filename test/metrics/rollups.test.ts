import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Table } from '../../src/metrics/answers.ts'
import { createCatalog } from '../../src/metrics/catalog.ts'
import type { Condition } from '../../src/metrics/filter.ts'
import type { Metric } from '../../src/metrics/metric.ts'
import { runOperationsReport } from '../../src/metrics/operations-report.ts'
import { requestMetrics } from '../../src/metrics/requests.ts'
import { chooseRollup, readRollupFacts } from '../../src/metrics/rollups.ts'
import { createRunMetrics } from '../../src/metrics/run-metrics.ts'
import { latencyBucket } from '../../src/metrics/select.ts'
import { topMetrics } from '../../src/metrics/top.ts'
import type { Window } from '../../src/metrics/window.ts'
import { execute } from '../../src/store/http.ts'
import { timestamp } from '../../src/store/sql.ts'
import { migrationsDir } from '../support/migrations-dir.ts'
import { until } from '../support/until.ts'
import { startOperationsStore } from './operations-store.ts'
import type { OperationsStore } from './operations-store.ts'
import { traffic } from './traffic.ts'

const day = 86_400_000
const now_ms = Math.floor(Date.now() / day) * day
// Ten days that begin and end inside of an hour and of a minute.
const params = { from: String(now_ms - 10 * day + 1_234_567), to: String(now_ms - 2_345_678) }
const operations = traffic(2, 3000, now_ms - 11 * day, now_ms)
const held =
  `AllRequests GetRequests PutRequests HeadRequests PostRequests ListRequests BytesDownloaded BytesUploaded
  4xxErrors 5xxErrors Availability ThrottledRequests TotalRequestLatency FirstByteLatency RequestsByOperation RequestsByClass
  RequestsByBucket StatusCodes ErrorCodes`.split(/\s+/)

let store: OperationsStore
const catalogAbove = (rollupAbove_rows: number) =>
  createCatalog({ runMetrics: runAbove(rollupAbove_rows), slowOperation_ms: 500 })
const runAbove = (rollupAbove_rows: number) =>
  createRunMetrics({ query: store.query, progress: () => [], now: () => now_ms, rollupAbove_rows })

beforeAll(async () => {
  store = await startOperationsStore()
  await store.insert(operations)
  await store.refreshRollups()
}, 60_000)

afterAll(() => store.stop())

describe.each(held)('%s', (name) => {
  test.each(['none', '6h', '90m'])('from rollups equals that from rows, step %s', async (step) => {
    const asked = { ...params, step, bucket: 'photos', status: '2xx,4xx,5xx' }
    const rolled = await catalogAbove(0).run(name, asked, ['source-a'])
    const exact = await catalogAbove(1e9).run(name, asked, ['source-a'])
    expect(rolled.sql).toContain(
      `FROM ${name === 'FirstByteLatency' ? 'first_bytes' : 'operations'}_${step === '90m' ? '1m' : '1h'}`,
    )
    expect(exact.sql).not.toMatch(/_1[mh]/)
    expect(rolled.rows.length).toBeGreaterThan(0)
    expectSame(rolled, exact)
    expect(exact.coverage.approximate).toBe(false)
    expect(rolled.coverage.approximate).toBe(rolled.columns.some(({ name }) => /^p\d/.test(name)))
  })
})

test('the report from rollups counts the same as from rows', async () => {
  const rolled = await runOperationsReport(runAbove(0), params, null)
  const exact = await runOperationsReport(runAbove(1e9), params, null)
  expectSame(rolled.totals, exact.totals)
  expectSame(rolled.by_operation, exact.by_operation)
  expectSame(rolled.series, exact.series)
  const counted = rolled.totals.rows.reduce((sum, [, requests]) => sum + Number(requests), 0)
  const [from_ms, to_ms] = [Number(params.from), Number(params.to)]
  const mine = operations.filter(
    ({ ts, is_request }) => is_request && ts / 1000 >= from_ms && ts / 1000 < to_ms,
  )
  expect(counted).toBe(mine.length)
})

test.each([
  ['a day', 24 * 3_600_000],
  ['a day and a second', 24 * 3_600_000 + 1_000],
  ['five hours and a bit', 18_123_456],
])('%s that ends anywhere is counted from minutes as from rows', async (_, length_ms) => {
  for (const ago_ms of [0, 1_234_567, 61_000]) {
    const to_ms = now_ms - ago_ms
    const asked = { from: String(to_ms - length_ms), to: String(to_ms), step: '5m' }
    const rolled = await runOperationsReport(runAbove(0), asked, null)
    const exact = await runOperationsReport(runAbove(1e9), asked, null)
    expect(rolled.totals.sql).toContain('FROM operations_1m')
    expectSame(rolled.totals, exact.totals)
    expectSame(rolled.by_operation, exact.by_operation)
    expectSame(rolled.series, exact.series)
    const compared = { ...asked, compare: 'previous' }
    const [now, before] = [catalogAbove(0), catalogAbove(1e9)].map((catalog) =>
      catalog.run('AllRequests', compared, null),
    )
    expect((await now)?.rows).toEqual((await before)?.rows ?? [])
  }
})

const window = { from_ms: now_ms - 9 * day, to_ms: now_ms, step_ms: null }
const [allRequests] = requestMetrics
const [topKeys] = topMetrics
if (!allRequests || !topKeys) throw new Error('no metric')

test('what rollups do not hold is read from the rows', () => {
  const facts = { valid: true, complete_until_ms: Number.POSITIVE_INFINITY }
  const choose = (metric: Metric, changes: Partial<Window>, conditions: Condition[] = []) =>
    chooseRollup(metric, { ...window, ...changes }, conditions, facts, false)?.unit
  expect(choose(allRequests, {})).toBe('1h')
  expect(choose(allRequests, { step_ms: 60_000 })).toBe('1m')
  expect(choose(allRequests, { step_ms: 1000 })).toBeUndefined()
  expect(choose(topKeys, {})).toBeUndefined()
  expect(choose(allRequests, {}, [{ sql: "remote_ip = 'x'", held: 'rows' }])).toBeUndefined()
  expect(choose(allRequests, { from_ms: now_ms - day })).toBe('1m')
  expect(choose(allRequests, { from_ms: now_ms - day, step_ms: 3_600_000 })).toBe('1m')
  expect(choose(allRequests, { from_ms: now_ms - 2 * 3_600_000 })).toBeUndefined()
})

test('rollups are trusted up to what they hold; further back only while an answer is growing', () => {
  const choose = (complete_until_ms: number, growing: boolean, valid = true) =>
    chooseRollup(allRequests, window, [], { valid, complete_until_ms }, growing)?.until_ms
  expect(choose(now_ms - day, false)).toBe(now_ms - day)
  expect(choose(now_ms - 5 * day, false)).toBe(now_ms - 5 * day)
  expect(choose(now_ms - 5 * day, true)).toBe(now_ms - 2 * day)
  expect(choose(now_ms - day, true)).toBe(now_ms - day)
  expect(choose(now_ms, true, false)).toBeUndefined()
})

test('rows that came since the last refresh count at once', async () => {
  const late_ms = now_ms - 5 * day - 1_800_000
  const late = traffic(3, 50, late_ms, now_ms)
  const asked = { ...params, step: 'none' }
  const run = () => catalogAbove(0).run('AllRequests', asked, null)
  await store.insert(late)
  // Nobody has said where they are.
  expect((await run()).sql).not.toMatch(/_1[mh]/)
  await execute(
    store.address,
    `INSERT INTO log_objects (ts, source, key, oldest_event, newest_event, ingested_at)
     VALUES (now(), 'source-a', 'late', ${timestamp(late_ms)}, ${timestamp(now_ms)}, now())`,
  )
  await execute(store.address, "SELECT wait_wal_table('log_objects')")
  expect(await readRollupFacts(store.query)).toEqual({ valid: true, complete_until_ms: late_ms })
  const rolled = await run()
  expect(rolled.sql).toContain('operations_1h')
  expect(rolled.rows).toEqual((await catalogAbove(1e9).run('AllRequests', asked, null)).rows)
  await store.refreshRollups()
  expect((await readRollupFacts(store.query)).complete_until_ms).toBe(Number.POSITIVE_INFINITY)
  expect((await run()).rows).toEqual(rolled.rows)
})

test('a rollup that lost its base is invalid, and the answer stays exact', async () => {
  const asked = { ...params, step: 'none' }
  const before = await catalogAbove(0).run('AllRequests', asked, null)
  const partition = new Date(now_ms - 11 * day).toISOString().slice(0, 10)
  await execute(store.address, `ALTER TABLE operations DROP PARTITION LIST '${partition}'`)
  await execute(store.address, "SELECT wait_wal_table('operations')")
  await execute(store.address, 'REFRESH MATERIALIZED VIEW operations_1m INCREMENTAL').catch(() => [])
  await until(async () => !(await readRollupFacts(store.query)).valid)
  const after = await catalogAbove(0).run('AllRequests', asked, null)
  expect(after.sql).not.toMatch(/_1[mh]/)
  expect(after.rows).toEqual(before.rows)
})

// Percentiles of a histogram are within 7 % of the value; everything else is the same.
function expectSame(rolled: Table, exact: Table): void {
  expect(rolled.columns.map(({ name, unit }) => [name, unit])).toEqual(
    exact.columns.map(({ name, unit }) => [name, unit]),
  )
  const percentile = exact.columns.map(({ name }) => /^p\d/.test(name))
  const rest = ({ rows }: Table) => rows.map((row) => row.filter((_, at) => !percentile[at]))
  expect(rest(rolled)).toEqual(rest(exact))
  for (const [at, row] of exact.rows.entries()) {
    for (const [column, value] of row.entries()) {
      if (!percentile[column] || value === null) continue
      const found = Number(rolled.rows[at]?.[column])
      expect(Math.abs(found - Number(value))).toBeLessThanOrEqual(0.07 * Number(value) + 0.1)
    }
  }
}

test('the latency buckets that rows are put into are those of the rollups', async () => {
  const of = (name: string) => Bun.file(`${migrationsDir}/${name}.sql`).text()
  expect(await of('003_rollups')).toContain(`${latencyBucket('total_ms')} latency_bucket`)
  expect(await of('008_first_bytes')).toContain(`${latencyBucket('turnaround_ms')} latency_bucket`)
})
