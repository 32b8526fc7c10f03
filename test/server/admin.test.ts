import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { createLog } from '../../src/log.ts'
import { createClosedFigures } from '../../src/records/closed-figures.ts'
import { startRequestRecorder } from '../../src/server/request-recorder.ts'
import { openAppender } from '../../src/store/append.ts'
import type { Appender } from '../../src/store/append.ts'
import { execute } from '../../src/store/http.ts'
import { operation, startOperationsStore } from '../metrics/operations-store.ts'
import type { OperationsStore } from '../metrics/operations-store.ts'
import { until } from '../support/until.ts'
import { healthySource, now_ms, testApp, writable } from './test-app.ts'

setDefaultTimeout(60_000)

const minute = 60_000
const five = 5 * minute
let store: OperationsStore
let appender: Appender
let get: ReturnType<typeof testApp>

// route, status, duration, scope, network, minutes ago
const requests: [string, number, number, string | null, string, number][] = [
  ['/metrics/operations', 200, 10, 'admin', '203.0.113.0', 50],
  ['/metrics/operations', 200, 20, 'admin', '203.0.113.0', 40],
  ['/metrics/operations', 400, 30, 'admin', '203.0.113.0', 30],
  ['/logs/operations', 200, 6000, 'admin', '198.51.100.0', 20],
  ['/logs/operations', 503, 40, null, '198.51.100.0', 10],
  ['none', 404, 1, null, '198.51.100.0', 5],
  ['/health', 200, 1, null, '198.51.100.0', 90],
]
// Closed five minutes before the last delivery, as the ledger below says.
const closed_ms = Math.floor((now_ms - 10 * minute) / five) * five

beforeAll(async () => {
  store = await startOperationsStore()
  appender = await openAppender(store.address)
  await appender.append(
    'requests',
    requests.map(([route, status, duration_ms, scope, client_network, minutes], i) => ({
      ts_ms: now_ms - minutes * minute,
      symbols: { method: 'GET', route, operation_type: route.slice(1).replace('/', '.') },
      columns: { request_id: `r${i}`, status, duration_ms, scope, client_network, bytes_out: 100 },
    })),
  )
  await appender.append(
    'events',
    ['info', 'warning', 'critical'].map((severity, i) => ({
      ts_ms: now_ms - (i + 1) * 60 * minute,
      symbols: { rule: 'errors_5xx', severity, state: 'over', source: 'source-a', bucket: 'photos' },
      columns: { id: `${i}`.repeat(32), before: 0.5, after: 7 },
    })),
  )
  await appender.append(
    'log_objects',
    [0, 1].map((i) => ({
      ts_ms: now_ms - i * minute,
      symbols: { source: 'source-a', state: 'done' },
      columns: { key: `k${i}`, etag: 'e', oldest_event: new Date(now_ms - (i + 10) * minute) },
    })),
  )
  const ago = (ms: number) => (closed_ms - ms) * 1000
  await store.insert([
    ...Array.from({ length: 3 }, () => operation({ ts: ago(minute), bytes_sent: 1000, total_ms: 10 })),
    operation({ ts: ago(2 * minute), status: 500, class: 'write', bytes_sent: 0, total_ms: 90 }),
    operation({ ts: ago(minute), format: 'cdn', total_ms: 3 }),
    operation({ ts: ago(minute), operation: 'BATCH.DELETE.OBJECT', class: 'delete', is_request: false }),
    operation({ ts: ago(20 * minute), status: 404, bytes_sent: 0, total_ms: 10 }),
    operation({ ts: ago(-1), bytes_sent: 1e9 }),
    operation({ ts: ago(61 * minute), bytes_sent: 1e9 }),
  ])
  for (const table of ['requests', 'events', 'log_objects'])
    await execute(store.address, `SELECT wait_wal_table('${table}')`)
  get = testApp({ query: store.query })
})

afterAll(async () => {
  await appender.close()
  await store.stop()
})

type Table = { columns: { name: string; unit?: string }[]; rows: unknown[][] }
const records = ({ columns, rows }: Table) =>
  rows.map((row) => Object.fromEntries(row.map((value, at) => [columns[at]?.name, value])))

describe('mission control', () => {
  test('counts an hour of own requests as a hand does', async () => {
    const { status, body } = await get('/admin/api/mission-control')
    expect(status).toBe(200)
    expect(body.status).toBe('ok')
    expect(records(body.totals)).toMatchObject([
      {
        requests: 6,
        requests_per_minute: 0.1,
        errors_4xx: 2,
        errors_5xx: 1,
        slow: 1,
        sessions: 3,
        rate_4xx: 100 / 3,
        rate_5xx: 100 / 6,
        bytes_out: 600,
        p50: 20,
      },
    ])
    expect(body.totals.columns[2]).toMatchObject({ name: 'p50', unit: 'Milliseconds' })
    const routes = (table: Table) => records(table).map(({ route }) => route)
    expect(routes(body.busiest)).toEqual(['/metrics/operations', '/logs/operations', 'none'])
    expect(routes(body.slowest)[0]).toBe('/logs/operations')
    expect(records(body.failing)).toMatchObject([
      { route: '/logs/operations', requests: 2, errors: 1, error_rate: 50, worst_status: 503 },
      { route: '/metrics/operations', requests: 3, errors: 1 },
      { route: 'none', requests: 1, errors: 1, error_rate: 100 },
    ])
    expect(records(body.events).map(({ severity }) => severity)).toEqual(['info', 'warning', 'critical'])
    expect(body.sources).toMatchObject([
      {
        source: 'source-a',
        backlog: 3,
        delivery_lag_seconds: 60,
        actors: [{ name: 'reader', state: 'idle' }],
      },
    ])
  })

  test('takes another window, and its SQL gives the same rows', async () => {
    const { body } = await get('/admin/api/mission-control?window=2h')
    expect(records(body.totals)).toMatchObject([{ requests: 7 }])
    expect((await store.query(body.totals.sql)).rows).toEqual(body.totals.rows)
  })
})

