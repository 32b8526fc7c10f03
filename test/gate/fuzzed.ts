import { functions } from '../../src/gate/functions.ts'
import { views } from '../../src/gate/views.ts'
import { pick } from './two-tenants.ts'

type Random = (below: number) => number

const forbiddenTables = [
  'requests',
  'operations_1m',
  'operations_1h',
  'first_bytes_1m',
  'tables()',
  "files('/etc')",
  'long_sequence(9)',
  'information_schema.tables',
  'query_activity()',
]
const forbiddenCalls = [
  'reload_config()',
  "touch('x')",
  'lpad(key, 9)',
  'rnd_str()',
  'version()',
  'sleep(1)',
  'string_agg(key, key)',
]
const scalars = [...functions].filter(([, { kind }]) => kind === 'scalar').map(([name]) => name)
const aggregates = [
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'first',
  'last',
  'count_distinct',
  'approx_percentile',
  'stddev',
  'mode',
]
const columns = views.flatMap((view) => view.columns.map(({ name }) => name))
const texts = [
  "'x'",
  "'it''s'",
  "'bbbb2222'",
  "'2026-01-01'",
  "'%a%'",
  "'^a+b'",
  "'--'",
  "'/*'",
  "'😀'",
  "'h'",
  "'\\'",
  "''",
  "') OR (1=1'",
]
const names = [
  'a',
  'b',
  'operations',
  'requests',
  'errors',
  'source',
  'ts',
  'n',
  '"odd name"',
  '"select"',
  "'x'",
]

/** A SELECT from a grammar that knows what is allowed, and now and then names what is not. */
export function writeSelect(random: Random, depth = 0): string {
  const rarely = (one: number): boolean => random(one) === 0
  const number = (): string => pick(random, ['0', '1', '2', '0.95', '200', '404', '5L', '1e3', '-1'])
  const column = (): string =>
    (rarely(12) ? `${pick(random, names)}.` : '') +
    pick(random, random(3) ? ['ts', 'bucket', 'status', 'key', 'bytes_sent', 'total_ms', 'source'] : columns)
  const expression = (level: number): string => {
    if (rarely(400)) return pick(random, forbiddenCalls)
    if (level > 2) return pick(random, [column, number, () => pick(random, texts)])()
    const inner = (): string => expression(level + 1)
    return pick(random, [
      column,
      column,
      column,
      number,
      () => pick(random, texts),
      () =>
        `${inner()} ${pick(random, ['+', '-', '*', '/', '%', '||', '=', '<>', '<', '>=', 'AND', 'OR', 'LIKE', '~'])} ${inner()}`,
      () => `(${inner()})`,
      () => `-${column()}`,
      () => `NOT ${inner()}`,
      () =>
        `${pick(random, scalars)}(${[inner, inner, inner]
          .slice(random(3))
          .map((part) => part())
          .join(', ')})`,
      () => `CASE WHEN ${inner()} THEN ${inner()} ELSE ${inner()} END`,
      () => `cast(${inner()} AS ${pick(random, ['int', 'varchar', 'double', 'timestamp'])})`,
      () => `${column()}::${pick(random, ['int', 'varchar', 'long'])}`,
      () => `${column()} IN (${inner()}, ${inner()})`,
      () => `${column()} BETWEEN ${inner()} AND ${inner()}`,
      () => `${column()} IS ${random(2) ? '' : 'NOT '}NULL`,
      () => (depth < 3 ? `bucket IN (${writeSelect(random, depth + 1)})` : column()),
    ])()
  }
  const aggregate = (): string => {
    const name = pick(random, aggregates)
    return name === 'count'
      ? 'count()'
      : name === 'approx_percentile'
        ? 'approx_percentile(total_ms, 0.5, 2)'
        : `${name}(${column()})`
  }
  const item = (): string => {
    const value = pick(random, [
      column,
      column,
      aggregate,
      () => expression(0),
      () => `row_number() OVER (PARTITION BY ${column()} ORDER BY ${column()})`,
    ])()
    return rarely(3) ? `${value} AS ${pick(random, names)}` : value
  }
  const table = (): string => {
    if (rarely(150)) return pick(random, forbiddenTables)
    const name =
      depth < 3 && rarely(4)
        ? `(${writeSelect(random, depth + 1)})`
        : pick(random, random(3) ? ['operations', 'errors', 'egress'] : views.map((view) => view.name))
    return rarely(4) ? `${name} ${pick(random, names)}` : name
  }
  const join = (): string =>
    pick(random, [
      () => `JOIN ${table()} j ON j.bucket = operations.bucket`,
      () => `ASOF JOIN ${table()} j ON (bucket)`,
      () => `CROSS JOIN (SELECT count() AS total FROM ${table()}) c`,
      () => `, ${table()}`,
    ])()
  const list = (most: number, part: () => string): string =>
    Array.from({ length: 1 + random(most) }, part).join(', ')
  const parts = [
    depth < 2 && rarely(8) ? `WITH ${pick(random, names)} AS (${writeSelect(random, depth + 1)})` : '',
    `SELECT ${rarely(10) ? 'DISTINCT ' : ''}${rarely(6) ? '*' : list(3, item)}`,
    `FROM ${table()}`,
    rarely(6) ? join() : '',
    random(2) ? `WHERE ${expression(0)}` : '',
    rarely(6) ? `SAMPLE BY ${pick(random, ['1h', '10m', '1d', '1T'])}${rarely(3) ? ' FILL(0)' : ''}` : '',
    rarely(12) ? 'LATEST ON ts PARTITION BY bucket' : '',
    rarely(5) ? `GROUP BY ${list(2, column)}` : '',
    rarely(5) ? `ORDER BY ${list(2, column)}${random(2) ? ' DESC' : ''}` : '',
    rarely(6) ? `LIMIT ${pick(random, ['1', '5', '-3', '2, 4', '999999999'])}` : '',
    depth < 2 && rarely(20) ? `UNION ALL ${writeSelect(random, depth + 1)}` : '',
  ]
  return parts.filter(Boolean).join(' ')
}

