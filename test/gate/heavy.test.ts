import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { SqlError } from '../../src/gate/sql-error.ts'
import { openQueryPool } from '../../src/store/query.ts'
import { heavyStatements } from './heavy-families.ts'
import { own, sharedStore, testGate } from './two-tenants.ts'

setDefaultTimeout(300_000)

const store = await sharedStore()
const pool = openQueryPool(store.address.pgUrl, { connections: 2, timeout_ms: 500 })
const gate = testGate(pool)
afterAll(() => pool.close())

const answered_ms = 10_000

test('500 statements that are after size and time leave QuestDB able to answer others all the while', async () => {
  const passed: string[] = []
  for (const { sql } of heavyStatements()) {
    try {
      await gate.check({ sql, scope: [own] })
      passed.push(sql)
    } catch (error) {
      expect(error).toBeInstanceOf(SqlError)
    }
  }
  const every = passed.length / 500
  const chosen = Array.from({ length: 500 }, (_, n) => passed[Math.floor(n * every)] ?? '')
  let over = false
  let longest_ms = 0
  const others = async (): Promise<void> => {
    while (!over) {
      const begun_ms = performance.now()
      expect((await store.query('SELECT count() > 0 FROM operations')).rows).toEqual([[true]])
      longest_ms = Math.max(longest_ms, performance.now() - begun_ms)
      await Bun.sleep(20)
    }
  }
  const asking = others()
  const codes = new Map<string, number>()
  const left = [...chosen]
  const work = async (name: string): Promise<void> => {
    for (let sql = left.pop(); sql !== undefined; sql = left.pop()) {
      const code = await gate.run({ sql, scope: [own], turns_of: name }).then(
        () => 'answered',
        (error: Error & { code?: string }) => error.code ?? String(error),
      )
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
  }
  await Promise.all([work('a'), work('b')])
  over = true
  await asking
  console.log(
    `heavy: ${JSON.stringify(Object.fromEntries(codes))}, others waited ${Math.round(longest_ms)} ms at most`,
  )
  expect(Object.fromEntries(codes)).not.toHaveProperty('unavailable')
  expect(codes.get('answered') ?? 0).toBeGreaterThan(100)
  // Two seconds on a machine that does nothing else.
  expect(longest_ms).toBeLessThan(answered_ms)
})
