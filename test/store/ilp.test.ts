import { expect, setDefaultTimeout, test } from 'bun:test'
import fc from 'fast-check'
import type { Operation } from '../../src/logs/record.ts'
import { originOf } from '../../src/store/ilp-fields.ts'
import { createRowBuffer } from '../../src/store/ilp.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openQueryPool } from '../../src/store/query.ts'
import { createWriteRows } from '../../src/store/write.ts'
import { cleaned, hostileOperation, hostileText } from '../support/hostile-operation.ts'
import { migrationsDir } from '../support/migrations-dir.ts'
import { testQuestDB } from '../support/servers.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(60_000)

type Field = string | bigint | boolean

/** Reads line protocol as its definition says, in the subset that may occur: `table field=value,... timestamp`. */
function decode(body: Uint8Array): { table: string; fields: Record<string, Field>; ts: string }[] {
  const ilp = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  const rows = []
  for (let at = 0; at < ilp.length;) {
    const take = (pattern: RegExp): string => {
      pattern.lastIndex = at
      const found = pattern.exec(ilp)?.[0]
      if (found === undefined) throw new Error(`No ${pattern} at ${at}: ${ilp.slice(at, at + 40)}`)
      at += found.length
      return found
    }
    const table = take(/\w+(?= )/y)
    const fields: Record<string, Field> = {}
    do {
      at++
      const name = take(/\w+(?==)/y)
      at++
      const raw = take(/"(?:[^"\\\n]|\\["\\])*"|-?\d+i|[tf](?=,)/y)
      fields[name] = raw.startsWith('"')
        ? raw.slice(1, -1).replace(/\\(.)/gs, '$1')
        : raw.endsWith('i')
          ? BigInt(raw.slice(0, -1))
          : raw === 't'
    } while (ilp[at] === ',')
    take(/ /y)
    rows.push({ table, fields, ts: take(/\d+(?=\n)/y) })
    at++
  }
  return rows
}

/** The row that an operation must become: null is left out. */
function expected(operation: Operation, source: string, log_object: string): Record<string, Field> {
  const { ts: _, ...columns } = { ...operation, source, log_object }
  const fields = Object.entries(columns).flatMap(([name, value]): [string, Field][] => {
    if (value === null) return []
    if (typeof value === 'string') return [[name, cleaned(value)]]
    return [[name, typeof value === 'number' ? BigInt(value) : value]]
  })
  return Object.fromEntries(fields)
}

test('n operations of any content are exactly n rows that hold what they held', () => {
  const rowBuffer = createRowBuffer()
  const batch = fc.array(hostileOperation, { minLength: 40, maxLength: 100, size: 'max' })
  let seen = 0
  fc.assert(
    fc.property(batch, hostileText, hostileText, (operations, source, logObject) => {
      const rows = decode(rowBuffer.append(operations, originOf(source, logObject)).bytes)
      seen += operations.length
      expect(rows.length).toBe(operations.length)
      operations.forEach((operation, i) => {
        expect(rows[i]?.table).toBe('operations')
        expect(rows[i]?.ts).toBe(String(operation.ts))
        if (!Bun.deepEquals(rows[i]?.fields, expected(operation, source, logObject)))
          expect(rows[i]?.fields).toEqual(expected(operation, source, logObject))
      })
    }),
    { numRuns: 170 },
  )
  expect(seen).toBeGreaterThan(10_000)
})

test('rows are right beyond the first buffer, and with text of a whole line', () => {
  const rowBuffer = createRowBuffer()
  const [some] = fc.sample(hostileOperation, { numRuns: 1, seed: 1 })
  if (!some) throw new Error('no sample')
  const long = ['"'.repeat(65_536), 'ü'.repeat(30_000), '\u2028'.repeat(21_000), 'x'.repeat(65_536)]
  const operations = Array.from({ length: 60 }, (_, i) => ({ ...some, key: long[i % 4] ?? '' }))
  const rows = decode(rowBuffer.append(operations, originOf('s', 'o')).bytes)
  expect(rows.map(({ fields }) => fields.key)).toEqual(operations.map(({ key }) => key))
})

test('the bytes of an encoding stay as they are when the next one is made', () => {
  const rowBuffer = createRowBuffer()
  const operations = fc.sample(hostileOperation, { numRuns: 50, seed: 2 })
  const first = rowBuffer.append(operations, originOf('s', 'o')).bytes
  const copy = first.slice()
  rowBuffer.append(operations.toReversed(), originOf('another', 'other'))
  expect(first).toEqual(copy)
})

test('QuestDB stores 2,000 hostile operations as 2,000 rows, equal to the byte', async () => {
  const { address, pgUrl } = await testQuestDB()
  await migrate(address, { dir: migrationsDir, retentionDays: 0 })
  const pool = openQueryPool(pgUrl.reveal(), { connections: 1, timeout_ms: 20_000 })
  const source = 'ilp-test'
  const schema = async (): Promise<unknown> =>
    (await pool.query('SHOW COLUMNS FROM operations')).rows.map((row) => row.slice(0, 2))
  const before = await schema()

  const now_us = Date.now() * 1000
  const operations = fc
    .sample(hostileOperation, { numRuns: 2_000, seed: 3 })
    // A few days, as a partition for each row would only be slow; each hash once, as DEDUP makes the same one row.
    .map((operation, i) => ({
      ...operation,
      ts: now_us - (i % 3) * 86_400_000_000 - i,
      line_hash: BigInt(i) - 1000n,
    }))
  const rejected = await createWriteRows(address)(
    createRowBuffer().append(operations, originOf(source, 'o')).bytes,
  )
  expect(rejected).toEqual([])

  const where = `FROM operations WHERE source = '${source}'`
  await until(async () => (await pool.query(`SELECT count() ${where}`)).rows[0]?.[0] === 2_000)
  const { columns, rows } = await pool.query(`SELECT * ${where} ORDER BY line_hash`)
  rows.forEach((row, i) => {
    const operation = operations[i]
    if (!operation) throw new Error('more rows than operations')
    const stored = Object.fromEntries(
      columns.flatMap(({ name, type }, at): [string, Field][] => {
        const value = row[at]
        if (value === null || name === 'ts') return []
        return [[name, type === 'LONG' || type === 'INT' ? BigInt(String(value)) : (value as Field)]]
      }),
    )
    expect(stored).toEqual(expected(operation, source, 'o'))
    const iso = String(row[columns.findIndex(({ name }) => name === 'ts')])
    expect(Date.parse(iso.slice(0, 23) + 'Z') * 1000 + Number(iso.slice(23, 26))).toBe(operation.ts)
  })
  expect(await schema()).toEqual(before)
  await pool.close()
})
