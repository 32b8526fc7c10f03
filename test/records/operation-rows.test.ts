import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createCatalog } from '../../src/metrics/catalog.ts'
import { createRunMetrics } from '../../src/metrics/run-metrics.ts'
import type { MetricParams } from '../../src/metrics/run-metrics.ts'
import { createOperationRows } from '../../src/records/operation-rows.ts'
import type { OperationRowsParams, ReadOperationRows } from '../../src/records/operation-rows.ts'
import { execute } from '../../src/store/http.ts'
import { timestamp } from '../../src/store/sql.ts'
import { operation, startOperationsStore } from '../metrics/operations-store.ts'
import type { OperationsStore, StoredOperation } from '../metrics/operations-store.ts'

const now_ms = Math.floor(Date.now() / 1000) * 1000
const ts = (now_ms - 600_000) * 1000

const odd =
  `it's|''|' OR '1'='1|'; DROP TABLE operations; --|%|100%|_|a_b|axb|\\|a\\|\\%|"quoted"|$1|/* x */|-- y
|${'\u00fc\u{1f600}'}| leading|GET|.*(a)[|A%B|aQb`
    .split('|')
    .map((value) => value.replace('\n', ''))
const odds = odd.map((value) =>
  operation({
    ts,
    bucket: value,
    operation: value,
    error_code: value,
    status: 418,
    key: value,
    key_prefix: value,
    remote_ip: value,
    requester: value,
    user_agent: value,
    referer: value,
  }),
)
// Equal times, equal hashes in two sources: what a cursor must tell apart.
const ties = Array.from({ length: 250 }, (_, at) =>
  operation({
    ts: ts - 1_000_000 * Math.floor(at / 100),
    source: at % 2 === 0 ? 'source-a' : 'source-b',
    line_hash: BigInt(Math.floor(at / 2) - 60) * 70_000_000_000_000_000n,
    bucket: 'ties',
    total_ms: at,
  }),
)
const all = [...odds, ...ties]

let store: OperationsStore
let readRows: ReadOperationRows
const count = async (params: MetricParams): Promise<number> => {
  const run = createRunMetrics({
    query: store.query,
    progress: () => [],
    now: () => now_ms,
    rollupAbove_rows: 1e9,
  })
  const { rows } = await createCatalog({ runMetrics: run, slowOperation_ms: 1 }).run(
    'AllRequests',
    { ...params, step: 'none' },
    null,
  )
  return rows.reduce((sum, row) => sum + Number(row[1]), 0)
}
const keysOf = async (params: OperationRowsParams): Promise<unknown[]> => {
  const { columns, rows } = await readRows({ limit: 1000, ...params }, null)
  const at = columns.findIndex(({ name }) => name === 'key')
  return rows.map((row) => row[at]).toSorted()
}

beforeAll(async () => {
  store = await startOperationsStore()
  const sources = () => [{ source: 'source-a', bucket: 'log-bucket', backlog: 2, listed: false }]
  readRows = createOperationRows({ query: store.query, sources, now: () => now_ms })
  await store.insert(all)
}, 60_000)

afterAll(() => store.stop())

const filters: [keyof MetricParams, keyof StoredOperation][] = [
  ['bucket', 'bucket'],
  ['operation', 'operation'],
  ['error_code', 'error_code'],
  ['key', 'key'],
  ['ip', 'remote_ip'],
  ['requester', 'requester'],
  ['user_agent', 'user_agent'],
  ['referer', 'referer'],
]

test.each(filters)('a %s filter takes any value literally', async (param, column) => {
  for (const value of odd) {
    const expected = all.filter((row) => row[column] === value).length
    expect([value, await count({ [param]: value })]).toEqual([value, expected])
    expect([value, (await keysOf({ [param]: value })).length]).toEqual([value, expected])
  }
})

test('a key_prefix is a first segment, or with a slash the beginning of the key, literally', async () => {
  for (const value of odd.filter((value) => !value.includes('/'))) {
    expect([value, await count({ key_prefix: value })]).toEqual([value, 1])
  }
  expect(await count({ key_prefix: 'a/' })).toBe(250)
  expect(await count({ key_prefix: 'a/1.j' })).toBe(250)
  expect(await count({ key_prefix: '%/' })).toBe(0)
  expect(await keysOf({ key_prefix: '/* x' })).toEqual(['/* x */'])
})

test('q finds the value itself in key, user agent or referer, in any case', async () => {
  for (const part of odd) {
    const expected = odd.filter((value) => value.toLowerCase().includes(part.toLowerCase())).toSorted()
    // What the ties hold: key a/1.jpg, agent curl/8.
    expect([part, await keysOf({ q: part, status: '418' })]).toEqual([part, expected])
  }
})

test('lists, classes of status and - for none are understood', async () => {
  expect(await count({ bucket: 'ties,%' })).toBe(251)
  expect(await count({ status: '4xx' })).toBe(odd.length)
  expect(await count({ status: '200,418' })).toBe(all.length)
  expect(await count({ error_code: '-' })).toBe(250)
  expect(await count({ referer: '-', class: 'read,write' })).toBe(250)
  expect(await count({ class: 'write' })).toBe(0)
})

