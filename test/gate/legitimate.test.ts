import { expect, setDefaultTimeout, test } from 'bun:test'
import { views, viewSql } from '../../src/gate/views.ts'
import { execute } from '../../src/store/http.ts'
import { sameRows } from '../support/same-rows.ts'
import { aloneStore, own, readCorpus, sharedStore } from './two-tenants.ts'

setDefaultTimeout(120_000)

const [shared, alone] = await Promise.all([sharedStore(), aloneStore()])
const statements = await readCorpus('legitimate')

// One tenant's rows as the views say, in plain tables: what a tenant would see who had a database of its own.
for (const view of views.filter(({ name, table }) => name !== table)) {
  const query = viewSql(view, null, { from_ms: 0, to_ms: Date.now() + 86_400_000 }, () => true)
  const order = view.columns.some(({ name }) => name === 'ts') ? ' TIMESTAMP(ts) PARTITION BY DAY' : ''
  await execute(alone.address, `CREATE TABLE ${view.name} AS (SELECT * FROM ${query})${order}`)
}

// What the stored tables hold beside what their views show.
const hidden = new Set(['line_hash', 'delivery', 'delivered_at', 'updated_at', 'parser_version'])

interface Table {
  columns: readonly { name: string }[]
  rows: readonly (readonly unknown[])[]
}

function shown({ columns, rows }: Table): { names: string[]; rows: unknown[][] } {
  const kept = columns.flatMap(({ name }, index) => (hidden.has(name) ? [] : [index]))
  return {
    names: kept.map((index) => columns[index]?.name.toLowerCase() ?? ''),
    rows: rows.map((row) => kept.map((index) => row[index])),
  }
}

test('at least 200 questions that people ask are let through, and answered as by a database of their own', async () => {
  expect(statements.length).toBeGreaterThanOrEqual(200)
  const refused: string[] = []
  const different: string[] = []
  for (const { sql } of statements) {
    const expected = shown(await alone.query(sql))
    const answer = await shared.gate
      .run({ sql, scope: [own], turns_of: 'legitimate', limit: 100_000 })
      .catch((error: Error) => {
        refused.push(`${sql}: ${error.message}`)
      })
    if (!answer) continue
    const found = shown(answer)
    const ordered = /order by [^)]*$/i.test(sql)
    const same =
      Bun.deepEquals(found.names, expected.names) && sameRows(found.rows, expected.rows, { ordered })
    if (!same) different.push(sql)
  }
  console.log(
    `legitimate: ${statements.length - refused.length} of ${statements.length} accepted, ${different.length} different`,
  )
  expect(different).toEqual([])
  expect(refused.length, refused.join('\n')).toBeLessThanOrEqual(statements.length * 0.02)
})
