import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { UnavailableError } from '../../src/errors.ts'
import { createLog } from '../../src/log.ts'
import type { SourceStatus } from '../../src/pipeline/status.ts'
import { Secret } from '../../src/secret.ts'
import { createServer } from '../../src/server/server.ts'
import type { Server } from '../../src/server/server.ts'
import type { Query } from '../../src/store/query.ts'
import type { WalStatus } from '../../src/store/wal-watch.ts'
import { operation, startOperationsStore } from '../metrics/operations-store.ts'
import type { OperationsStore } from '../metrics/operations-store.ts'
import { until } from '../support/until.ts'

const key = 'the-right-api-key'
const now_ms = Math.floor(Date.now() / 1000) * 1000
const minutesAgo = (minutes: number) => (now_ms - minutes * 60_000) * 1000

const healthy: SourceStatus = {
  source: 'source-a',
  endpoint: 'https://sgp1.digitaloceanspaces.com',
  bucket: 'secret-log-bucket',
  prefix: 'access/',
  actors: [{ name: 'lister', state: 'idle', queued: 0, reason: null, since_ms: now_ms }],
  backlog: 3,
  listed: true,
  objects_done: 7,
  objects_refused: 0,
  lines: 1000,
  rows: 990,
  refused: 5,
  blank: 5,
  bytes: 500_000,
  newest_event_ms: now_ms - 120_000,
  newest_delivery_ms: now_ms - 60_000,
}
const writable: WalStatus = { suspended: [], lag_transactions: 4, disk_free: 0.5, away: null }

let store: OperationsStore
let app: Server
let query: Query
let sources: SourceStatus[]
let wal: WalStatus

beforeAll(async () => {
  store = await startOperationsStore()
  await store.insert([
    operation({ ts: minutesAgo(50), bytes_sent: 1000, total_ms: 10 }),
    operation({ ts: minutesAgo(40), status: 404, error_code: 'NoSuchKey', bytes_sent: 0, total_ms: 20 }),
    operation({
      ts: minutesAgo(30),
      operation: 'REST.PUT.OBJECT',
      class: 'write',
      bytes_sent: 0,
      bytes_received: 70,
    }),
    operation({ ts: minutesAgo(20), operation: 'BATCH.DELETE.OBJECT', class: 'delete', is_request: false }),
    operation({ ts: minutesAgo(10), format: 'cdn', operation: 'CDN.GET', bytes_sent: 5000, total_ms: 3 }),
    operation({ ts: minutesAgo(90), bytes_sent: 4000 }),
  ])
  app = createServer({
    query: (sql) => query(sql),
    apiKey: new Secret(key),
    sources: () => sources,
    walStatus: () => wal,
    slowOperation_ms: 5000,
    log: createLog('silent'),
    now: () => now_ms,
  })
}, 60_000)

beforeEach(() => {
  query = store.query
  sources = [healthy]
  wal = writable
})

afterAll(() => store.stop())

async function get(path: string, headers: Record<string, string> = { 'x-api-key': key }) {
  const response = await app.handle(new Request(`http://localhost${path}`, { headers }))
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text.startsWith('{') ? JSON.parse(text) : null,
  }
}

const record = (table: { columns: { name: string }[] }, row: unknown[]) =>
  Object.fromEntries(row.map((value, at) => [table.columns[at]?.name, value]))

describe('/metrics/operations', () => {
  test('gives totals, each operation and a series that a hand can count', async () => {
    const { status, body } = await get('/metrics/operations?from=1h&step=10m')
    expect(status).toBe(200)
    const totals = body.totals.rows.map((row: unknown[]) => record(body.totals, row))
    expect(totals).toMatchObject([
      { format: 'cdn', requests: 1, errors: 0, error_rate: 0, bytes_downloaded: 5000, p50: 3 },
      {
        format: 's3',
        requests: 3,
        errors: 1,
        errors_4xx: 1,
        bytes_downloaded: 1000,
        bytes_uploaded: 70,
        p50: 10,
      },
    ])
    expect(body.by_operation.rows.map((row: unknown[]) => row.slice(0, 4))).toEqual([
      ['cdn', 'CDN.GET', 'read', 1],
      ['s3', 'REST.GET.OBJECT', 'read', 2],
      ['s3', 'REST.PUT.OBJECT', 'write', 1],
    ])
    const bytes = body.totals.columns.find(({ name }: { name: string }) => name === 'bytes_downloaded')
    expect(bytes).toEqual({ name: 'bytes_downloaded', type: 'LONG', unit: 'Bytes' })
    expect(body.series.rows.length).toBe(4)
    expect(body.coverage).toMatchObject({
      objects_pending: 3,
      window: { step_seconds: 600 },
      approximate: false,
    })
  })

  test('compares with the period before', async () => {
    const { body } = await get('/metrics/operations?from=1h&format=s3&compare=previous')
    expect(record(body.totals, body.totals.rows[0])).toMatchObject({
      requests: 3,
      previous_requests: 1,
      change_requests: 200,
      bytes_downloaded: 1000,
      previous_bytes_downloaded: 4000,
      change_bytes_downloaded: -75,
    })
  })

  test('takes the filters', async () => {
    const { body } = await get(
      '/metrics/operations?class=read&status=4xx&bucket=photos&key_prefix=a&ip=203.0.113.1',
    )
    expect(record(body.totals, body.totals.rows[0])).toMatchObject({ format: 's3', requests: 1, errors: 1 })
  })
})