test.each([
  [{ status: '4x' }, "Cannot filter by status '4x'"],
  [{ status: '404 OR 1=1' }, 'Cannot filter by status'],
  [{ class: 'reads' }, "Cannot filter by class 'reads'"],
  [{ format: 'gcs' }, "Cannot filter by format 'gcs'"],
  [{ key: 'a\0b' }, 'NUL'],
  [{ from: '25h', to: '2 days ago' }, "Cannot read to: '2 days ago'"],
])('%o is refused', async (params, message) => {
  await expect(count(params)).rejects.toThrow(message)
})

test('a cursor walks over every row exactly once, newest first, whatever is equal', async () => {
  for (const limit of [1, 7, 100, 275]) {
    const seen: string[] = []
    let cursor: string | null = null
    let last = '9'
    do {
      const asked: OperationRowsParams = cursor === null ? { limit } : { limit, cursor }
      const page = await readRows(
        limit === 1 ? { ...asked, bucket: 'ties', min_duration_ms: 220 } : asked,
        null,
      )
      expect(page.rows.length).toBeLessThanOrEqual(limit)
      for (const [time, source, hash] of page.rows) {
        seen.push(`${source} ${hash}`)
        expect(String(time) <= last).toBe(true)
        last = String(time)
      }
      cursor = page.next_cursor
    } while (cursor !== null)
    const rows = limit === 1 ? ties.filter(({ total_ms }) => (total_ms ?? 0) >= 220) : all
    expect(seen.toSorted()).toEqual(rows.map(({ source, line_hash }) => `${source} ${line_hash}`).toSorted())
  }
})

test('a cursor that was not given out is refused', async () => {
  const places = ['x', '2026-02-30T00:00:00.000000Z 1 a', '2026-01-01T00:00:00.000000Z 1 or 1=1']
  for (const place of [...places, '2026-01-01T00:00:00.000000Z 9999999999999999999 a']) {
    const cursor = Buffer.from(place).toString('base64url')
    await expect(readRows({ cursor }, null)).rejects.toThrow('Cannot use this cursor')
  }
  const forged = Buffer.from("2026-01-01T00:00:00.000000Z 1 x'or''='").toString('base64url')
  expect((await readRows({ cursor: forged }, null)).rows).toEqual([])
})

test('a row names the log object that holds its line', async () => {
  const { columns, rows } = await readRows({ bucket: 'ties', limit: 2 }, null)
  const names = columns.map(({ name }) => name)
  const records = rows.map((row) => Object.fromEntries(row.map((value, at) => [names[at], value])))
  expect(
    records.map(({ source, log_object, log_bucket }) => [source, log_object, log_bucket]).toSorted(),
  ).toEqual([
    ['source-a', 'logs/source-a', 'log-bucket'],
    ['source-b', 'logs/source-b', null],
  ])
})

test('rows are those of the scope alone', async () => {
  expect((await readRows({ limit: 1000 }, ['source-b'])).rows.length).toBe(125)
  // QuestDB's IN (null) holds for a row without a source.
  await execute(store.address, `INSERT INTO operations (ts, line_hash) VALUES (${ts}, 1)`)
  await execute(store.address, "SELECT wait_wal_table('operations')")
  expect((await readRows({ limit: 1000 }, null)).rows.length).toBe(all.length + 1)
  expect((await readRows({}, [])).rows).toEqual([])
})

test('coverage tells what an answer rests on', async () => {
  const object = (key: string, refused: number, oldest_ms: number | null, at_ms: number) =>
    `(${timestamp(at_ms)}, 'source-a', '${key}', ${refused}, ${oldest_ms === null ? 'null, null' : `${timestamp(oldest_ms)}, ${timestamp(oldest_ms + 1000)}`})`
  const hour = 3_600_000
  await execute(
    store.address,
    `INSERT INTO log_objects (ts, source, key, refused, oldest_event, newest_event) VALUES
     ${object('inside', 3, now_ms - hour, now_ms)}, ${object('before', 10, now_ms - 50 * hour, now_ms)},
     ${object('none was read', 20, null, now_ms - hour)}, ${object('after', 40, now_ms - hour, now_ms - hour)}`,
  )
  await execute(store.address, "SELECT wait_wal_table('log_objects')")
  const window = { from: '30h', to: 'now' }
  const { coverage } = await readRows(window, null)
  expect(coverage).toEqual({
    window: {
      from: new Date(now_ms - 30 * hour).toISOString(),
      to: new Date(now_ms).toISOString(),
      step_seconds: null,
    },
    compared_with: null,
    newest_event: timestamp(ts / 1000).slice(1, -1),
    objects_pending: 2,
    listing_complete: false,
    lines_refused: 63,
    objects_refused: 0,
    approximate: false,
    counts_short_by: null,
    notes: ['log objects are still being read: numbers will grow'],
  })
  const other = await readRows(window, ['source-b'])
  expect(other.coverage).toMatchObject({ objects_pending: 0, listing_complete: false, lines_refused: 0 })
  expect(other.coverage.notes).toEqual(['a log source is not being read: there is no room for it now'])
})
