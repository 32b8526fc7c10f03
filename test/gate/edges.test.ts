import { expect, setDefaultTimeout, test } from 'bun:test'
import fc from 'fast-check'
import { views } from '../../src/gate/views.ts'
import { sameRows } from '../support/same-rows.ts'
import { own, sharedStore } from './two-tenants.ts'

setDefaultTimeout(120_000)

const store = await sharedStore()
const run = (sql: string, from_ms: number, to_ms: number) =>
  store.gate.run({
    sql,
    scope: [own],
    turns_of: 'edges',
    limit: 100_000,
    from: String(from_ms),
    to: String(to_ms),
  })

const ends_ms = Date.now()
const day_ms = 86_400_000
const span_ms = 7 * 3_600_000
// The rows lie in the last six hours.
const windows = fc
  .record({ ago: fc.integer({ min: 1_000, max: span_ms }), length: fc.integer({ min: 1_000, max: day_ms }) })
  .chain(({ ago, length }) =>
    fc.constantFrom(
      { from_ms: ends_ms - ago, to_ms: Math.min(ends_ms, ends_ms - ago + length) },
      { from_ms: ends_ms - ago - length, to_ms: ends_ms - ago },
    ),
  )

const rowNames = [
  'ts',
  'format',
  'bucket',
  'operation',
  'class',
  'is_request',
  'status',
  'bytes_sent',
  'bytes_received',
  'total_ms',
] as const
type Row = Record<(typeof rowNames)[number], unknown>
const rowsOf = async (from_ms: number, to_ms: number): Promise<Row[]> => {
  const { rows } = await run(`SELECT ${rowNames.join(', ')} FROM operations`, from_ms, to_ms)
  return rows.map((cells) => Object.fromEntries(rowNames.map((name, at) => [name, cells[at]])) as Row)
}

const number = (value: unknown): number => Number(value ?? 0)
const one = (holds: boolean): number => (holds ? 1 : 0)
const isOf = ({ operation }: Row, method: string): boolean =>
  String(operation ?? '')
    .toUpperCase()
    .includes(method)
// AWS's definitions, for one request.
const measures: Record<string, (row: Row) => number> = {
  AllRequests: () => 1,
  GetRequests: (row) => one(row.class === 'read' && isOf(row, 'GET')),
  PutRequests: (row) => one((row.class === 'write' && isOf(row, 'PUT')) || row.class === 'copy'),
  DeleteRequests: (row) => one(row.class === 'delete'),
  HeadRequests: (row) => one(isOf(row, 'HEAD')),
  PostRequests: (row) => one(isOf(row, 'POST') && row.class !== 'delete'),
  ListRequests: (row) => one(row.class === 'list'),
  BytesDownloaded: (row) => number(row.bytes_sent),
  BytesUploaded: (row) => number(row.bytes_received),
  Errors4xx: (row) => one(number(row.status) >= 400 && number(row.status) < 500),
  Errors5xx: (row) => one(number(row.status) >= 500),
  total_ms_sum: (row) => number(row.total_ms),
}

/** What the minutes must hold, counted by a plain loop: sums, and the longest time where there is one. */
function countMinutes(rows: readonly Row[]): unknown[][] {
  const minutes = new Map<string, unknown[]>()
  for (const row of rows) {
    const minute = `${String(row.ts).slice(0, 16)}:00.000000Z`
    const group = [minute, row.format, row.bucket, row.operation, row.class]
    const id = JSON.stringify(group)
    const counted = minutes.get(id) ?? [...group, ...Object.keys(measures).map(() => 0), null]
    minutes.set(id, counted)
    if (row.is_request !== true) continue
    Object.values(measures).forEach((measure, at) => {
      counted[group.length + at] = number(counted[group.length + at]) + measure(row)
    })
    const longest = counted.at(-1)
    if (row.total_ms !== null)
      counted[counted.length - 1] =
        longest === null ? row.total_ms : Math.max(Number(longest), Number(row.total_ms))
  }
  return [...minutes.values()]
}

const fromMinutes = `SELECT ts AS minute, format, bucket, operation, class, ${Object.keys(measures).join(', ')}, total_ms_max
FROM requests_1m`

test('the minutes of any window hold what a plain loop counts in its rows, each of thirteen measures', async () => {
  const sums = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(windows, async ({ from_ms, to_ms }) => {
      const { rows } = await run(fromMinutes, from_ms, to_ms)
      const counted = countMinutes(await rowsOf(from_ms, to_ms))
      expect(rows.length).toBe(counted.length)
      const times = (cells: unknown[]): unknown[] => [Date.parse(String(cells[0])), ...cells.slice(1)]
      // A sum of nothing is null in one place and 0 in the other.
      const filled = (cells: unknown[]): unknown[] =>
        times(cells).map((cell, at) => (at > 4 && cell === null ? 0 : cell))
      expect(sameRows(rows.map(filled), counted.map(filled), { ordered: false })).toBe(true)
      for (const cells of counted)
        Object.keys(measures).forEach((name, at) =>
          sums.set(name, (sums.get(name) ?? 0) + Number(cells[5 + at])),
        )
    }),
    { numRuns: 80, seed: 7 },
  )
  // None of them was compared with nothing.
  expect([...sums.values()].filter((sum) => sum === 0)).toEqual([])
})

test('the minutes come in order and with the same types, however the window lies', async () => {
  const minute_ms = 60_000
  const first_ms = Math.floor((ends_ms - span_ms) / minute_ms) * minute_ms
  const types = views.find(({ name }) => name === 'requests_1m')?.columns.map(({ type }) => type)
  for (const [from_ms, to_ms] of [
    [first_ms, first_ms + span_ms],
    [first_ms + 1, first_ms + span_ms],
    [first_ms, first_ms + span_ms - 1],
    [first_ms + 1, first_ms + span_ms - 1],
    [first_ms + span_ms / 2 + 1_000, first_ms + span_ms / 2 + 59_000],
  ] as const) {
    const { columns, rows } = await run('SELECT * FROM requests_1m', from_ms, to_ms)
    expect(columns.map(({ type }) => type)).toEqual(types ?? [])
    const moments = rows.map(([ts]) => String(ts))
    expect(moments).toEqual(moments.toSorted())
    // What needs the designated timestamp still has it.
    await run('SELECT ts, sum(AllRequests) AS n FROM requests_1m SAMPLE BY 1h', from_ms, to_ms)
    await run('SELECT * FROM requests_1m LATEST ON ts PARTITION BY bucket', from_ms, to_ms)
  }
})
