import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { createLog } from '../../src/log.ts'
import type { Operation } from '../../src/logs/record.ts'
import { closedUntil } from '../../src/records/closed.ts'
import { Secret } from '../../src/secret.ts'
import { originOf } from '../../src/store/ilp-fields.ts'
import { createRowBuffer } from '../../src/store/ilp.ts'
import { createEventStore } from '../../src/watch/event-store.ts'
import { createHistory, operationsHistorySql } from '../../src/watch/history.ts'
import { judge } from '../../src/watch/judge.ts'
import { interval_ms } from '../../src/watch/series.ts'
import { startWatcher } from '../../src/watch/watcher.ts'
import type { Watcher } from '../../src/watch/watcher.ts'
import { createWebhook } from '../../src/watch/webhook.ts'
import { demoWeek, WEEK } from '../demo/demo-week.ts'
import { healthySource } from '../server/test-app.ts'
import { openTestStore } from '../support/store.ts'
import { until } from '../support/until.ts'
import { countSeries, operationsOf } from './demo-series.ts'

setDefaultTimeout(60_000)

const hour = 3_600_000
const source = 'watched'
const store = await openTestStore()
const { objects, truth } = demoWeek({ lines: 100_000, deliver_by_ms: WEEK.to_ms })
const byHash = new Map<bigint, Operation>()
const deliveries = objects.map(({ text, delivered_ms, key }) => {
  const operations = operationsOf(text)
  for (const operation of operations) byHash.set(operation.line_hash, operation)
  const times = operations.map(({ ts }) => ts / 1000)
  return { key, delivered_ms, oldest_event_ms: Math.min(...times), newest_event_ms: Math.max(...times) }
})
const newest = deliveries
  .filter(({ oldest_event_ms }) => oldest_event_ms < Infinity)
  .toSorted((a, b) => b.delivered_ms - a.delivered_ms)
  .slice(0, 100)
const closed_ms = closedUntil(newest, WEEK.to_ms) ?? 0
const all = [...byHash.values()]

// An object that comes a day late: its bucket looks silent until then.
const held = { bucket: 'static-site', from_ms: WEEK.to_ms - 20 * hour, to_ms: WEEK.to_ms - 19 * hour }
const isHeld = ({ ts, bucket, format }: Operation) =>
  format === 's3' && bucket === held.bucket && ts / 1000 >= held.from_ms && ts / 1000 < held.to_ms

type Told = { id: string; rule: string; bucket: string; [name: string]: unknown }
const told: Told[] = []
let refusals = 0
let refuse = 0
const hook = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  async fetch(request) {
    if (refuse > 0) {
      refuse--
      refusals++
      return new Response('later', { status: 503 })
    }
    told.push((await request.json()) as Told)
    return new Response(null, { status: 204 })
  },
})
let backlog = 1
let now_ms = WEEK.to_ms
const watchers: Watcher[] = []

function watch(): Watcher {
  const watcher = startWatcher({
    query: store.query,
    appender: store.appender,
    sources: () => [{ ...healthySource, source, backlog }],
    tell: createWebhook(new Secret(`http://127.0.0.1:${hook.port}/hook`)),
    log: createLog('silent'),
    now: () => now_ms,
    every_ms: 50,
    firstWait_ms: 10,
  })
  watchers.push(watcher)
  return watcher
}

async function insert(operations: readonly Operation[]): Promise<void> {
  const rowBuffer = createRowBuffer()
  for (let at = 0; at < operations.length; at += 20_000) {
    const rejected = await store.write(
      rowBuffer.append(operations.slice(at, at + 20_000), originOf(source, 'object')).bytes,
    )
    expect(rejected).toEqual([])
  }
  await store.visible()
}

async function enter(some: typeof deliveries): Promise<void> {
  const date = (ms: number): Date | null => (Number.isFinite(ms) ? new Date(ms) : null)
  await store.appender.append(
    'log_objects',
    some.map((delivery) => ({
      ts_ms: delivery.delivered_ms,
      symbols: { source, state: 'done' },
      columns: {
        key: delivery.key,
        etag: 'e',
        oldest_event: date(delivery.oldest_event_ms),
        newest_event: date(delivery.newest_event_ms),
        ingested_at: new Date(now_ms),
      },
    })),
  )
  await store.visible()
}