describe('/metrics/query/:metric and /metrics/catalog', () => {
  test('answer a metric with its SQL, which gives the same rows when it is run', async () => {
    const { body } = await get('/metrics/query/TopKeys?from=2h&limit=5&order=bytes_downloaded')
    expect(body).toMatchObject({ metric: 'TopKeys', unit: 'Count', coverage: { objects_pending: 3 } })
    expect(body.rows[0].slice(0, 4)).toEqual(['s3', 'a/1.jpg', 4, 5000])
    expect((await store.query(body.sql)).rows).toEqual(body.rows)
  })

  test('list every metric that can be asked', async () => {
    const { body } = await get('/metrics/catalog')
    expect(body.metrics.length).toBeGreaterThan(25)
    for (const { name, description, unit, values } of body.metrics) {
      expect([name, typeof description, typeof unit, values.length > 0]).toEqual([
        name,
        'string',
        'string',
        true,
      ])
      expect((await get(`/metrics/query/${name}`)).status).toBe(200)
    }
  })

  test('refuse an unknown metric and name the known ones', async () => {
    const { status, body } = await get('/metrics/query/NoSuchMetric')
    expect(status).toBe(400)
    expect(body.error).toMatchObject({
      code: 'unknown_metric',
      message: "Cannot find the metric 'NoSuchMetric'",
      hint: expect.stringContaining('4xxErrors, 5xxErrors'),
    })
  })
})

test('/logs/operations pages through the rows, newest first', async () => {
  const first = (await get('/logs/operations?from=2h&limit=4&q=CURL')).body
  const second = (await get(`/logs/operations?from=2h&limit=4&q=CURL&cursor=${first.next_cursor}`)).body
  const times = [...first.rows, ...second.rows].map(([ts]) => ts)
  expect(times.length).toBe(6)
  expect(times).toEqual(times.toSorted().toReversed())
  expect(second.next_cursor).toBeNull()
  expect(record(first, first.rows[0])).toMatchObject({
    log_bucket: 'secret-log-bucket',
    log_object: 'logs/source-a',
  })
  expect((await get('/logs/operations?min_duration_ms=20')).body.rows.length).toBe(1)
})

describe('the API key', () => {
  const guarded = [
    '/metrics/operations',
    '/metrics/query/AllRequests',
    '/metrics/catalog',
    '/logs/operations',
  ]

  test.each(guarded)('is asked for by %s, before anything else is looked at', async (path) => {
    for (const headers of [
      {},
      { 'x-api-key': 'wrong' },
      { 'x-api-key': `${key} ` + 'x' },
      { authorization: key },
    ]) {
      const { status, body } = await get(`${path}?no_such=1`, headers as Record<string, string>)
      expect(status).toBe(401)
      expect(body.error).toMatchObject({
        code: 'unauthorized',
        message: 'Cannot answer without the right API key',
      })
    }
  })

  test.each(['/health', '/health/live', '/health/ready', '/metrics'])(
    'is not asked for by %s',
    async (path) => {
      expect((await get(path, {})).status).toBe(200)
    },
  )
})

