import { expect, setDefaultTimeout, test } from 'bun:test'
import type { InvalidError } from '../../src/errors.ts'
import { openQueryPool } from '../../src/store/query.ts'
import { until } from '../support/until.ts'
import { aloneStore, own, testGate } from './two-tenants.ts'

setDefaultTimeout(120_000)

const store = await aloneStore()
const scope = [own]

// 1,500 rows to the power of four, which no test waits for; joins are what the gate leaves to the time limit.
const slow = `SELECT sum(a.total_ms + b.total_ms + c.total_ms + d.total_ms) AS s FROM operations a
JOIN operations b ON a.source = b.source JOIN operations c ON b.source = c.source JOIN operations d ON c.source = d.source`

const failure = (work: Promise<unknown>): Promise<InvalidError> =>
  work.then(
    () => {
      throw new Error('it was answered')
    },
    (error: InvalidError) => error,
  )

const alive = async (): Promise<number> => {
  const { rows } = await store.query(
    "SELECT query FROM query_activity() WHERE query LIKE '%a.total_ms%' AND query NOT LIKE '%query_activity%'",
  )
  return rows.length
}
const running = (count: number) =>
  until(async () => (await alive()) === count, { what: `${count} queries run` })
const gone = () =>
  until(async () => (await alive()) === 0, { timeout_ms: 1_000, what: 'no query is alive a second later' })

test('a query that runs too long is ended in QuestDB', async () => {
  const pool = openQueryPool(store.address.pgUrl, { connections: 1, timeout_ms: 500 })
  const error = await failure(testGate(pool).run({ sql: slow, scope, turns_of: 'a' }))
  expect(error).toMatchObject({ code: 'query_timeout' })
  await gone()
  await pool.close()
})

test('a query is cancelled by its id, by its own name alone', async () => {
  const failed = failure(store.gate.run({ sql: slow, scope, turns_of: 'a', id: 'one' }))
  await running(1)
  expect([
    store.gate.cancel('b', 'one'),
    store.gate.cancel('a', 'two'),
    store.gate.cancel('a', 'one'),
  ]).toEqual([false, false, true])
  expect(await failed).toMatchObject({ code: 'cancelled' })
  await gone()
  expect(store.gate.cancel('a', 'one')).toBe(false)
})

test('a query ends with the signal of who asked, also while it waits for its turn', async () => {
  const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()]
  const failed = [first, second, third].map(({ signal }) =>
    failure(store.gate.run({ sql: slow, scope, turns_of: 'a', signal })),
  )
  await running(2)
  for (const controller of [third, first, second]) controller.abort()
  expect(await Promise.all(failed)).toMatchObject([
    { code: 'cancelled' },
    { code: 'cancelled' },
    { code: 'cancelled' },
  ])
  await gone()
})

test('one name runs two queries at once, and no page waits for them', async () => {
  const pool = openQueryPool(store.address.pgUrl, { connections: 3, timeout_ms: 10_000 })
  const gate = testGate(pool)
  const ending = new AbortController()
  const failed = [1, 2, 3, 4].map(() =>
    failure(gate.run({ sql: slow, scope, turns_of: 'greedy', signal: ending.signal })),
  )
  await running(2)
  const started_ms = performance.now()
  for (let n = 0; n < 20; n++) await store.query(`SELECT bucket, count() FROM operations WHERE status > ${n}`)
  expect(performance.now() - started_ms).toBeLessThan(10_000)
  expect(await alive()).toBe(2)
  ending.abort()
  await Promise.all(failed)
  await gone()
  await pool.close()
})

test('who finds every connection taken is told to come back', async () => {
  const pool = openQueryPool(store.address.pgUrl, { connections: 1, timeout_ms: 10_000 })
  const gate = testGate(pool)
  const ending = new AbortController()
  const failed = failure(gate.run({ sql: slow, scope, turns_of: 'a', signal: ending.signal }))
  await running(1)
  expect(await failure(gate.run({ sql: 'SELECT 1', scope, turns_of: 'b' }))).toMatchObject({
    code: 'too_many_queries',
  })
  ending.abort()
  await failed
  await gone()
  await pool.close()
})