const events = () => store.rows(`SELECT * FROM events WHERE source = '${source}' ORDER BY ts, id`)

beforeAll(async () => {
  await insert(all.filter((operation) => !isHeld(operation)))
  await enter(deliveries)
})

afterAll(async () => {
  for (const watcher of watchers) await watcher.stop()
  await hook.stop(true)
  await store.close()
})

const planted = [
  ['latency_step', 'latency_step', 'latency_p50'],
  ['slow_down', 'errors_5xx', 'share_5xx'],
  ['slow_down', 'traffic_spike', 'requests'],
  ['forbidden_scan', 'traffic_spike', 'requests'],
  ['hotlink', 'traffic_spike', 'bytes_sent'],
  ['silent_hour', 'traffic_zero', 'requests'],
] as const

test('rules find each planted incident in its bucket and window, and nothing in a week besides', () => {
  const found = countSeries(all, WEEK.from_ms, closed_ms).flatMap((series) =>
    judge(series).map((breach) => ({
      ...breach,
      ...series.subject,
      from_ms: series.first_ms + breach.first * interval_ms,
      to_ms: series.first_ms + breach.end * interval_ms,
    })),
  )
  for (const [kind, rule, measure] of planted) {
    const incident = truth.incidents().find((one) => one.kind === kind)
    const breach = found.find((one) => one.rule === rule && one.bucket === incident?.bucket)
    expect([kind, breach?.format, breach?.measure]).toEqual([kind, 's3', measure])
    expect(Math.abs((breach?.from_ms ?? 0) - (incident?.from_ms ?? 0))).toBeLessThanOrEqual(interval_ms)
    expect(Math.abs((breach?.to_ms ?? 0) - (incident?.to_ms ?? 0))).toBeLessThanOrEqual(interval_ms)
  }
  expect(found.length).toBe(planted.length)
})

test('rules find nothing in a week without incidents', () => {
  const calm = demoWeek({ lines: 50_000, deliver_by_ms: WEEK.to_ms, incidents: false })
  const operations = new Map(
    calm.objects.flatMap(({ text }) => operationsOf(text).map((one) => [one.line_hash, one] as const)),
  )
  expect(countSeries(operations.values(), WEEK.from_ms, WEEK.to_ms).flatMap(judge)).toEqual([])
})

test('history reads from the store what a plain loop counts', async () => {
  const history = createHistory(store.query, source, operationsHistorySql(source))
  await history.read(0, closed_ms)
  const loop = countSeries(
    all.filter((one) => !isHeld(one)),
    WEEK.from_ms,
    closed_ms,
  )
  const read = [...history.series()]
  expect(read.length).toBe(loop.length)
  for (const { subject, first_ms, samples } of loop) {
    const mine = read.find(
      (one) => one.subject.bucket === subject.bucket && one.subject.format === subject.format,
    )
    expect([mine?.first_ms, mine?.samples.length]).toEqual([first_ms, samples.length])
    for (const [i, { latency_ms, ...exact }] of samples.entries()) {
      const sample = mine?.samples[i]
      expect(sample).toMatchObject(exact)
      // The store's percentile is an approximation, and of two middle values it may take the other.
      if (exact.timed > 50 && latency_ms !== null)
        expect(Math.abs((sample?.latency_ms ?? 0) / latency_ms - 1)).toBeLessThan(0.35)
    }
  }
})

test('nothing is judged while log objects wait to be read', async () => {
  const watcher = watch()
  await until(() => watcher.status().last_look_ms !== null)
  expect(await events()).toEqual([])
  expect(watcher.status().closed_ms.size).toBe(0)
  await watcher.stop()
})

