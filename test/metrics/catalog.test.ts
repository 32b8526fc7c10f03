import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Table } from '../../src/metrics/answers.ts'
import { createCatalog } from '../../src/metrics/catalog.ts'
import type { Catalog } from '../../src/metrics/catalog.ts'
import { createRunMetrics } from '../../src/metrics/run-metrics.ts'
import { startOperationsStore } from './operations-store.ts'
import type { OperationsStore } from './operations-store.ts'
import { traffic } from './traffic.ts'
import { deletedBy, expectedRows, truths } from './truths.ts'

const hour = 3_600_000
const day = 24 * hour
const now_ms = Math.floor(Date.now() / day) * day
// Of no whole minute, so that intervals are cut.
const window = { from_ms: now_ms - 2.5 * day + 754_321, to_ms: now_ms - 1_234_567 }
const operations = traffic(1, 900, now_ms - 5 * day, now_ms)
const params = { from: String(window.from_ms), to: String(window.to_ms) }

let store: OperationsStore
let catalog: Catalog

beforeAll(async () => {
  store = await startOperationsStore()
  await store.insert(operations)
  const progress = () => []
  const runMetrics = createRunMetrics({
    query: store.query,
    progress,
    now: () => now_ms,
    rollupAbove_rows: Number.POSITIVE_INFINITY,
  })
  catalog = createCatalog({ runMetrics, slowOperation_ms: 500 })
}, 60_000)

afterAll(() => store.stop())

test('every metric of the catalogue has a plain-loop truth', () => {
  const progress = () => []
  const runMetrics = createRunMetrics({ query: store.query, progress, now: () => 0, rollupAbove_rows: 0 })
  const names = createCatalog({ runMetrics, slowOperation_ms: 500 })
    .list()
    .map(({ name }) => name)
  expect(Object.keys(truths)).toEqual(names)
})

const whole = { ...params, step: 'none' }
const isTop = (name: string) => name.startsWith('Top')

test.each(Object.entries(truths).filter(([name]) => !isTop(name)))(
  '%s equals the plain loop in every interval',
  async (name, truth) => {
    const answer = await catalog.run(name, { ...params, step: '3h' }, null)
    expectEqual(answer, expectedRows(truth, operations, { ...window, step_ms: 3 * hour }))
  },
)

describe.each(Object.entries(truths))('%s', (name, truth) => {
  const limit = isTop(name) ? { limit: 1000 } : {}

  test('equals the plain loop over the whole window', async () => {
    const answer = await catalog.run(name, { ...whole, ...limit }, null)
    expectEqual(answer, expectedRows(truth, operations, { ...window, step_ms: null }))
    expect(answer.rows.length).toBeGreaterThan(0)
  })

  test('sees the sources of its scope alone', async () => {
    const mine = operations.filter(({ source }) => source === 'source-b')
    const answer = await catalog.run(name, { ...whole, ...limit }, ['source-b'])
    expectEqual(answer, expectedRows(truth, mine, { ...window, step_ms: null }))
    expect((await catalog.run(name, params, [])).rows).toEqual([])
  })

  test('compares with the window before', async () => {
    const from_ms = now_ms - day
    const asked = { from: String(from_ms), to: String(now_ms), step: 'none', compare: 'previous' }
    const answer = await catalog.run(name, { ...asked, ...limit }, null)
    const step_ms = null
    const current = expectedRows(truth, operations, { from_ms, to_ms: now_ms, step_ms })
    const previous = expectedRows(truth, operations, { from_ms: from_ms - day, to_ms: from_ms, step_ms })
    const first = Object.keys(truth.values)[0] ?? ''
    const column = (wanted: string) => answer.columns.findIndex((found) => found.name === wanted)
    const keys = new Set([...current.keys(), ...previous.keys()])
    expect(answer.rows.map((row) => keyOf(answer, row)).toSorted()).toEqual([...keys].toSorted())
    for (const row of answer.rows) {
      const is = Number(current.get(keyOf(answer, row))?.[first] ?? 0)
      const was = Number(previous.get(keyOf(answer, row))?.[first] ?? 0)
      expectNear(row[column(first)] ?? 0, is, first)
      expectNear(row[column(`previous_${first}`)] ?? 0, was, first)
      if (is && was) expectNear(row[column(`change_${first}`)], (100 * (is - was)) / was, first)
    }
    expect(answer.coverage.compared_with?.to).toBe(new Date(from_ms).toISOString())
  })
})

test('a top list is sorted by the value that order names, and cut at its limit', async () => {
  const { columns, rows } = await catalog.run(
    'TopKeys',
    { ...params, order: 'bytes_downloaded', limit: 5 },
    null,
  )
  const at = columns.findIndex(({ name }) => name === 'bytes_downloaded')
  const bytes = rows.map((row) => Number(row[at]))
  const truth = [
    ...expectedRows(truths['TopKeys'] ?? { values: {} }, operations, { ...window, step_ms: null }),
  ]
  const largest = truth.map(([, values]) => Number(values['bytes_downloaded'])).toSorted((a, b) => b - a)
  expect(bytes).toEqual(largest.slice(0, 5))
})

