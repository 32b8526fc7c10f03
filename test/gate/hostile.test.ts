import { expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readdirSync } from 'node:fs'
import { functions } from '../../src/gate/functions.ts'
import { SqlError } from '../../src/gate/sql-error.ts'
import { execute } from '../../src/store/http.ts'
import { openQueryPool } from '../../src/store/query.ts'
import { until } from '../support/until.ts'
import { readHostile, refusedFamilies } from './hostile-families.ts'
import { leaks } from './leaks.ts'
import { own, sharedStore, testGate } from './two-tenants.ts'

setDefaultTimeout(120_000)

const store = await sharedStore()
const everything = {
  ts: `SELECT count(), max(ts) FROM operations`,
  names: 'SELECT table_name FROM tables() ORDER BY 1',
}

test('of at least 500 hostile statements none reads a foreign row, a file or a table within, and none leaves a trace', async () => {
  const statements = await readHostile()
  expect(statements.length).toBeGreaterThanOrEqual(500)
  const before = [await store.query(everything.ts), await store.query(everything.names)]
  const pool = openQueryPool(store.address.pgUrl, { connections: 2, timeout_ms: 2_000 })
  const gate = testGate(pool)
  let answered = 0
  for (const { family, sql } of statements) {
    const found = await gate.run({ sql, scope: [own], turns_of: 'hostile' }).catch((error: unknown) => error)
    const what = `${family}: ${sql.slice(0, 200)}`
    if (found instanceof Error) {
      expect(found, what).toBeInstanceOf(SqlError)
      expect(leaks(sql, [found.message, (found as SqlError).hint]), what).toEqual([])
      continue
    }
    answered++
    expect(refusedFamilies.has(family), `answered ${what}`).toBe(false)
    expect(leaks(sql, (found as { rows: unknown[] }).rows), what).toEqual([])
  }
  await pool.close()
  console.log(
    `hostile: ${statements.length} statements, ${answered} answered from the own rows alone, 0 leaks`,
  )
  expect([await store.query(everything.ts), await store.query(everything.names)]).toEqual(before)
  expect(existsSync('/tmp/gate-canary') || existsSync('/tmp/gate-canary.parquet')).toBe(false)
  expect(readdirSync('.').filter((name) => name.includes('gate-canary'))).toEqual([])
  await until(
    async () =>
      (await store.query(`SELECT query FROM query_activity() WHERE query NOT LIKE '%activity%'`)).rows
        .length === 0,
    {
      timeout_ms: 1_000,
      what: 'no query is alive',
    },
  )
  await execute(store.address, 'SELECT 1')
  expect((await store.query('SELECT 1')).rows).toEqual([[1]])
})

test('every function of the running QuestDB that is not on the list is refused, and every one on it exists', async () => {
  const known = (await store.query('SELECT DISTINCT name FROM functions()')).rows.map(([name]) =>
    String(name),
  )
  expect(known.length).toBeGreaterThan(300)
  // `not` is an operator that may stand before a bracket.
  const closed = known.filter((name) => !functions.has(name.toLowerCase()) && name !== 'not')
  expect(closed.length).toBeGreaterThan(200)
  const calls = closed.flatMap((name) => [
    `SELECT ${name}() FROM operations`,
    `SELECT ${name}(key) FROM operations`,
    `SELECT ${name}(status, 1) FROM operations`,
    `SELECT count() FROM operations WHERE "${name}"(key)`,
    `SELECT * FROM ${name}()`,
    `SELECT * FROM ${name}('x')`,
  ])
  const open: string[] = []
  for (const sql of calls) {
    try {
      await store.gate.check({ sql, scope: [own] })
      open.push(sql)
    } catch (error) {
      if (!(error instanceof SqlError)) throw error
    }
  }
  expect(open).toEqual([])
  const missing = [...functions.keys()].filter((name) => !known.includes(name))
  expect(missing).toEqual([])
})