const spices = [
  ...forbiddenTables,
  ...forbiddenCalls,
  ...texts,
  ...names,
  '(',
  ')',
  ',',
  ';',
  '--',
  '/*',
  '*/',
  "'",
  '"',
  '\\',
  '.',
  '::int',
  '*',
  '=',
  'SELECT',
  'FROM',
  'WHERE',
  'UNION',
  'WITH',
  'AS',
  'JOIN',
  'ON',
  'IN',
  'OR',
  'NOT',
  'NULL',
  'CASE',
  'END',
  'OVER',
  'LIMIT',
  'DECLARE',
  'EXPLAIN',
  'DROP TABLE operations',
  'SHOW',
  '@x',
  '\u0000',
  '\u200b',
  '\u00a0',
  '1e999',
  '#',
  '$$',
  '[1]',
  'TIMESTAMP(ts)',
  'PIVOT',
  'HAVING',
]

/** A statement with a few of its words left out, doubled, exchanged, or replaced by worse ones. */
export function mutate(random: Random, statements: readonly string[]): string {
  const words = (pick(random, statements).match(/'[^']*'|"[^"]*"|\w+|\s+|[^\w\s]/gu) ?? []).slice(0, 400)
  for (let times = 1 + random(3); times > 0; times--) {
    const at = random(words.length + 1)
    pick(random, [
      () => words.splice(at, 1 + random(3)),
      () => words.splice(at, 0, words[at] ?? ''),
      () => words.splice(at, 1, pick(random, spices)),
      () => words.splice(at, 0, ` ${pick(random, spices)} `),
      () => words.splice(at, 0, ...(pick(random, statements).match(/\S+\s*/g) ?? []).slice(random(4), 8)),
    ])()
  }
  return words.join('')
}
