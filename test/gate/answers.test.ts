import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { views } from '../../src/gate/views.ts'
import { foreign, own, sharedStore } from './two-tenants.ts'

setDefaultTimeout(120_000)

const store = await sharedStore()
const run = (sql: string, scope: readonly string[] | null = [own]) =>
  store.gate.run({ sql, scope, turns_of: 'a', limit: 10_000 })
const value = async (sql: string): Promise<unknown> => (await run(sql)).rows[0]?.[0]

describe('counting the groups that a WHERE leaves, which QuestDB gets wrong', () => {
  const groups = 'SELECT bucket, key, count() AS c FROM operations GROUP BY bucket, key'
  const minutes = 'SELECT ts, bucket, count() AS c FROM operations SAMPLE BY 10m'
  const one = '(SELECT max(status) AS m FROM operations) o'
  test.each([
    [groups, `SELECT count() FROM (${groups}) WHERE c > 3`],
    [groups, `SELECT count(*) FROM (${groups}) g WHERE g.c > 3`],
    [groups, `SELECT count(1) FROM (${groups}) WHERE c > 3`],
    [groups, `SELECT sum(1) FROM (${groups}) WHERE c > 3`],
    [groups, `WITH g AS (${groups}) SELECT count() FROM g WHERE c > 3`],
    [groups, `SELECT count() FROM (SELECT * FROM (${groups})) WHERE c > 3`],
    [groups, `SELECT count() FROM (SELECT bucket FROM (${groups}) WHERE c > 3)`],
    [groups, `SELECT count() FROM ${one} CROSS JOIN (${groups}) g WHERE g.c > 3`],
    [groups, `SELECT count(), max(o.m) FROM ${one} CROSS JOIN (${groups}) g WHERE g.c > 3`],
    [minutes, `SELECT count() FROM (${minutes}) WHERE c > 3`],
    [minutes, `SELECT sum(n) FROM (SELECT ts, count() AS n FROM (${minutes}) WHERE c > 3 SAMPLE BY 1h)`],
    ['SELECT requests AS c FROM clients', 'SELECT count() FROM clients WHERE requests > 3'],
    ['SELECT reads AS c FROM objects_last_read', 'SELECT count() FROM objects_last_read WHERE reads > 3'],
    ['SELECT GetRequests AS c FROM requests_1m', 'SELECT count() FROM requests_1m WHERE GetRequests > 3'],
  ])('%s: %s', async (rows, counted) => {
    const { columns, rows: all } = await run(rows)
    const c = columns.findIndex(({ name }) => name === 'c')
    expect(await value(counted)).toBe(all.filter((row) => Number(row[c]) > 3).length)
  })
})

test('a scope is its own sources, none of them, or with the admin key all', async () => {
  const counted = async (scope: readonly string[] | null) =>
    (await run('SELECT source, count() AS n FROM operations ORDER BY source', scope)).rows
  expect(await counted([own])).toEqual([[own, 1500]])
  expect(await counted([foreign])).toEqual([[foreign, 2100]])
  expect(await counted([own, foreign])).toEqual([
    [own, 1500],
    [foreign, 2100],
  ])
  expect(await counted(null)).toEqual([
    [own, 1500],
    [foreign, 2100],
  ])
  expect(await counted([])).toEqual([])
  expect(await counted(["x') OR ('1' = '1"])).toEqual([])
})

test('every view has the columns that it says, of their types, and rows', async () => {
  for (const view of views) {
    const { columns, rows } = await run(`SELECT * FROM ${view.name}`)
    expect(columns.map(({ name, type, unit }) => ({ name, type, unit }))).toEqual(
      view.columns.map(({ name, type, unit }) => ({ name, type, unit })),
    )
    // Days as small as these are not counted beforehand; counted.test.ts holds the rows of those that are.
    expect([view.name, rows.length > 0]).toEqual([view.name, view.name !== 'day_counts'])
    for (const { name } of view.columns) await run(`SELECT ${name} FROM ${view.name} LIMIT 1`)
  }
})

test('columns carry the unit of what they are made of', async () => {
  const { columns } =
    await run(`SELECT bucket, sum(bytes_sent) AS b, max(total_ms) AS ms, count() AS n, 100.0 * sum(bytes_sent) / count() AS share,
    round(avg(t), 1) AS mean FROM (SELECT bucket, bytes_sent, total_ms, total_ms AS t FROM operations)`)
  expect(columns.map(({ name, unit }) => [name, unit])).toEqual([
    ['bucket', undefined],
    ['b', 'Bytes'],
    ['ms', 'Milliseconds'],
    ['n', 'Count'],
    ['share', undefined],
    ['mean', 'Milliseconds'],
  ])
})

test.each([
  "it's",
  "''",
  'a"b',
  'back\\slash',
  '\\',
  '%_',
  '--',
  '/* x */',
  ';',
  'line\nbreak',
  'tab\t',
  'bell\u0007',
  '\u202e',
  '\u200b',
  '\u00a0',
  'ä',
  '漢字',
  '😀',
  '\u{1f468}\u200d\u{1f469}',
  '{"a": 1}',
  '$1',
  '?',
  ':x',
  '@x',
  '${x}',
  '`x`',
  "' OR '1'='1",
  'x'.repeat(3_000),
])('a text comes back as it was written: %j', async (text) => {
  expect(await value(`SELECT '${text.replaceAll("'", "''")}' AS x FROM operations LIMIT 1`)).toBe(text)
})

test('what QuestDB refuses is told without the values of rows, and with its place where there is one', async () => {
  const told = (sql: string) => run(sql).catch((error: unknown) => error)
  expect(await told('SELECT sum(key) AS s FROM operations')).toMatchObject({
    code: 'invalid_sql',
    message: 'QuestDB refuses the SQL: inconvertible value: a value [VARCHAR -> DOUBLE]',
    hint: expect.stringContaining('compare texts with texts'),
    position: null,
  })
  expect(await told("SELECT 1 FROM operations WHERE ts > 'soon'")).toMatchObject({
    message: 'QuestDB refuses the SQL: Invalid date',
    position: { offset: 36, line: 1, column: 37 },
  })
})

test('what reaches QuestDB holds no word of the caller that was not understood', async () => {
  const { sql_executed, tables } = await store.gate.check({
    sql: `select /* secret-comment */ count(*) as "n" -- secret-comment
      FROM Operations O where O.BUCKET='photos'`,
    scope: [own],
    from: '2026-01-01',
    to: '2026-02-01',
  })
  expect(tables).toEqual(['operations'])
  expect(sql_executed).toBe(
    `SELECT count(*) AS n FROM (SELECT ts, bucket FROM operations WHERE source IN ('${own}') AND ts >= '2026-01-01T00:00:00.000000Z' AND ts < '2026-02-01T00:00:00.000000Z') O WHERE O.BUCKET = 'photos' LIMIT 1001`,
  )
})
