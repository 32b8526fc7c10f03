/** SQL that is after size and time: each kind of nesting, so many levels deep and so many wide. */
export interface Heavy {
  family: string
  depth: number
  width: number
  sql: string
}

type Write = (depth: number, width: number) => string

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

const bases = {
  nothing: 'SELECT 1 AS x, 2 AS bucket',
  'a subquery': 'SELECT * FROM (SELECT 1 AS x, 2 AS bucket)',
  rows: 'SELECT total_ms AS x, bucket FROM operations',
  minutes: 'SELECT AllRequests AS x, bucket FROM requests_1m',
}

/** Steps of WITH, each made of the one before. */
const chain = (depth: number, base: string, step: (before: string) => string): string =>
  `WITH c0 AS (${base})${times(depth, (n) => `, c${n + 1} AS (${step(`c${n}`)})`).join('')} SELECT * FROM c${depth}`

const steps: Record<string, (before: string, width: number) => string> = {
  'union of': (before, width) => times(width, () => `SELECT * FROM ${before}`).join(' UNION ALL '),
  'distinct union of': (before, width) => times(width, () => `SELECT * FROM ${before}`).join(' UNION '),
  'stars over': (before, width) => `SELECT ${times(width, () => '*').join(', ')} FROM ${before}`,
  'join of': (before, width) =>
    `SELECT t0.x, t0.bucket FROM ${before} t0${times(width, (n) => ` JOIN ${before} t${n + 1} ON t${n}.bucket = t${n + 1}.bucket`).join('')}`,
  'cross join of': (before, width) =>
    `SELECT t0.x, t0.bucket FROM ${before} t0${times(width, (n) => ` CROSS JOIN ${before} t${n + 1}`).join('')}`,
  'list of': (before, width) =>
    `SELECT * FROM ${before} WHERE ${times(width, () => `bucket IN (SELECT bucket FROM ${before})`).join(' AND ')}`,
  'groups of': (before, width) =>
    `SELECT ${times(width, (n) => `max(x) AS x${n || ''}`).join(', ')}, bucket FROM ${before} GROUP BY bucket`,
  'percentiles of': (before, width) =>
    `SELECT ${times(width, (n) => `approx_percentile(x, 0.${n + 1}, 2) AS x${n || ''}`).join(', ')}, bucket FROM ${before}`,
  'windows over': (before, width) =>
    `SELECT ${times(width, (n) => `row_number() OVER (PARTITION BY bucket ORDER BY x DESC) AS x${n || ''}`).join(', ')}, bucket FROM ${before}`,
}

const wrap = (depth: number, open: string, inner: string, close: string): string =>
  `${open.repeat(depth)}${inner}${close.repeat(depth)}`

const others: Record<string, Write> = {
  'subqueries in FROM': (depth, width) =>
    wrap(
      depth,
      'SELECT * FROM (',
      `SELECT ${times(width, (n) => `key AS k${n}`).join(', ')} FROM operations`,
      ')',
    ),
  'subqueries in IN': (depth, width) =>
    `SELECT count() AS n FROM operations WHERE ${times(width, () => wrap(depth, 'bucket IN (SELECT bucket FROM operations WHERE ', 'true', ')')).join(' OR ')}`,
  parentheses: (depth, width) =>
    `SELECT ${times(width, (n) => `${wrap(depth, '(', '1', ')')} AS x${n}`).join(', ')}`,
  calls: (depth, width) =>
    `SELECT ${times(width, (n) => `${wrap(depth, 'abs(', 'total_ms', ')')} AS x${n}`).join(', ')} FROM operations`,
  CASE: (depth, width) =>
    `SELECT ${times(width, (n) => `${wrap(depth, 'CASE WHEN status > 1 THEN ', '1', ' ELSE 2 END')} AS x${n}`).join(', ')} FROM operations`,
  'CASE in WHEN': (depth, width) =>
    `SELECT ${times(width, (n) => `${wrap(depth, 'CASE WHEN ', 'true', ' THEN true ELSE false END')} AS x${n}`).join(', ')} FROM operations`,
  sums: (depth, width) =>
    `SELECT ${times(width * 8, () => times(depth, () => 'total_ms').join(' + '))
      .map((sum, n) => `${sum} AS x${n}`)
      .join(', ')} FROM operations`,
  'AND and OR': (depth, width) =>
    `SELECT count() AS n FROM operations WHERE ${times(width * 4, () => `(${times(depth, (n) => `status = ${n}`).join(' AND ')})`).join(' OR ')}`,
  'long lists': (depth, width) =>
    `SELECT count() AS n FROM operations WHERE ${times(width, () => `status IN (${times(depth * 8, (n) => n).join(', ')})`).join(' OR ')}`,
  'lists of texts': (depth, width) =>
    `SELECT count() AS n FROM operations WHERE ${times(width, () => `key IN (${times(depth * 8, (n) => `'${n}'`).join(', ')})`).join(' OR ')}`,
  aliases: (depth, width) =>
    `SELECT ${times(depth * width, (n) => (n === 0 ? 'total_ms AS a0' : `a${n - 1} + a${n - 1} AS a${n}`)).join(', ')} FROM operations`,
  casts: (depth, width) => `SELECT ${times(width, (n) => `1${'::int'.repeat(depth)} AS x${n}`).join(', ')}`,
  'unions of counts': (depth, width) =>
    times(depth, () => `SELECT ${times(width, (n) => `count() AS n${n}`).join(', ')} FROM operations`).join(
      ' UNION ALL ',
    ),
  'sorts and texts': (depth, width) =>
    wrap(
      depth,
      'SELECT * FROM (',
      `SELECT ${times(width, (n) => `concat(key, '${n}') AS k${n}`).join(', ')} FROM operations`,
      ' ORDER BY k0)',
    ),
}

const depths = [1, 2, 3, 4, 6, 9, 13, 17, 20, 22, 30, 45]
const widths = [1, 2, 3, 7]

/** Every kind in every size. */
export function heavyStatements(): Heavy[] {
  const kinds: [string, Write][] = [
    ...Object.entries(steps).flatMap(([step, write]) =>
      Object.entries(bases).map(([base, sql]): [string, Write] => [
        `${step} ${base}`,
        (depth, width) => chain(depth, sql, (before) => write(before, width)),
      ]),
    ),
    ...Object.entries(others),
  ]
  return kinds.flatMap(([family, write]) =>
    depths.flatMap((depth) => widths.map((width) => ({ family, depth, width, sql: write(depth, width) }))),
  )
}