test('each event is stored once, and the hook that fails twice is told of those of the last day alone', async () => {
  backlog = 0
  refuse = 2
  const watcher = watch()
  const delivered = async () => (await events()).filter((row) => row['delivery'] === 'delivered')
  await until(async () => (await delivered()).length === 3 && watcher.status().events_pending === 0)
  expect(refusals).toBe(2)
  const rows = await events()
  expect(rows.length).toBe(planted.length + 1)
  for (const [kind, rule, measure] of planted) {
    const incident = truth.incidents().find((one) => one.kind === kind)
    const row = rows.find((one) => one['rule'] === rule && one['bucket'] === incident?.bucket)
    expect(row).toMatchObject({ rule, measure, source, format: 's3' })
    expect(Math.abs(Date.parse(String(row?.['started_at'])) - (incident?.from_ms ?? 0))).toBeLessThanOrEqual(
      interval_ms,
    )
  }
  const step = rows.find((one) => one['rule'] === 'latency_step')
  expect(Number(step?.['after']) / Number(step?.['before'])).toBeWithin(4, 6)
  expect(step).toMatchObject({ severity: 'critical', unit: 'Milliseconds', delivery: 'delivered' })
  expect(rows.find((one) => one['rule'] === 'errors_5xx')).toMatchObject({
    severity: 'critical',
    delivery: 'none',
  })

  expect(told.map(({ rule, bucket }) => [rule, bucket]).toSorted()).toEqual([
    ['latency_step', 'media-assets'],
    ['traffic_spike', 'db-backups'],
    ['traffic_zero', 'static-site'],
  ])
  expect(told.map(({ id }) => id).toSorted()).toEqual(
    rows
      .filter((row) => row['delivery'] === 'delivered')
      .map((row) => String(row['id']))
      .toSorted(),
  )
  expect(told.find(({ rule }) => rule === 'latency_step')).toMatchObject({
    severity: 'critical',
    subject: 'bucket',
    before: step?.['before'],
    after: step?.['after'],
    text: expect.stringContaining(
      'critical: bucket media-assets (s3): latency has stepped up since 2026-08-28T04:00',
    ),
  })
})

test('an event is withdrawn when late logs show that there was none', async () => {
  const before = await events()
  expect(before.find((row) => row['bucket'] === held.bucket)).toMatchObject({ rule: 'traffic_zero' })
  await insert(all.filter(isHeld))
  now_ms += 60_000
  const { from_ms, to_ms } = held
  await enter([{ key: 'late', delivered_ms: WEEK.to_ms, oldest_event_ms: from_ms, newest_event_ms: to_ms }])
  const state = async () => (await events()).find((row) => row['bucket'] === held.bucket)?.['state']
  await until(async () => (await state()) === 'withdrawn')
  expect((await events()).map((row) => row['id'])).toEqual(before.map((row) => row['id']))
})

test('a restart tells what is still to be told, and finds nothing new', async () => {
  for (const watcher of watchers.splice(0)) await watcher.stop()
  const before = await events()
  const kept = createEventStore(store.query, store.appender)
  const step = (await kept.load(0)).find(({ rule }) => rule === 'latency_step')
  if (!step) throw new Error('no latency step')
  // As if the process had ended between breach and telling.
  await kept.save([{ ...step, delivery: 'pending', delivered_ms: null }])
  await until(async () => (await events()).some((row) => row['delivery'] === 'pending'))
  told.length = 0
  const watcher = watch()
  await until(() => told.length === 1 && watcher.status().closed_ms.size === 1)
  await until(async () => (await events()).every((row) => row['delivery'] !== 'pending'))
  expect(told.map(({ id }) => id)).toEqual([step.id])
  expect((await events()).map((row) => row['id'])).toEqual(before.map((row) => row['id']))
})

test('SpaceWatch itself is judged by its own requests', async () => {
  const start_ms = WEEK.to_ms - 2 * hour
  await store.appender.append(
    'requests',
    Array.from({ length: 300 }, (_, i) => ({
      ts_ms: start_ms + i * 900,
      symbols: { method: 'GET', route: '/logs/operations', operation_type: 'logs.operations' },
      columns: { request_id: `own-${i}`, status: i % 10 === 0 ? 500 : 200, duration_ms: 5, bytes_out: 100 },
    })),
  )
  const last = "SELECT ts FROM requests WHERE request_id = 'own-299'"
  await until(async () => (await store.rows(last)).length === 1)
  for (const watcher of watchers.splice(0)) await watcher.stop()
  told.length = 0
  watch()
  await until(() => told.length === 1)
  expect(told).toMatchObject([
    {
      rule: 'errors_5xx',
      severity: 'warning',
      subject: 'service',
      bucket: null,
      before: 0,
      after: 10,
      started_at: new Date(start_ms).toISOString(),
      ended_at: new Date(start_ms + interval_ms).toISOString(),
      text: expect.stringContaining('warning: SpaceWatch: too many 5xx'),
    },
  ])
})
