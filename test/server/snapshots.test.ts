import { GetObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { gunzipSync } from 'node:zlib'
import { createLog } from '../../src/log.ts'
import { Secret } from '../../src/secret.ts'
import { startSnapshots } from '../../src/server/keep-snapshots.ts'
import { sourceId } from '../../src/source-config.ts'
import { listObjects } from '../../src/spaces/list.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { until } from '../support/until.ts'
import { openWorld, records } from './spaces-world.ts'
import { apiKey } from './test-app.ts'

setDefaultTimeout(60_000)

const hour_ms = 3_600_000
// Everything happens at 14:30 of some day, hour by hour.
const noon_ms = Date.UTC(2026, 5, 10, 14, 30)
let now_ms = noon_ms
const world = await openWorld({ now: () => now_ms })
afterAll(world.close)
const { as, get, post, photos, logs, metrics, store, front } = world
const { bucket } = photos
const withMetrics = as('alice', { 'x-metrics-bucket': metrics.bucket, 'x-metrics-prefix': 'm' })

await photos.put('a/1', 'x'.repeat(1000))
await photos.put('b', 'x'.repeat(10))
await world.deliver('requests', [
  s3LogLine({ bucket, key: 'a/1', at_ms: noon_ms - 2 * hour_ms, bytes: 1000 }),
  s3LogLine({ bucket, key: 'a/1', at_ms: noon_ms - hour_ms, status: 404, bytes: 30 }),
  s3LogLine({ bucket, key: 'b', at_ms: noon_ms - 1000, operation: 'REST.PUT.OBJECT', bytes: 0, size: 10 }),
  s3LogLine({ bucket, key: 'old', at_ms: noon_ms - 25 * hour_ms }),
  s3LogLine({ bucket: logs.bucket, key: 'l', at_ms: noon_ms - 2 * hour_ms, bytes: 7 }),
])

async function metricsObjects(): Promise<string[]> {
  const pages = await Array.fromAsync(listObjects(metrics.client, { bucket: metrics.bucket, prefix: '' }))
  return pages.flat().map(({ key }) => key)
}

const visible = (rows: number, of = bucket): Promise<void> =>
  until(async () => (await store.rows(`SELECT bucket FROM snapshots WHERE bucket = '${of}'`)).length === rows)

test('a snapshot is a row and, where a metrics bucket is named, one object of its own', async () => {
  const plain = await post('/metrics/snapshot', { bucket })
  const totals = {
    bucket,
    objects: 2,
    bytes: 1010,
    truncated: false,
    incomplete_uploads: 0,
    requests_24h: 3,
    errors_24h: 1,
    bytes_downloaded_24h: 1030,
    bytes_uploaded_24h: 10,
    cdn_requests_24h: 0,
  }
  expect(plain.status).toBe(200)
  expect(plain.body).toMatchObject({ ...totals, ts: new Date(now_ms).toISOString(), object: null })
  await visible(1)
  expect(await store.rows(`SELECT * FROM snapshots WHERE bucket = '${bucket}'`)).toMatchObject([
    { ...totals, ts: '2026-06-10T14:30:00.000000Z' },
  ])
  expect(await metricsObjects()).toEqual([])

  now_ms += 1000
  const keys = [
    await post('/metrics/snapshot', { bucket }, withMetrics),
    await post('/metrics/snapshot', { bucket }, withMetrics),
  ]
    .map(({ body }) => body.object)
    .toSorted()
  expect(await metricsObjects()).toEqual(keys)
  expect(keys[0]).toStartWith(`m/dt=2026-06-10/hour=14/${bucket}-`)
  const { Body } = await metrics.client.send(new GetObjectCommand({ Bucket: metrics.bucket, Key: keys[0] }))
  const text = gunzipSync((await Body?.transformToByteArray()) ?? '').toString()
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines[0]).toMatchObject({ kind: 'bucket', ...totals })
  expect(lines.filter(({ kind }) => kind === 'prefix')).toMatchObject([
    { name: 'a/', objects: 1, bytes: 1000 },
    { name: '(none)', objects: 1, bytes: 10 },
  ])
})

test('trigger-snapshot-all takes every bucket, and one that is refused stops none', async () => {
  now_ms += hour_ms
  front.fault = ({ bucket: of }) => (of === metrics.bucket ? { status: 403, code: 'AccessDenied' } : null)
  const { body } = await post('/trigger-snapshot-all')
  front.fault = () => null
  const names = (list: { bucket: string }[]) => list.map((one) => one.bucket).toSorted()
  expect(names(body.snapshots)).toEqual([bucket, logs.bucket].toSorted())
  expect(body.failed).toMatchObject([{ bucket: metrics.bucket, code: 'forbidden' }])
  await visible(3)
  await visible(1, logs.bucket)
})

test('snapshots need a log bucket, whose source they belong to', async () => {
  const { status, body } = await post('/metrics/snapshot', { bucket }, as('alice', { 'x-log-bucket': '' }))
  expect([status, body.error.code]).toEqual([400, 'invalid_parameter'])
  expect((await post('/metrics/snapshot', { bucket }, as('stranger'))).status).toBe(403)
})