test.each([
  ['TopKeys', 'key'],
  ['TopRequesters', 'requester'],
] as const)('%s by objects_deleted counts each key of a multi-object delete', async (name, by) => {
  const asked = { ...params, order: 'objects_deleted', limit: 1000 }
  const answer = await catalog.run(name, asked, null)
  const truth = expectedRows(deletedBy(by), operations, { ...window, step_ms: null })
  expectEqual(answer, truth)
  expect(truth.size).toBeGreaterThan(2)
  const least = answer.rows.map((row) => Number(row[2]))
  expect(least).toEqual(least.toSorted((a, b) => b - a))
})

test('intervals of two windows line up when they are compared', async () => {
  const asked = { ...params, step: '3h', compare: 'previous' }
  const { columns, rows, coverage } = await catalog.run('AllRequests', asked, null)
  expect(columns.map(({ name, unit }) => [name, unit])).toEqual([
    ['ts', undefined],
    ['format', undefined],
    ['requests', 'Count'],
    ['previous_requests', 'Count'],
    ['change_requests', 'Percent'],
  ])
  const { compared_with } = coverage
  const shift_ms = window.from_ms - Date.parse(compared_with?.from ?? '')
  expect(shift_ms % (3 * hour)).toBe(0)
  const earlier = operations.map((found) => ({ ...found, ts: found.ts + shift_ms * 1000 }))
  const truth = { values: { requests: (group: readonly unknown[]) => group.length } }
  const slice = { ...window, step_ms: 3 * hour }
  const current = expectedRows(truth, operations, slice)
  const previous = expectedRows(truth, earlier, slice)
  for (const [ts, format, is, was] of rows) {
    const key = JSON.stringify([ts, format])
    expect([key, is, was]).toEqual([
      key,
      current.get(key)?.['requests'] ?? 0,
      previous.get(key)?.['requests'] ?? 0,
    ])
  }
  expect(rows.length).toBe(new Set([...current.keys(), ...previous.keys()]).size)
})

test('formats are never summed together, and format takes one alone', async () => {
  for (const { name, by } of catalog.list()) {
    expect(by[0]).toBe('format')
    const { columns, rows } = await catalog.run(name, { ...params, format: 'cdn' }, null)
    const at = columns.findIndex((column) => column.name === 'format')
    expect(at).toBeGreaterThanOrEqual(0)
    expect(rows.every((row) => row[at] === 'cdn')).toBe(true)
  }
})

test('an unknown metric is refused with the names of the known ones', async () => {
  const refused = catalog.run('AllRequest', {}, null)
  await expect(refused).rejects.toMatchObject({
    name: 'InvalidError',
    code: 'unknown_metric',
    message: "Cannot find the metric 'AllRequest'",
    hint: expect.stringContaining('AllRequests, GetRequests'),
  })
})

test.each([
  ['TopKeys', { step: '1h' }, 'Cannot cut TopKeys into intervals'],
  ['TopKeys', { limit: 0 }, 'Cannot use limit 0'],
  ['TopKeys', { order: 'ts; DROP TABLE operations' }, "Cannot order by 'ts; DROP TABLE operations'"],
  ['AllRequests', { limit: 5 }, 'Cannot limit or order AllRequests'],
  ['AllRequests', { compare: 'yesterday' }, "Cannot compare with 'yesterday'"],
  ['AllRequests', { compare: 'week', step: '5h' }, 'do not divide seven days'],
])('%s with %o is refused', async (name, params, message) => {
  await expect(catalog.run(name, params, null)).rejects.toThrow(message)
})

function keyOf({ columns }: Table, row: unknown[]): string {
  return JSON.stringify(row.filter((_, at) => columns[at]?.unit === undefined))
}

function expectEqual(table: Table, expected: Map<string, Record<string, number | string | null>>): void {
  const found = table.rows.map((row) => keyOf(table, row))
  expect(found.toSorted()).toEqual([...expected.keys()].toSorted())
  for (const row of table.rows) {
    for (const [name, value] of Object.entries(expected.get(keyOf(table, row)) ?? {})) {
      expectNear(row[table.columns.findIndex((column) => column.name === name)], value, name)
    }
  }
}

// Counts and bytes exactly; percentiles within 1 %; quotients as floating point allows.
function expectNear(found: unknown, expected: number | string | null, name: string): void {
  if (typeof expected !== 'number') return expect(found).toBe(expected)
  const slack = /^p\d/.test(name) ? 0.01 : Number.isInteger(expected) ? 0 : 1e-9
  expect(Math.abs(Number(found) - expected)).toBeLessThanOrEqual(slack * Math.abs(expected))
}
