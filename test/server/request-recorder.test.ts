import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { createLog } from '../../src/log.ts'
import { startRequestRecorder } from '../../src/server/request-recorder.ts'
import type { FinishedRequest } from '../../src/server/request-trace.ts'
import { questdbAddress } from '../../src/store/address.ts'
import { openAppender } from '../../src/store/append.ts'
import { startFaultyProxy } from '../support/faulty-proxy.ts'
import { testQuestDB } from '../support/servers.ts'
import { openTestStore } from '../support/store.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(60_000)

const store = await openTestStore()
const log = createLog('silent')
const ts_ms = Date.UTC(2026, 5, 1)
afterAll(() => store.close())

const finished = (request_id: string, more: Partial<FinishedRequest> = {}): FinishedRequest => ({
  ts_ms,
  request_id,
  method: 'GET',
  route: '/metrics/query/:metric',
  operation_type: 'metrics.query',
  bucket: 'photos',
  scope: 'admin',
  status: 200,
  error_code: null,
  duration_ms: 12.6,
  bytes_out: 345,
  client_network: '203.0.113.0',
  ...more,
})
const stored = (like: string) =>
  store.rows(`SELECT * FROM requests WHERE request_id LIKE '${like}%' ORDER BY ts, request_id`)

test('a request becomes a row with everything that is known of it', async () => {
  const recorder = startRequestRecorder({ appender: store.appender, log, pace_ms: 0 })
  recorder.record(finished('whole-1'))
  recorder.record(
    finished('whole-2', {
      ts_ms: ts_ms + 1,
      status: 401,
      error_code: 'unauthorized',
      bucket: null,
      scope: null,
      bytes_out: null,
      client_network: null,
    }),
  )
  await until(async () => (await stored('whole-')).length === 2)
  const rows = await stored('whole-')
  const first: Record<string, unknown> = { ...finished('whole-1'), duration_ms: 13 }
  delete first['ts_ms']
  expect(rows).toEqual([
    { ...first, ts: '2026-06-01T00:00:00.000000Z' },
    {
      ...first,
      request_id: 'whole-2',
      ts: '2026-06-01T00:00:00.001000Z',
      status: 401,
      error_code: 'unauthorized',
      bucket: null,
      scope: null,
      bytes_out: null,
      client_network: null,
    },
  ])
  expect(recorder.status()).toEqual({ state: 'idle', reason: null, queued: 0, recorded: 2, dropped: 0 })
  await recorder.stop(1_000)
})

test('stopping stores what is queued', async () => {
  const recorder = startRequestRecorder({ appender: store.appender, log, pace_ms: 60_000 })
  for (let i = 0; i < 500; i++) recorder.record(finished(`flush-${i}`))
  await recorder.stop(20_000)
  await until(async () => (await stored('flush-')).length === 500)
  expect(recorder.status()).toMatchObject({ queued: 0, recorded: 500, dropped: 0, state: 'stopped' })
})

test('while QuestDB is away requests wait up to a limit, what finds no room is counted, and what waits is stored once', async () => {
  const { address } = await testQuestDB()
  const { hostname, port } = new URL(address.httpUrl)
  let away = true
  const proxy = await startFaultyProxy({
    target: { host: hostname, port: Number(port) },
    // Some are stored although nobody hears of it.
    plan: () => (away ? { name: 'away', fault: { kind: 'reply dropped' } } : null),
  })
  const appender = await openAppender({
    ...questdbAddress(`http://127.0.0.1:${proxy.port}`, ''),
    authorization: address.authorization,
  })
  const recorder = startRequestRecorder({ appender, log, capacity: 10, pace_ms: 0 })
  recorder.record(finished('away-first'))
  await until(() => recorder.status().state === 'retrying' && recorder.status().queued === 0)
  for (let i = 0; i < 15; i++) recorder.record(finished(`away-${i}`))
  expect(recorder.status()).toMatchObject({ queued: 10, recorded: 0, dropped: 5 })
  expect(recorder.status().reason).toContain('Cannot append to requests')
  away = false
  await until(() => recorder.status().recorded === 11)
  await until(async () => (await stored('away-')).length === 11)
  expect(recorder.status()).toMatchObject({ queued: 0, dropped: 5 })
  await recorder.stop(1_000)
  await appender.close()
  await proxy.close()
})

test('stopping gives up in time while QuestDB is away', async () => {
  const appender = await openAppender(questdbAddress('http://127.0.0.1:1', ''))
  const recorder = startRequestRecorder({ appender, log, pace_ms: 0 })
  recorder.record(finished('never'))
  await until(() => recorder.status().state === 'retrying')
  await recorder.stop(10)
  expect(await stored('never')).toEqual([])
  await appender.close()
})
