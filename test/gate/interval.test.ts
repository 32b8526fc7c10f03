import { expect, setDefaultTimeout, test } from 'bun:test'
import { SqlError } from '../../src/gate/sql-error.ts'
import { own, sharedStore } from './two-tenants.ts'

setDefaultTimeout(60_000)

const store = await sharedStore()
const where = (condition: string): string => `SELECT count() AS n FROM operations WHERE ${condition}`
const check = (condition: string) => store.gate.check({ sql: where(condition), scope: [own] })

test.each([
  "ts IN '[1970..2100]-[01..12]-[01..28]T[00..23]:[00..59]:[00..59].[000..999]'",
  "ts IN '2026-01-[01..28]T[00..23]:[00..59]:[00..59]'",
  "ts NOT IN '2026-[01..12]-[01..28]T[00..23]:[00..59]'",
  "ts IN ('2026-[01..12]-[01..28]T[00..23]:[00..59]')",
  "ts IN '2026-01-01;1s;1m;99999999'",
  "ts IN '[$today-100000bd..$today]'",
  "ts IN '$today-100000bd..$today'",
  "ts IN '2026-[01,02,03..12]-[01..28]T[00..23]:[00..59]:[00..59]'",
  "ts IN '2026-[01..12]-[01..28]T[00..23]:[00..59]:[00..59'",
  "ts IN '2026-[01' || '..12]-[01..28]T[00..23]:[00..59]:[00..59]'",
  "ts IN lower('2026-[01..12]-[01..28]T[00..23]:[00..59]:[00..59]')",
  "ts IN cast('2026-[01..12]-[01..28]T[00..23]:[00..59]:[00..59]' AS VARCHAR)",
  "CASE WHEN ts IN '[1970..2100]-[01..12]-[01..28]T[00..23]:[00..59]' THEN true ELSE false END",
])('an interval that stands for too many is refused before QuestDB sees it: %s', async (condition) => {
  await expect(check(condition)).rejects.toBeInstanceOf(SqlError)
})

test.each([
  "ts IN '2026'",
  "ts IN '2026-10-05'",
  "ts IN '2026-[01..12]-[01..07]T[08..17]:30'",
  "ts IN '2026-10-[01,03,05]'",
  "ts IN '2026-10-05T00:00;1h;1d;7'",
  'ts IN today()',
  "bucket IN ('photos', 'a[b].jpg')",
  "key IN ('a[1].jpg', 'b;c', lower('PHOTOS'))",
])('an interval of a few, and a text that is none, is answered: %s', async (condition) => {
  expect(
    (await store.gate.run({ sql: where(condition), scope: [own], turns_of: 'interval' })).row_count,
  ).toBe(1)
})

test('the most that is let through holds QuestDB for no second', async () => {
  const sql = where("ts IN '2026-[01..12]-[01..28]T[00..23]'")
  const { elapsed_ms } = await store.gate.run({ sql, scope: [own], turns_of: 'interval' })
  expect(elapsed_ms).toBeLessThan(1_000)
})
