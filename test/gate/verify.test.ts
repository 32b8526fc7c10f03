import { expect, test } from 'bun:test'
import { isConfined } from '../../src/gate/verify.ts'
import { views, viewSql } from '../../src/gate/views.ts'

const window = { from_ms: 0, to_ms: 86_400_000 }
const exact = { remote_ip: [0], requester: [0] }
const queries = [
  { whole: [], exact: {} },
  { whole: [0], exact },
].flatMap((counted) => views.map((view) => viewSql(view, ['own'], window, () => true, counted)))
const [operations = ''] = queries
const counted = queries.find((query) => query.includes('day_counts')) ?? ''

test('SQL that reads stored tables through the views alone is confined', () => {
  for (const query of queries) {
    expect(isConfined(`SELECT count() FROM ${query} v WHERE v.source = 'x'`, queries)).toBe(true)
    expect(
      isConfined(
        `SELECT * FROM (SELECT * FROM ${query}) v JOIN ${operations} o ON v.source = o.source`,
        queries,
      ),
    ).toBe(true)
    expect(
      isConfined(`SELECT 1 FROM ${operations} o WHERE source IN (SELECT source FROM ${query} v)`, queries),
    ).toBe(true)
  }
  expect(isConfined('SELECT 1 FROM long_sequence(1)', [])).toBe(true)
})

// The second lock, were the first one open: whatever else is read is seen.
test.each([
  'SELECT * FROM operations',
  'SELECT * FROM requests',
  `SELECT * FROM ${operations} o, requests`,
  `SELECT * FROM ${operations} o JOIN operations p ON o.key = p.key`,
  `SELECT * FROM ${operations} o UNION ALL SELECT * FROM operations`,
  `SELECT * FROM ${operations} o WHERE key IN (SELECT key FROM operations)`,
  `SELECT * FROM ${operations} o WHERE ts > (SELECT max(ts) FROM requests)`,
  `SELECT * FROM ${operations.replace("'own'", "'foreign'")} o`,
  `SELECT * FROM ${operations.replace("'own'", "'own', 'foreign'")} o`,
  `SELECT * FROM ${operations.replace(' AND ts >=', ' OR ts >=')} o`,
  `SELECT * FROM ${operations.replace("source IN ('own') AND ", '')} o`,
  `SELECT * FROM ${operations.replace(/\)$/, ' UNION ALL SELECT * FROM operations)')} o`,
  'SELECT * FROM day_counts',
  `SELECT * FROM ${counted.replace("'own'", "'foreign'")} o`,
  `SELECT * FROM ${counted.replace("source IN ('own') AND ", '')} o`,
  "SELECT * FROM files('/etc')",
  'SELECT 1 FROM long_sequence(2)',
  `SELECT * FROM ${operations} o CROSS JOIN long_sequence(1000)`,
  'SELECT * FROM (SHOW TABLES)',
  `WITH x AS (SELECT * FROM ${operations} o) SELECT * FROM x`,
  'DECLARE @x := 1 SELECT @x FROM long_sequence(1)',
  `SELECT 1 FROM ${operations} o; SELECT 2`,
  'DROP TABLE operations',
  'operations',
  'SELECT',
  '',
])('%s is not', (sql) => {
  expect(isConfined(sql, queries)).toBe(false)
})

test('a view of another scope or window is not', () => {
  const other = views.map((view) => viewSql(view, ['other'], window, () => true))
  expect(isConfined(`SELECT * FROM ${operations} o`, other)).toBe(false)
  expect(isConfined(`SELECT * FROM ${operations} o`, [])).toBe(false)
})
