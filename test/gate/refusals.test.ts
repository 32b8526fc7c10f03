import { expect, test } from 'bun:test'
import { badLike, badRegex } from '../../src/gate/pattern.ts'
import { rewrite } from '../../src/gate/rewrite.ts'
import { SqlError } from '../../src/gate/sql-error.ts'

const window = { from_ms: 0, to_ms: Date.UTC(2026, 0) }
const check = (sql: string) => rewrite({ sql, scope: ['x'], limit: 1_000, window })

function refusal(sql: string): SqlError {
  try {
    check(sql)
  } catch (error) {
    if (error instanceof SqlError) return error
    throw error
  }
  throw new Error(`it is let through: ${sql}`)
}

/** `^` stands below where the SQL is wrong. */
test.each([
  [
    'SELECT * FROM operatons',
    '              ^',
    "Cannot find the table 'operatons'",
    'did you mean operations?',
  ],
  [
    'SELECT * FROM requests',
    '              ^',
    "Cannot find the table 'requests'",
    'did you mean requesters, requests_1m?',
  ],
  ['SELECT buckt FROM operations', '       ^', "Cannot find the column 'buckt'", 'did you mean bucket?'],
  [
    'SELECT x.bucket FROM operations o',
    '       ^',
    "Cannot find the table 'x' in this FROM",
    /qualified with o/,
  ],
  [
    'SELECT 1 FROM operations WHERE bucket = "photos"',
    '                                        ^',
    "Cannot find the column 'photos'",
    /single quotes/,
  ],
  [
    'SELECT approx_percentil(total_ms, 0.9) FROM operations',
    '       ^',
    "Cannot call the function 'approx_percentil'",
    'did you mean approx_percentile?',
  ],
  ['SELECT date_add(ts, 1) FROM operations', '       ^', "Cannot call the function 'date_add'", /dateadd/],
  ['SELECT reload_config()', '       ^', "Cannot call the function 'reload_config'", /\/sql\/schema/],
  [
    "SELECT * FROM files('/etc')",
    '              ^',
    "Cannot read from the function 'files'",
    /\/sql\/schema/,
  ],
  [
    'SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY total_ms) AS p FROM operations',
    '                             ^',
    "Cannot read the SQL: unexpected 'WITHIN'",
    /approx_percentile/,
  ],
  [
    'SELECT bucket, count() FROM operations GROUP BY bucket HAVING count() > 5',
    '                                                       ^',
    "Cannot read the SQL: unexpected 'HAVING'",
    /no HAVING/,
  ],
  [
    "SELECT 1 FROM operations WHERE ts > now() - interval '1' day",
    '                                            ^',
    "Cannot read the SQL: unexpected 'interval'",
    /dateadd/,
  ],
  [
    'SELECT 1 FROM operations WHERE ts > now() - 7d',
    '                                            ^',
    'Cannot use the duration 7d as a value',
    /dateadd\('d', -7, now\(\)\)/,
  ],
  ['SELECT `bucket` FROM operations', '       ^', "Cannot read the SQL: unexpected '`'", /double quotes/],
  [
    'SELECT 1 FROM operations WHERE bucket = $1',
    '                                        ^',
    "Cannot read the SQL: unexpected '$'",
    /no parameters/,
  ],
  ["SELECT 'abc FROM operations", '       ^', `Cannot read the SQL: unexpected '''`, /a text ends/],
  [
    'SELECT 1 FROM operations WHERE',
    '                              ^',
    'Cannot read the SQL: it ends too early',
    undefined,
  ],
  [
    "SELECT 1 FROM operations WHERE key ~ '(a+)+'",
    '                                     ^',
    'Cannot use the pattern of ~: a group is repeated',
    /several simple conditions/,
  ],
  [
    "SELECT 1 FROM operations WHERE key LIKE '%a%b%c%d'",
    '                                        ^',
    /% in more places than one/,
    /several simple/,
  ],
  [
    'SELECT approx_percentile(total_ms, 0.9, 4) FROM operations',
    '       ^',
    /precision must be 0, 1 or 2/,
    /within 1 %/,
  ],
  ['SELECT 0x41', '       ^', "Cannot read the number '0x41'", 'write decimal numbers'],
  ['DROP TABLE operations', '^', 'Cannot run this statement: only SELECT is allowed', /\/sql\/schema/],
  ['SELECT 1; SELECT 2', '', 'Cannot run more than one statement', 'send one SELECT at a time'],
  [
    'SELECT count() FROM operations a JOIN operations b ON a.status > b.status',
    '',
    'Cannot join without an equality between both sides',
    /ON a.bucket = b.bucket/,
  ],
  [
    'SELECT count() FROM operations a, operations b',
    '',
    'Cannot pair every row with every row',
    /CROSS JOIN is for/,
  ],
  ['SELECT (SELECT max(ts) FROM operations)', '', 'Cannot use a subquery as a value', /CROSS JOIN/],
])('%s', (sql, marked, message, hint) => {
  const refused = refusal(sql)
  expect(refused.code).toBe('invalid_sql')
  if (typeof message === 'string') expect(refused.message).toBe(message)
  else expect(refused.message).toMatch(message)
  if (hint === undefined) expect(refused.hint).toBeUndefined()
  else expect(refused.hint ?? '').toMatch(hint)
  expect(refused.position).toEqual(
    marked === '' ? null : { offset: marked.length - 1, line: 1, column: marked.length },
  )
})

