import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createCatalog } from '../../src/metrics/catalog.ts'
import { runOperationsReport } from '../../src/metrics/operations-report.ts'
import { requestMetrics } from '../../src/metrics/requests.ts'
import { chooseRollup, readRollupFacts } from '../../src/metrics/rollups.ts'
import { createRunMetrics } from '../../src/metrics/run-metrics.ts'
import type { Table } from '../../src/metrics/run-metrics.ts'
import { topMetrics } from '../../src/metrics/top.ts'
import { execute } from '../../src/store/http.ts'
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
  4xxErrors 5xxErrors Availability ThrottledRequests TotalRequestLatency RequestsByOperation RequestsByClass
  RequestsByBucket StatusCodes ErrorCodes`.split(/\s+/)

let store: OperationsStore
const catalogAbove = (rollupAbove_rows: number) =>
  createCatalog({ runMetrics: runAbove(rollupAbove_rows), slowOperation_ms: 500 })
const runAbove = (rollupAbove_rows: number) =>
  createRunMetrics({ query: store.query, progress: () => [], now: () => now_ms, rollupAbove_rows })

beforeAll(async () => {
  store = await startOperationsStore()
  await store.insert(operations)
}, 60_000)

afterAll(() => store.stop())

describe.each(held)('%s', (name) => {
  test.each(['none', '6h', '90m'])('from rollups equals that from rows, step %s', async (step) => {
    const asked = { ...params, step, bucket: 'photos', status: '2xx,4xx,5xx' }
    const rolled = await catalogAbove(0).run(name, asked, ['source-a'])
    const exact = await catalogAbove(1e9).run(name, asked, ['source-a'])
    expect(rolled.sql).toContain(step === '90m' ? 'FROM operations_1m' : 'FROM operations_1h')
    expect(exact.sql).not.toContain('operations_1')
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

test('what rollups do not hold is read from the rows', async () => {
  const window = { from_ms: now_ms - 9 * day, to_ms: now_ms, step_ms: null }
  const facts = { state: 'current', rows: 10 } as const
  const policy = { above_rows: 1, growing: false }
  const [all] = requestMetrics
  const [topKeys] = topMetrics
  if (!all || !topKeys) throw new Error('no metric')
  expect(chooseRollup(all, window, [], facts, policy)).toBe('1h')
  expect(chooseRollup(all, { ...window, step_ms: 60_000 }, [], facts, policy)).toBe('1m')
  expect(chooseRollup(all, { ...window, step_ms: 1000 }, [], facts, policy)).toBeNull()
  expect(chooseRollup(topKeys, window, [], facts, policy)).toBeNull()
  expect(chooseRollup(all, window, [{ sql: "remote_ip = 'x'", rollup: false }], facts, policy)).toBeNull()
  expect(chooseRollup(all, { ...window, from_ms: now_ms - day }, [], facts, policy)).toBeNull()
  expect(chooseRollup(all, window, [], { ...facts, rows: 1 }, policy)).toBeNull()
})

test('rollups that are behind serve only an answer that is still growing, invalid ones none', () => {
  const window = { from_ms: now_ms - 9 * day, to_ms: now_ms, step_ms: null }
  const [all] = requestMetrics
  if (!all) throw new Error('no metric')
  const chosen = (state: 'behind' | 'invalid', growing: boolean) =>
    chooseRollup(all, window, [], { state, rows: 10 }, { above_rows: 1, growing })
  expect(chosen('behind', true)).toBe('1h')
  expect(chosen('behind', false)).toBeNull()
  expect(chosen('invalid', true)).toBeNull()
})

test('a rollup that lost its base is seen as invalid, and the answer stays exact', async () => {
  const before = await catalogAbove(0).run('AllRequests', { ...params, step: 'none' }, null)
  const day10 = new Date(now_ms - 11 * day).toISOString().slice(0, 10)
  await execute(store.address, `ALTER TABLE operations DROP PARTITION LIST '${day10}'`)
  await execute(store.address, "SELECT wait_wal_table('operations')")
  const window = { from_ms: 0, to_ms: now_ms, step_ms: null }
  expect((await readRollupFacts(store.query, window)).state).not.toBe('current')
  const after = await catalogAbove(0).run('AllRequests', { ...params, step: 'none' }, null)
  expect(after.sql).not.toContain('operations_1')
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