test('sources are what has operations or snapshots', async () => {
  const { body } = await get('/metrics/sources')
  expect(body.sources).toMatchObject(
    [
      { bucket, operations: 4, oldest_event: '2026-06-09T13:30:00.000000Z', snapshots: 3 },
      { bucket: logs.bucket, operations: 1, snapshots: 1, newest_snapshot: '2026-06-10T15:30:01.000000Z' },
    ].toSorted((a, b) => (a.bucket < b.bucket ? -1 : 1)),
  )
  expect((await get('/metrics/sources', {}, as('stranger'))).status).toBe(403)
  const every = (await get('/metrics/sources', {}, { 'x-api-key': apiKey })).body.sources
  expect(every.map((one: { bucket: string }) => one.bucket)).toContain(bucket)
})

test('series have every interval, zeros where nothing was asked and the newest snapshot until then', async () => {
  await photos.put('c', 'x'.repeat(500))
  now_ms += hour_ms
  await post('/metrics/snapshot', { bucket })
  await visible(4)
  const window = { from: '2026-06-10T12:00Z', to: '2026-06-10T18:00Z', step: '1h' }
  const one = (await get('/metrics/series', { bucket, ...window })).body
  const requests = records(one.requests)
  expect(requests.map(({ ts }) => ts)).toEqual(
    [12, 13, 14, 15, 16, 17].map((hour) => `2026-06-10T${hour}:00:00.000000Z`),
  )
  expect(
    requests.map((row) => [row['requests'], row['errors'], row['bytes_downloaded'], row['bytes_uploaded']]),
  ).toEqual([
    [1, 0, 1000, 0],
    [1, 1, 30, 0],
    [1, 0, 0, 10],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ])
  expect(requests[3]).toMatchObject({ format: 's3', error_rate: null, p50: null })
  expect(records(one.storage).map(({ bytes, objects }) => [bytes, objects])).toEqual([
    [null, null],
    [null, null],
    [1010, 2],
    [1010, 2],
    [1510, 3],
    [1510, 3],
  ])

  const all = (await get('/metrics/aggregate-series', window)).body
  expect(records(all.requests).map((row) => row['requests'])).toEqual([2, 1, 1, 0, 0, 0])
  const logBytes = records(all.storage).map(
    (row) => Number(row['bytes']) - Number(records(one.storage)[0] && 0),
  )
  const [{ bytes: ofLogs } = { bytes: 0 }] = await store.rows(
    `SELECT bytes FROM snapshots WHERE bucket = '${logs.bucket}'`,
  )
  expect(logBytes).toEqual([0, 0, 1010, 1010 + Number(ofLogs), 1510 + Number(ofLogs), 1510 + Number(ofLogs)])
  expect(records(all.storage).map((row) => row['buckets'])).toEqual([0, 0, 1, 2, 2, 2])
  const late = (
    await get('/metrics/series', { bucket, from: '2026-06-10T16:45Z', to: '2026-06-10T17:00Z', step: '5m' })
  ).body
  expect(records(late.storage).map(({ bytes }) => bytes)).toEqual([1510, 1510, 1510])
})

test('metrics and rows are answered to Spaces credentials for their own source, and to the API key for all', async () => {
  const window = { from: '2026-06-10T00:00Z', to: '2026-06-11T00:00Z' }
  const total = async (headers: Record<string, string>): Promise<unknown> =>
    records((await get('/metrics/operations', { ...window, bucket }, headers)).body.totals)[0]?.['requests']
  expect(await total(as('alice'))).toBe(3)
  expect(await total({ 'x-api-key': apiKey })).toBe(3)
  expect(await total(as('alice', { 'x-log-prefix': 'empty/' }))).toBeUndefined()
  const rows = (await get('/logs/operations', { ...window, format: 's3,csv' })).text.split('\r\n')
  expect(rows.length).toBe(1 + 4 + 1)
  const metric = await get('/metrics/query/AllRequests', { ...window, step: 'none' }, as('alice'))
  expect(metric.body.rows).toEqual([['s3', 4]])
  for (const path of ['/metrics/operations', '/logs/operations', '/metrics/catalog', '/metrics/top-ips']) {
    expect((await get(path, {}, as('alice', { 'x-spaces-secret': 'wrong' }))).status).toBe(403)
    expect((await get(path, {}, as('alice', { 'x-log-bucket': '' }))).status).toBe(400)
    expect((await get(path, {}, {})).status).toBe(401)
  }
})

test("the operator's buckets are measured again and again, each time as rows of its own", async () => {
  const config = {
    endpoint: front.endpoint,
    region: 'us-east-1',
    key: 'limited',
    secret: new Secret('limited-secret'),
    bucket: logs.bucket,
    prefix: 'of-the-operator/',
    pathStyle: true,
  }
  const kept = startSnapshots({
    sources: () => [{ ...config, key: 'nobody' }, config],
    first_ms: 0,
    every_ms: 10,
    query: store.query,
    append: store.appender.append,
    log: createLog('silent'),
  })
  const rows = () => store.rows(`SELECT bucket FROM snapshots WHERE source = '${sourceId(config)}'`)
  await until(async () => (await rows()).length >= 2)
  await kept.stop()
  // Its key may not list buckets: the named one is what it has.
  expect(new Set((await rows()).map((row) => row['bucket']))).toEqual(new Set([logs.bucket]))
})
