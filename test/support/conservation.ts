import type { Truth } from '../../src/demo/truth.ts'
import type { ListedObject } from '../../src/spaces/list.ts'
import type { Query } from '../../src/store/query.ts'
import { text } from '../../src/store/sql.ts'

/** Whether what was generated is what is stored. All is well when only `expected`, `rows` and `objects` are not 0. */
export interface Conservation {
  expected: number
  rows: number
  objects: number
  lost: number
  duplicated: number
  /** Rows that nobody generated. */
  forged: number
  /** Counts and sums by bucket and format, or by status, that are not those of the truth. */
  wrongSums: string[]
  /** Log objects without exactly one ledger row, or with one that does not add up. */
  wrongLedger: string[]
}

/** Compares the rows and the ledger of one source with the truth and with what its bucket holds. */
export async function checkConservation(options: {
  query: Query
  source: string
  truth: Truth
  listed: readonly ListedObject[]
}): Promise<Conservation> {
  const { query, truth, listed } = options
  const source = `source = ${text(options.source)}`
  const all = async (sql: string): Promise<unknown[][]> => (await query(sql)).rows

  const [counted] = await all(
    `SELECT sum(times), count(ts) FROM (SELECT ts, line_hash, count() times FROM operations WHERE ${source} GROUP BY ts, line_hash)`,
  )
  const [rows = 0, distinct = 0] = (counted ?? []).map(Number)
  const { rows: expected, ...lineCounts } = truth.lines()

  const stored = [
    ...(await all(
      `SELECT concat(format, ' ', bucket) g, count(), sum(bytes_sent), sum(bytes_received), sum(CASE WHEN is_request THEN 1 ELSE 0 END)
       FROM operations WHERE ${source} GROUP BY g`,
    )),
    ...(await all(
      `SELECT concat(format, ' ', bucket, ' ', status) g, count() FROM operations
       WHERE ${source} AND is_request AND status IS NOT NULL GROUP BY g`,
    )),
  ].map(([group, ...sums]) => `${group}: ${sums.map(Number).join(', ')}`)
  const generated = truth.groups().flatMap((group) => {
    const name = `${group.format} ${group.bucket}`
    const { rows, bytes_sent, bytes_received, requests } = group
    const sums = `${name}: ${[rows, bytes_sent, bytes_received, requests].join(', ')}`
    return [sums, ...[...group.by_status].map(([status, count]) => `${name} ${status}: ${count}`)]
  })

  // S3Proxy lists the temporary file of a PUT, which is then gone: an object of the bucket must not be.
  const ledger = await all(
    `SELECT concat(key, ' ', etag), state, lines, rows, refused, blank FROM log_objects
     WHERE ${source} AND NOT (state = 'gone' AND lines = 0)`,
  )
  const total = (column: number): number => ledger.reduce((sum, row) => sum + Number(row[column]), 0)
  const finished = new Map<string, number>()
  for (const [name] of ledger) finished.set(String(name), (finished.get(String(name)) ?? 0) + 1)
  const inBucket = new Set(listed.map(({ key, etag }) => `${key} ${etag}`))
  const totals = `lines ${total(2)}, rows ${total(3)}, refused ${total(4)}, blank ${total(5)}`
  const { lines, repeated, refused, blank, comments } = lineCounts
  const expectedTotals = `lines ${lines}, rows ${expected + repeated}, refused ${refused}, blank ${blank + comments}`

  return {
    expected,
    rows,
    objects: listed.length,
    lost: Math.max(0, expected - distinct),
    duplicated: rows - distinct,
    forged: Math.max(0, distinct - expected),
    wrongSums: difference(stored, generated),
    wrongLedger: [
      ...[...inBucket]
        .filter((name) => finished.get(name) !== 1)
        .map((name) => `${name}: ${finished.get(name) ?? 0} rows`),
      ...[...finished.keys()]
        .filter((name) => !inBucket.has(name))
        .map((name) => `${name}: not in the bucket`),
      ...ledger
        .filter(([, state, lines, rows, refused, blank]) => {
          return state !== 'done' || Number(lines) !== Number(rows) + Number(refused) + Number(blank)
        })
        .map((row) => row.join(' ')),
      ...(totals === expectedTotals ? [] : [`${totals} instead of ${expectedTotals}`]),
    ],
  }
}

function difference(found: readonly string[], expected: readonly string[]): string[] {
  return [
    ...found.filter((text) => !expected.includes(text)).map((text) => `stored ${text}`),
    ...expected.filter((text) => !found.includes(text)).map((text) => `generated ${text}`),
  ]
}
