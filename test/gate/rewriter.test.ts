import { expect, setDefaultTimeout, test } from 'bun:test'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { rewrite } from '../../src/gate/rewrite.ts'
import { createRewriter } from '../../src/gate/rewriter.ts'
import { SqlError } from '../../src/gate/sql-error.ts'
import { until } from '../support/until.ts'
import { heavyStatements } from './heavy-families.ts'

setDefaultTimeout(120_000)

const window = { from_ms: Date.UTC(2026, 9, 1), to_ms: Date.UTC(2026, 9, 2) }
const request = (sql: string) => ({ sql, scope: ['x'], limit: 100, window })
const told = (work: Promise<unknown>) => work.catch((error: unknown) => error)

test('the thread says what would be said here: SQL, units, places and hints', async () => {
  const rewriter = createRewriter()
  for (const sql of [
    'SELECT bucket, sum(bytes_sent) AS b, approx_percentile(total_ms, 0.5, 2) AS p FROM operations GROUP BY bucket',
    'SELECT * FROM requests_1m',
  ])
    expect(await rewriter.rewrite(request(sql))).toEqual(rewrite(request(sql)))
  const refused = await told(rewriter.rewrite(request('SELECT buckt FROM operations')))
  expect(refused).toBeInstanceOf(SqlError)
  expect(refused).toMatchObject({
    code: 'invalid_sql',
    position: { offset: 7 },
    hint: 'did you mean bucket?',
  })
  const explained = await rewriter.explain({
    message: 'Cannot run the query: Invalid date [str=x]',
    at: null,
    executed: 'SELECT 1',
    sql: 'SELECT 1',
  })
  expect(explained).toMatchObject({ message: 'QuestDB refuses the SQL: Invalid date', code: 'invalid_sql' })
})

test('no statement holds the event loop while it is read, also the first one', async () => {
  const rewriter = createRewriter()
  const delay = monitorEventLoopDelay({ resolution: 5 })
  // What this test itself does must not count.
  const all = heavyStatements().filter((_, index) => index % 5 === 0)
  delay.enable()
  await Bun.sleep(20)
  delay.reset()
  for (const { sql } of all) await told(rewriter.rewrite(request(sql)))
  delay.disable()
  const longest_ms = delay.max / 1e6
  console.log(
    `rewriter: ${all.length} heavy statements, the event loop waited ${Math.round(longest_ms)} ms at most`,
  )
  // Fifty on a machine that does nothing else; here, without the thread, the first one alone took 250.
  expect(delay.percentile(99) / 1e6).toBeLessThan(50)
})

test('a text that takes longer than its time is refused, and those behind it are read all the same', async () => {
  const rewriter = createRewriter({ within_ms: 0 })
  await told(rewriter.rewrite(request('SELECT 1 AS x')))
  // Some thirty milliseconds each.
  const wide = request(`SELECT ${'status, '.repeat(400)}1 AS x FROM operations`)
  const all: unknown[] = []
  await until(async () => {
    all.push(...(await Promise.all([wide, wide].map((one) => told(rewriter.rewrite(one))))))
    return all.some(
      (one) => one instanceof SqlError && one.message === 'Cannot read the SQL: it takes too long',
    )
  })
  for (const one of all) if (one instanceof Error) expect(one).toBeInstanceOf(SqlError)
})

test('more texts than may wait are told to come back, and all others are answered in order', async () => {
  const rewriter = createRewriter({ waiting: 5 })
  const all = await Promise.all(
    Array.from({ length: 8 }, (_, n) => told(rewriter.rewrite(request(`SELECT ${n} AS x`)))),
  )
  const refused = all.filter((one) => one instanceof Error)
  expect(refused).toHaveLength(2)
  for (const error of refused) expect(error).toMatchObject({ code: 'too_many_queries' })
  expect(all.slice(0, 6)).toMatchObject(
    Array.from({ length: 6 }, (_, n) => ({
      sql_executed: `SELECT ${n} AS x FROM long_sequence(1) LIMIT 101`,
    })),
  )
})

test('a thread that nobody asks ends, and another one answers the next question', async () => {
  const rewriter = createRewriter({ idle_ms: 1 })
  for (const n of [1, 2]) {
    expect(await rewriter.rewrite(request(`SELECT ${n} AS x`))).toMatchObject({
      sql_executed: `SELECT ${n} AS x FROM long_sequence(1) LIMIT 101`,
    })
    let waited = 0
    await until(() => ++waited > 3)
  }
})
