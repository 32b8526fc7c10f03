import { expect, test } from 'bun:test'
import { rewrite } from '../../src/gate/rewrite.ts'
import { bind } from '../../src/questions/bind.ts'
import { findQuestion, library } from '../../src/questions/library.ts'

const to_ms = Date.UTC(2026, 7, 28, 10)
const bound = (name: string, given = {}) => bind(findQuestion(name), given, to_ms).sql
const window = { from_ms: to_ms - 1, to_ms }
const check = (sql: string) => rewrite({ sql, scope: ['source-a'], limit: 1_000, window })

// None of it may end a text, begin a comment or reach the SQL as anything but text.
const hostile = [
  "'",
  "''",
  "' OR '1'='1",
  "'; DROP TABLE operations; --",
  "\\' OR true --",
  "x') OR starts_with(key, '",
  '"',
  ';',
  '-- ',
  '/* */',
  '{limit} {to} {bucket}',
  '$1 $& $` @x ?',
  '%_\\',
  'ünïcödé 数据 🎨',
  '\u202e\ufeff',
  'x'.repeat(1024),
]

test.each(library)('$name passes the gate with no value given and with all of them', (question) => {
  const values = question.parameters.map((parameter) => [
    parameter.name,
    parameter.type === 'text' ? 'a' : parameter.type === 'choice' ? parameter.choices[0] : parameter.maximum,
  ])
  for (const given of [{}, Object.fromEntries(values)]) {
    const { sql } = bind(question, given, to_ms)
    expect(sql).not.toMatch(/[{}]/)
    expect(check(sql).sql_executed).toContain("source IN ('source-a')")
  }
})

const texts = library.map((question) => {
  const names = question.parameters.filter(({ type }) => type === 'text').map(({ name }) => name)
  const withAll = (value: string): string =>
    bind(question, Object.fromEntries(names.map((name) => [name, value])), to_ms).sql
  const plain = withAll('plain')
  return { names, withAll, plain, executed: check(plain).sql_executed }
})

test.each(hostile)('a text stays one literal, whatever is in it: %j', (value) => {
  const literal = `'${value.replaceAll("'", "''")}'`
  for (const { names, withAll, plain, executed } of texts.filter((question) => question.names.length > 0)) {
    const sql = withAll(value)
    expect(sql.split(literal).length).toBe(names.length + 1)
    expect(sql.replaceAll(literal, "'plain'")).toBe(plain)
    expect(check(sql).sql_executed.replaceAll(literal, "'plain'")).toBe(executed)
  }
})

test.each(['\0', 'a\nb', '\u001b[31m', '\ud800'])(
  'control characters and broken text become what is stored: %j',
  (value) => {
    const sql = bound('object-history', { key: value })
    expect(sql).toContain('\ufffd')
    expect(sql.split('\n').length).toBe(bound('object-history', { key: 'a' }).split('\n').length)
    check(sql)
  },
)

test.each([
  '0',
  '-1',
  '1.5',
  '1e3',
  '0x10',
  '1001',
  '99999999999999999999',
  'NaN',
  'Infinity',
  ' 1',
  '1;',
  "1'",
  '１',
  0,
  -1,
  1.5,
  1e300,
  Number.NaN,
])('a whole number out of its range is refused: %p', (limit) => {
  expect(() => bound('copies', { limit })).toThrow('Cannot use limit')
})

test.each(['-1', '1e-3', '1001', '0.0000001', '.5', '1,5', 'abc'])(
  'a number out of its range is refused: %s',
  (value) => {
    expect(() => bound('egress-by-client', { price_per_gib: value })).toThrow('Cannot use price_per_gib')
  },
)

test.each([
  ['hot-objects', 'order', 'bytes_sent DESC; --'],
  ['hot-objects', 'order', 'toString'],
  ['hot-objects', 'format', 'S3'],
  ['scans', 'status', '500'],
])('%s takes only fixed choices for %s, and not %s', (name, parameter, value) => {
  expect(() => bound(name, { [parameter]: value })).toThrow(`Cannot use ${parameter} '${value}'`)
})

test('a text that is longer than any key is refused', () => {
  expect(() => bound('copies', { prefix: 'x'.repeat(1025) })).toThrow('Cannot use prefix')
})

test.each(['__proto__', 'constructor', 'to', 'bukcet'])(
  'an unknown parameter is refused with the known ones: %s',
  (name) => {
    expect(() => bound('copies', { [name]: '1' } as object)).toThrow(
      expect.objectContaining({
        code: 'invalid_parameter',
        message: `Cannot ask copies with the parameter '${name}': it is not known`,
        hint: 'the known ones are bucket, prefix, limit, from and to',
      }),
    )
  },
)

test('an empty value is none, and its line is left out', () => {
  expect(bound('copies', { bucket: '', prefix: null })).toBe(bound('copies'))
  expect(bound('copies')).not.toContain('starts_with')
})

test.each([
  ['deleted-object', 'did you mean deleted-objects?'],
  ['Cold-Objekts', 'did you mean cold-objects, hot-objects?'],
  ['egress', 'did you mean egress-by-client, egress-by-prefix?'],
  ['__proto__', 'GET /sql/library lists the questions'],
  ["'; DROP TABLE operations", 'GET /sql/library lists the questions'],
])('the question %s is not known, and the nearest are named', (name, hint) => {
  expect(() => findQuestion(name)).toThrow(expect.objectContaining({ code: 'unknown_question', hint }))
})
