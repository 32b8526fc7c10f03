import { expect, setDefaultTimeout, test } from 'bun:test'
import { SqlError } from '../../src/gate/sql-error.ts'
import type { NestingFigures } from '../support/run-nesting.ts'
import { testGate } from './two-tenants.ts'

setDefaultTimeout(120_000)

const gate = testGate({ read: () => Promise.reject(new Error('nothing is asked')) })
const scope = ['x']

const doubled = (
  steps: number,
  first = 'SELECT * FROM (SELECT 1 x)',
  each = 'SELECT * FROM P UNION ALL SELECT * FROM P',
) =>
  `WITH c0 AS (${first})${Array.from({ length: steps }, (_, n) => `, c${n + 1} AS (${each.replaceAll('P', `c${n}`)})`).join('')} SELECT * FROM c${steps}`

const refusal = async (sql: string): Promise<unknown> => {
  try {
    return (await gate.check({ sql, scope })).sql_executed
  } catch (error) {
    return error
  }
}

test.each([13, 17, 20, 30])(
  'a WITH that doubles %d times is refused before it is written down',
  async (steps) => {
    const error = await refusal(doubled(steps))
    expect(error).toBeInstanceOf(SqlError)
    expect(error).toMatchObject({
      message: 'Cannot run the SQL: it comes to 126 SELECTs',
      hint: 'write at most 100, each WITH counted as often as it is named',
    })
  },
)

test.each([
  ['Cannot select 512 columns', doubled(40, 'SELECT 1 x', 'SELECT *, * FROM P')],
  ['Cannot select 512 columns', `SELECT ${Array(16).fill('*').join(', ')} FROM operations`],
  ['Cannot run the SQL: 25 SELECTs stand in one another', doubled(24, 'SELECT 1 x', 'SELECT * FROM P')],
  ['Cannot run the SQL: it comes to 101 SELECTs', `SELECT 1${' UNION ALL SELECT 1'.repeat(100)}`],
  [
    'Cannot run the SQL: it becomes longer than 65536 characters',
    doubled(5, `SELECT '${'x'.repeat(3_900)}' AS x`),
  ],
  [
    'Cannot run the SQL: more than 6 SELECTs ask for percentiles',
    doubled(7, 'SELECT total_ms AS x FROM operations', 'SELECT approx_percentile(x, 0.5, 2) AS x FROM P'),
  ],
])('what grows beyond a bound is refused: %s', async (message, sql) => {
  expect(await refusal(sql)).toMatchObject({ message, code: 'invalid_sql' })
})

test.each([
  'JOIN clients b ON a.bucket = a.bucket',
  'JOIN clients b ON b.bucket = b.bucket',
  'JOIN clients b ON a.bucket = a.source AND b.bucket = b.source',
  'LEFT JOIN clients b ON (a.key = a.key) AND a.bucket > b.bucket',
  'JOIN clients b ON key = key',
  'JOIN clients b ON bucket = bucket',
  "JOIN clients b ON a.bucket = 'x'",
  'JOIN clients b ON a.bucket = b.bucket OR a.key = a.key',
  'JOIN clients b ON a.bucket = b.bucket JOIN errors c ON a.bucket = b.bucket',
])('an ON that does not relate the joined table with one before it is refused: %s', async (join) => {
  expect(await refusal(`SELECT count() AS n FROM operations a ${join}`)).toMatchObject({
    message: 'Cannot join without an equality between both sides',
    hint: 'write JOIN ... ON a.bucket = b.bucket',
  })
})

test.each([
  'JOIN clients b ON a.bucket = b.bucket',
  'JOIN clients b ON (b.bucket) = (A.bucket) AND a.key > b.remote_ip',
  'LEFT JOIN clients b ON key = first_seen',
  'JOIN clients b ON (bucket)',
  'JOIN clients b ON a.bucket = b.bucket JOIN errors c ON c.key = a.key',
  'ASOF JOIN errors b ON (bucket)',
  'ASOF JOIN errors b',
])('an ON that relates both may be joined by: %s', async (join) => {
  expect(await refusal(`SELECT count() AS n FROM operations a ${join}`)).toBeString()
})

test('however it is nested, a statement is refused or stays small, within bounds of time and memory', async () => {
  // A process of its own: what others of this one have left lying about is no memory of the gate.
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/../support/run-nesting.ts`], {
    stderr: 'inherit',
  })
  const found = JSON.parse(await child.stdout.text()) as NestingFigures
  console.log(
    `nesting: ${found.all} statements, ${found.written} let through, the longest ${found.longest_ms} ms, memory +${found.grown_mb} MB`,
  )
  expect(found.wrong).toEqual([])
  expect(found.written).toBeGreaterThan(500)
  expect(found.all - found.written).toBeGreaterThan(500)
  // Twenty milliseconds and 150 MB on a machine that does nothing else; without bounds it was minutes and 11 GB.
  expect(found.longest_ms).toBeLessThan(1_000)
  expect(found.grown_mb).toBeLessThan(500)
})