test('rows are cut at the limit, and said to be', async () => {
  const run = (sql: string, limit?: number) => store.gate.run({ sql, scope, turns_of: 'a', limit })
  expect(await run('SELECT ts FROM operations')).toMatchObject({ row_count: 1000, truncated: true })
  expect(await run('SELECT ts FROM operations', 1500)).toMatchObject({ row_count: 1500, truncated: false })
  expect(await run('SELECT ts FROM operations LIMIT 5')).toMatchObject({ row_count: 5, truncated: false })
  expect(await run('SELECT ts FROM operations LIMIT 50', 20)).toMatchObject({
    row_count: 20,
    truncated: true,
  })
  expect(await run('SELECT ts FROM operations LIMIT 1400, 1490', 20)).toMatchObject({
    row_count: 20,
    truncated: true,
  })
  expect(await run('SELECT ts FROM operations LIMIT -5', 20)).toMatchObject({
    row_count: 5,
    truncated: false,
  })
  const union = 'SELECT bucket FROM operations UNION ALL'
  expect(await run(`${union} SELECT 'x'`, 20)).toMatchObject({ row_count: 20, truncated: true })
  expect(await run(`${union} SELECT bucket FROM errors`, 20)).toMatchObject({
    row_count: 20,
    truncated: true,
  })
  // No more than that are asked of QuestDB either.
  const executed = async (sql: string) => (await store.gate.check({ sql, scope, limit: 20 })).sql_executed
  for (const [sql, end] of [
    ['SELECT ts FROM operations', 'LIMIT 21'],
    ['SELECT ts FROM operations LIMIT 50', 'LIMIT 21'],
    ['SELECT ts FROM operations LIMIT 5', 'LIMIT 5'],
    ['SELECT ts FROM operations LIMIT -20', 'LIMIT -20'],
    ['SELECT ts FROM operations LIMIT 100, 900', 'LIMIT 100, 121'],
    [`${union} SELECT 'x'`, 'LIMIT 21'],
  ] as const)
    expect(await executed(sql)).toEndWith(end)
  expect(await failure(executed('SELECT ts FROM operations LIMIT -21'))).toMatchObject({
    message: expect.stringContaining('Cannot take the last 21 rows'),
  })
  for (const limit of [0, -1, 1.5, 100_001, Number.NaN])
    expect(await failure(store.gate.check({ sql: 'SELECT 1', scope, limit }))).toMatchObject({
      message: expect.stringContaining('Cannot use limit'),
    })
})

test('rows that are too large together are not read to their end', async () => {
  const bounds = { signal: new AbortController().signal, bytes_at_most: 10_000 }
  expect(await failure(store.pool.read('SELECT * FROM operations', bounds))).toMatchObject({
    code: 'result_too_large',
  })
  expect((await store.pool.read('SELECT 1', bounds)).rows).toEqual([[1]])
})

test('only one statement goes through the protocol', async () => {
  const bounds = { signal: new AbortController().signal, bytes_at_most: 10_000 }
  expect(await failure(store.pool.read('SELECT 1; SELECT 2', bounds))).toMatchObject({ code: 'bad_query' })
})

test('percentiles are kept for so many groups only', async () => {
  const percentiles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7].map(
    (share) => `approx_percentile(total_ms, ${share}, 2)`,
  )
  const sql = `SELECT request_id, ${percentiles.join(', ')} FROM operations GROUP BY request_id`
  expect(await failure(store.gate.run({ sql, scope, turns_of: 'a' }))).toMatchObject({
    message: 'Cannot keep percentiles for 1500 groups',
    code: 'invalid_sql',
    position: { offset: 19, line: 1, column: 20 },
  })
  const nested = `SELECT max(p) AS p FROM (${sql.replace('0.1, 2)', '0.1, 2) AS p')})`
  expect(await failure(store.gate.run({ sql: nested, scope, turns_of: 'a' }))).toMatchObject({
    code: 'invalid_sql',
  })
  const few = sql.replaceAll('request_id', 'bucket')
  expect((await store.gate.run({ sql: few, scope, turns_of: 'a' })).row_count).toBe(3)
})

test('the window is the last 90 days, or what is asked for, as long as that of any metric', async () => {
  const run = (window: { from?: string; to?: string }) =>
    store.gate.run({ sql: 'SELECT count() AS n FROM operations', scope, turns_of: 'a', ...window })
  const days = ({ window }: { window: { from: string; to: string } }) =>
    Math.round((Date.parse(window.to) - Date.parse(window.from)) / 86_400_000)
  expect(days(await run({}))).toBe(90)
  expect(days(await run({ to: '2026-01-01' }))).toBe(90)
  expect(await run({ from: '7d' })).toMatchObject({ rows: [[1500]] })
  expect((await run({ from: '2020-01-01', to: '2020-06-01' })).rows).toEqual([[0]])
  expect(await failure(run({ from: '3661d' }))).toMatchObject({
    message: 'Cannot use the window: it is 3661 days long',
  })
  expect(days(await run({ from: '3660d' }))).toBe(3660)
  expect(await failure(run({ from: 'x' }))).toMatchObject({ message: "Cannot read from: 'x' is no time" })
})