test('mission control shows each lease, without what it is read with', async () => {
  const expires_ms = Date.UTC(2026, 10, 24)
  const lease = {
    source: 's',
    state: 'paused',
    reason: 'too much',
    backlog: 3,
    listed: true,
    bytes_today: 5,
  } as const
  const withLease = testApp({ query: store.query, leases: () => [{ ...lease, expires_ms }] })
  const { body } = await withLease('/admin/api/mission-control')
  expect(body.leases).toEqual([{ ...lease, expires_at: '2026-11-24T00:00:00.000Z' }])
  expect((await get('/admin/api/mission-control')).body.leases).toEqual([])
})

test('the time series has every interval, also those without a request', async () => {
  const { body } = await get('/admin/api/timeseries?window=1h&resolution=10m')
  const rows = records(body)
  expect(rows.length).toBeWithin(6, 8)
  expect(rows.reduce((sum, { requests }) => sum + Number(requests), 0)).toBe(6)
  const quiet = records((await get('/admin/api/timeseries?window=4m&resolution=1m')).body)
  expect(quiet.length).toBeWithin(4, 6)
  for (const row of quiet) expect(row).toMatchObject({ requests: 0, errors_5xx: 0, p50: null, bytes_out: 0 })
  expect(body.window.step_seconds).toBe(600)
})

test('events are filtered by severity and paged, newest first', async () => {
  const first = (await get('/admin/api/events?limit=2')).body
  expect(records(first)).toMatchObject([{ severity: 'info', before: 0.5, after: 7 }, { severity: 'warning' }])
  const second = (await get(`/admin/api/events?limit=2&cursor=${first.next_cursor}`)).body
  expect(records(second)).toMatchObject([{ severity: 'critical' }])
  expect(second.next_cursor).toBeNull()
  const some = records((await get('/admin/api/events?severity=info,critical&bucket=photos')).body)
  expect(some.map(({ severity }) => severity)).toEqual(['info', 'critical'])
  expect(records((await get('/admin/api/events?window=90m')).body).length).toBe(1)
  expect(records((await get('/admin/api/events?bucket=other')).body)).toEqual([])
  const wrong = await get('/admin/api/events?severity=bad')
  expect([wrong.status, wrong.body.error.hint]).toEqual([400, 'write one of info, warning, critical'])
  expect((await get('/admin/api/events?cursor=abc')).status).toBe(400)
})

test('health shows the newest closed five minutes and hour, each format apart, and names nobody', async () => {
  const { status, body, text } = await get('/health', {})
  expect(status).toBe(200)
  expect(body.storage.closed_until).toBe(new Date(closed_ms).toISOString())
  const { five_minutes, hour } = body.storage
  expect(five_minutes.to).toBe(body.storage.closed_until)
  expect(five_minutes.formats).toMatchObject([
    { format: 'cdn', operations_per_second: 1 / 300, error_rate: 0, p50: 3 },
    {
      format: 's3',
      operations_per_second: 4 / 300,
      error_rate: 25,
      errors_5xx_rate: 25,
      bytes_per_second: 10,
      p50: 10,
      p99: 90,
      classes: [
        { class: 'read', operations_per_second: 3 / 300, error_rate: 0 },
        { class: 'write', operations_per_second: 1 / 300, error_rate: 100 },
      ],
    },
  ])
  expect(hour.formats[1]).toMatchObject({
    operations_per_second: 5 / 3600,
    error_rate: 40,
    bytes_per_second: 3000 / 3600,
  })
  expect(text).not.toMatch(/photos|source-a|secret-log-bucket/)
})

test('health asks for its figures once in fifteen seconds, however many ask it', async () => {
  let asked = 0
  let clock_ms = now_ms
  const read = createClosedFigures({
    query: (sql) => (asked++, store.query(sql)),
    sources: () => [healthySource],
    now: () => clock_ms,
  })
  const all = await Promise.all(Array.from({ length: 50 }, read))
  const once = asked
  expect(new Set(all).size).toBe(1)
  clock_ms += 14_999
  await read()
  expect(asked).toBe(once)
  clock_ms += 1
  await read()
  expect(asked).toBe(2 * once)
})

test('figures that could not be read are asked for again', async () => {
  let away = true
  const read = createClosedFigures({
    query: (sql) => (away ? Promise.reject(new Error('away')) : store.query(sql)),
    sources: () => [healthySource],
    now: () => now_ms,
  })
  await expect(read()).rejects.toThrow('away')
  away = false
  expect((await read())?.closed_until).toBe(new Date(closed_ms).toISOString())
})

test('/stats counts rows, requests, events and memory', async () => {
  const recorder = startRequestRecorder({ appender, log: createLog('silent'), pace_ms: 0 })
  const ask = testApp({ query: store.query, recorder })
  await ask('/health/live')
  await until(() => recorder.status().recorded === 1)
  const { body } = await ask('/stats')
  expect(body).toMatchObject({
    pipeline: { sources: 1, rows: 990, lines: 1000, refused: 5, objects_done: 7, backlog: 3 },
    requests: { recorded: 1, dropped: 0, queued: 0 },
    events: null,
    questdb: writable,
  })
  expect(body.memory.rss_bytes).toBeGreaterThan(1e7)
  expect(body.uptime_seconds).toBeGreaterThanOrEqual(0)
  await recorder.stop(1_000)
})
