import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { UnavailableError } from '../../src/errors.ts'
import { Secret } from '../../src/secret.ts'
import { sourceId } from '../../src/source-config.ts'
import { operation, startOperationsStore } from '../metrics/operations-store.ts'
import type { OperationsStore } from '../metrics/operations-store.ts'
import { until } from '../support/until.ts'
import { healthySource, now_ms, testApp } from './test-app.ts'

const minutesAgo = (minutes: number) => (now_ms - minutes * 60_000) * 1000

let store: OperationsStore
let get: ReturnType<typeof testApp>

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
    operation({ ts: minutesAgo(10), format: 'cdn', operation: 'CDN.GET', bytes_sent: 4500, total_ms: 3 }),
    operation({ ts: minutesAgo(90), bytes_sent: 4000 }),
  ])
  get = testApp({ query: store.query })
}, 60_000)

afterAll(() => store.stop())

const record = (table: { columns: { name: string }[] }, row: unknown[]) =>
  Object.fromEntries(row.map((value, at) => [table.columns[at]?.name, value]))

describe('/metrics/operations', () => {
  test('gives totals, each operation and a series that a hand can count', async () => {
    const { status, body } = await get('/metrics/operations?from=1h&step=10m')
    expect(status).toBe(200)
    const totals = body.totals.rows.map((row: unknown[]) => record(body.totals, row))
    expect(totals).toMatchObject([
      { format: 'cdn', requests: 1, errors: 0, error_rate: 0, bytes_downloaded: 4500, p50: 3 },
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
      counts_short_by: null,
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

describe('/metrics', () => {
  test('is Prometheus text with the pipeline and the requests, and names no bucket', async () => {
    await get('/metrics/query/AllRequests?bucket=photos')
    const counted = 'spacewatch_http_requests_total{method="GET",route="/metrics/query/:metric",status="200"}'
    await until(async () => (await get('/metrics', {})).text.includes(counted))
    await get('/nope/anything')
    await until(async () => (await get('/metrics', {})).text.includes('route="none",status="404"'))
    const { text, headers } = await get('/metrics')
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
    expect(text).toMatch(/http_request_duration_seconds_count\{method="GET",route="\/logs\/operations"\} \d/)
    expect(text).not.toMatch(/secret-log-bucket|photos|anything|203\.0/)
  })

  test('gives the numbers of a source to the API key, and to all others their totals alone', async () => {
    const other = {
      ...healthySource,
      source: 'source-b',
      rows: 10,
      backlog: 4,
      newest_event_ms: now_ms - 60_000,
    }
    const ask = testApp({ sources: () => [healthySource, other] })
    const { text } = await ask('/metrics', {})
    expect(text).not.toContain('source')
    for (const line of [
      'spacewatch_rows_total 1000',
      'spacewatch_backlog_objects 7',
      'spacewatch_newest_event_age_seconds 60',
      'spacewatch_delivery_lag_seconds 60',
    ])
      expect(text.split('\n')).toContain(line)
    expect((await ask('/metrics', { 'x-api-key': 'wrong' })).text).not.toContain('source')
    expect((await ask('/metrics')).text).toContain('spacewatch_rows_total{source="source-b"} 10')
    const ahead = { ...healthySource, newest_event_ms: now_ms + 3_600_000 }
    const early = await testApp({ sources: () => [ahead] })('/metrics', {})
    expect(early.text.split('\n')).toContain('spacewatch_newest_event_age_seconds 0')
    const none = await testApp({ sources: () => [] })('/metrics', {})
    expect(none.text).toContain('spacewatch_rows_total 0')
    expect(none.text).not.toMatch(/newest_event_age_seconds \d/)
  })
})

test('the batches of the dashboard answer as each metric by itself, and read once what they rest on', async () => {
  const asked: string[] = []
  const counting = testApp({
    query(sql) {
      asked.push(sql)
      return store.query(sql)
    },
  })
  const to = new Date(now_ms).toISOString()
  const window = `from=${new Date(now_ms - 86_400_000).toISOString()}&to=${to}`
  const batches = [
    ['RequestsByClass,StatusCodes,FirstByteLatency,TotalRequestLatency,CacheResults', 'step=600s'],
    [
      'TopKeys,TopPrefixes,TopClientIPs,TopRequesters,TopUserAgents,TopReferers,ErrorCodes,RequestsByBucket',
      'limit=10',
    ],
  ] as const
  const answers = []
  for (const [names, rest] of batches)
    answers.push(await counting(`/metrics/batch?metrics=${names}&${window}&${rest}`))
  const names = batches.flatMap(([names]) => names.split(','))
  expect(asked.length - names.length).toBeLessThanOrEqual(6)
  for (const [index, [names, rest]] of batches.entries())
    for (const name of names.split(',')) {
      const isTop = name.startsWith('Top') && name !== 'TotalRequestLatency'
      const alone = await get(
        `/metrics/query/${name}?${window}${rest.startsWith('step') || isTop ? `&${rest}` : ''}`,
      )
      expect([name, answers[index]?.body.answers[name]]).toEqual([name, alone.body])
    }
})

test('what QuestDB says never reaches the caller', async () => {
  const refusing = () => Promise.reject(new UnavailableError('Cannot reach QuestDB: connect 10.0.0.9:8812'))
  const away = await testApp({ query: refusing })('/metrics/operations')
  expect([away.status, away.headers.get('retry-after'), away.body.error.code]).toEqual([
    503,
    '5',
    'unavailable',
  ])
  const breaking = (sql: string) => store.query(`${sql} bad syntax`)
  const broken = await testApp({ query: breaking })('/metrics/operations')
  expect([broken.status, broken.body.error.code]).toEqual([500, 'internal'])
  expect(away.text + broken.text).not.toMatch(/10\.0\.0\.9|syntax|Cannot reach/)
})

test('the API key reads the log sources of the operator, those of before too, and none that a caller has brought', async () => {
  const asked: string[] = []
  const earlier = '0123456789ab'
  const query = async (sql: string) => {
    if (sql.includes('DISTINCT source')) return { columns: [], rows: [[earlier], ['c'.repeat(32)]] }
    asked.push(sql)
    return { columns: [], rows: [] }
  }
  const own = {
    endpoint: 'https://e',
    region: 'r',
    key: 'k',
    secret: new Secret('s'),
    bucket: 'b',
    prefix: 'p/',
    pathStyle: true,
  }
  await testApp({ query, ownSources: () => [own] })('/metrics/sources')
  expect(asked.filter((sql) => sql.includes('FROM operations'))).toHaveLength(1)
  const ofRows = asked.filter((sql) => !sql.includes('FROM materialized_views()'))
  for (const sql of ofRows) expect(sql).toContain(`source IN ('${sourceId(own)}', '${earlier}')`)
})