test('a place is told by line and column too', () => {
  const { position } = refusal('SELECT count()\r\nFROM operations\n  WHERE buckt = 1')
  expect(position).toEqual({ offset: 40, line: 3, column: 9 })
})

test.each([
  'bot|crawler',
  '(?i)bot',
  '^images/',
  '\\.jpg$',
  '^https?://([^/]+).*$',
  '^.*(a).*$',
  '^a+b',
  '[0-9]{3}',
  '^v[12]\\.\\d+',
  '(jpg|png|gif)$',
])('the regular expression %s may run', (pattern) => {
  expect(badRegex(pattern)).toBeNull()
})

test.each([
  '(a+)+',
  '(a|b)*',
  'a+b',
  '.*x',
  '^a*b*',
  '^a*b*.*',
  '^a+|b',
  'a{1,9}b',
  'a{11}',
  'a?b?c?',
  '(a|b)(c|d)(e|f)',
  '(?=a)',
  '(?<n>a)',
  '\\1',
  'a**',
  'a{2}{3}',
  '[a',
  '\\',
  '[[a]]',
  'x'.repeat(201),
])('the regular expression %s may not', (pattern) => {
  expect(badRegex(pattern)).toBeString()
})

test('a pattern of LIKE may hold % at one place, or at both ends', () => {
  const allowed = ['a', '%', '%%', '%a', 'a%', 'a%b', '%a%', '%a_b%', 'a%%%b', '%\\%%', '']
  const refused = ['%a%b', 'a%b%', '%a%b%', 'a%b%c', 'x'.repeat(201)]
  expect(allowed.map(badLike)).toEqual(allowed.map(() => null))
  for (const pattern of refused) expect([pattern, badLike(pattern)]).toEqual([pattern, expect.any(String)])
})

test('one statement looks into so many texts only', () => {
  const sql = (count: number): string =>
    `SELECT 1 AS x FROM operations WHERE ${Array.from({ length: count }, (_, n) => `key LIKE '%a${n}%'`).join(' OR ')}`
  check(sql(30))
  expect(refusal(sql(31)).message).toBe('Cannot run the SQL: it looks into texts more than 30 times')
  const nested = `SELECT count() AS n FROM (${sql(16)}) UNION ALL SELECT count() FROM (${sql(16)})`
  expect(refusal(nested).message).toContain('more than 30 times')
})

test.each([
  ['by concat', 'concat(a, a, a, a)', 'SELECT key AS a FROM operations'],
  ['by ||', 'a || a || a || a', 'SELECT key AS a FROM operations'],
  ['from a text', 'concat(a, a, a, a)', "SELECT 'x' AS a"],
  ['from a number', 'concat(a, a, a, a)', 'SELECT 1 AS a'],
  ['by replace', "replace(a, 'a', 'aaaa')", 'SELECT key AS a FROM operations'],
  ['by regexp_replace', "regexp_replace(a, '', '$0')", 'SELECT key AS a FROM operations'],
  ['under another name', 'max(left(concat(a, a, a, a), 9))', 'SELECT key AS a FROM operations'],
])('text cannot be blown up %s', (_, grown, start) => {
  const sql = (count: number): string =>
    `${`SELECT ${grown} AS a FROM (`.repeat(count)}${start}${')'.repeat(count)}`
  check(sql(1))
  expect(refusal(sql(2)).message).toBe('Cannot run the SQL: its texts are too long together')
})