describe('errors', () => {
  test.each([
    ['/nope', 404, 'not_found', 'Cannot find this address'],
    ['/metrics/operations?form=1h', 400, 'invalid_parameter', "the parameter 'form': it is not known"],
    ['/metrics/operations?limit=5', 400, 'invalid_parameter', "the parameter 'limit': it is not known"],
    ['/metrics/catalog?x=1', 400, 'invalid_parameter', "the parameter 'x': it is not known"],
    ['/metrics/query/TopKeys?limit=5000', 400, 'invalid_parameter', "Cannot use the parameter 'limit'"],
    ['/logs/operations?limit=', 400, 'invalid_parameter', "Cannot use the parameter 'limit'"],
    ['/logs/operations?cursor=abc', 400, 'invalid', 'Cannot use this cursor'],
    ['/metrics/operations?from=late', 400, 'invalid', "Cannot read from: 'late' is no time"],
    ['/metrics/operations?status=9xx', 400, 'invalid', "Cannot filter by status '9xx'"],
    ['/metrics/operations?bucket=%00', 400, 'invalid', 'NUL'],
    ['/metrics/operations?bucket=', 400, 'invalid_parameter', "Cannot use the parameter 'bucket'"],
  ])('%s is answered %i in the one shape', async (path, status, code, message) => {
    const answer = await get(path)
    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({
      error: {
        code,
        message: expect.stringContaining(message),
        hint: expect.any(String),
        request_id: answer.headers.get('x-request-id'),
      },
    })
  })

  test('an unknown parameter is told the known ones', async () => {
    const { body } = await get('/metrics/operations?form=1h')
    expect(body.error.hint).toStartWith('the known ones are from, to, bucket')
  })

  test('what QuestDB says never reaches the caller', async () => {
    query = () => Promise.reject(new UnavailableError('Cannot reach QuestDB: connect 10.0.0.9:8812'))
    const away = await get('/metrics/operations')
    expect([away.status, away.headers.get('retry-after'), away.body.error.code]).toEqual([
      503,
      '5',
      'unavailable',
    ])
    query = (sql) => store.query(`${sql} bad syntax`)
    const broken = await get('/metrics/operations')
    expect([broken.status, broken.body.error.code]).toEqual([500, 'internal'])
    expect(away.text + broken.text).not.toMatch(/10\.0\.0\.9|syntax|Cannot reach/)
  })
})

test('each answer has an id, a duration and headers that keep it safe', async () => {
  for (const path of ['/metrics/catalog', '/nope', '/health', '/metrics', '/metrics/query/x']) {
    const { headers } = await get(path)
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
    expect(Number(headers.get('x-request-duration-ms'))).toBeGreaterThanOrEqual(0)
    expect(headers.get('x-request-duration-ms')).not.toBeNull()
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('cache-control')).toBe('no-store')
  }
})

test('a sane request id is taken over, any other is replaced', async () => {
  const sent = async (id: string) =>
    (await get('/health/live', { 'x-request-id': id })).headers.get('x-request-id')
  expect(await sent('trace-1:a.b_c')).toBe('trace-1:a.b_c')
  for (const id of ['with space', '<script>', 'x'.repeat(65)]) expect(await sent(id)).not.toBe(id)
})

describe('/metrics', () => {
  test('is Prometheus text with the pipeline and the requests, and names no bucket', async () => {
    await get('/metrics/query/AllRequests?bucket=photos')
    const counted = 'spacewatch_http_requests_total{method="GET",route="/metrics/query/:metric",status="200"}'
    await until(async () => (await get('/metrics', {})).text.includes(counted))
    await get('/nope/anything')
    await until(async () => (await get('/metrics', {})).text.includes('route="none",status="404"'))
    const { text, headers } = await get('/metrics', {})
    expect(headers.get('content-type')).toStartWith('text/plain')
    for (const line of [
      'spacewatch_rows_total{source="source-a"} 990',
      'spacewatch_lines_total{source="source-a"} 1000',
      'spacewatch_lines_refused_total{source="source-a"} 5',
      'spacewatch_objects_total{source="source-a"} 7',
      'spacewatch_backlog_objects{source="source-a"} 3',
      'spacewatch_delivery_lag_seconds{source="source-a"} 60',
      'spacewatch_newest_event_age_seconds{source="source-a"} 120',
      'spacewatch_questdb_lag_transactions 4',
    ]) {
      expect(text.split('\n')).toContain(line)
    }
    expect(text).toMatch(/spacewatch_resident_memory_bytes \d{7,}/)
    expect(text).toMatch(/spacewatch_event_loop_delay_p99_seconds \d/)
    expect(text).toMatch(/http_request_duration_seconds_bucket\{le="0.1",method="GET",route="\/health"\} \d/)
    expect(text).not.toMatch(/secret-log-bucket|photos|anything|203\.0/)
  })
})
