import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { zstdCompressSync } from 'node:zlib'
import { createLog } from '../../src/log.ts'
import { createCoverage } from '../../src/metrics/coverage.ts'
import { startPipeline } from '../../src/pipeline/pipeline.ts'
import { sourceId } from '../../src/pipeline/sources.ts'
import { readRefused } from '../../src/records/log-objects.ts'
import type { SourceConfig } from '../../src/source-config.ts'
import { execute } from '../../src/store/http.ts'
import { testBucket } from '../support/bucket.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { openTestStore } from '../support/store.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(60_000)

let store: Awaited<ReturnType<typeof openTestStore>>
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

const now_ms = Math.floor(Date.now() / 1000) * 1000
const linesOf = (name: string, count: number): string =>
  Array.from({ length: count }, (_, i) =>
    s3LogLine({ bucket: 'photos', key: `${name}/${i}`, at_ms: now_ms - 3_600_000 + i }),
  )
    .map((line) => `${line}\n`)
    .join('')

function start(config: SourceConfig) {
  return startPipeline({
    ...store,
    poll_ms: 20,
    reconcile_ms: 3_600_000,
    lookback_ms: 172_800_000,
    retention_ms: 0,
    log: createLog('silent'),
    source: sourceId(config),
    config,
  })
}

test('what is damaged, compressed otherwise, or of the future is told by ledger, coverage and health, also after a restart', async () => {
  const { source, putAll } = await testBucket()
  const config = source('logs/')
  const scope = [sourceId(config)]
  const packed = Bun.gzipSync(linesOf('garbage', 5_000))
  await putAll([
    ['logs/good', linesOf('good', 100)],
    ['logs/cut', Bun.gzipSync(linesOf('cut', 20_000)).subarray(0, 60_000)],
    ['logs/garbage', Buffer.concat([packed, Buffer.from('no gzip at all '.repeat(2_000))])],
    ['logs/zstd', zstdCompressSync(linesOf('zstd', 10))],
    ['logs/future', s3LogLine({ bucket: 'photos', key: 'future', at_ms: Date.UTC(2150, 0, 1) })],
  ])
  const first = await start(config)
  await until(() => first.status().objects_done + first.status().objects_refused === 5)
  expect(first.status()).toMatchObject({ objects_done: 2, objects_refused: 3 })
  const { newest_event_ms, newest_delivery_ms } = first.status()
  expect(newest_event_ms).toBeLessThan(now_ms)
  await first.stop(10_000)
  await store.visible()

  const ledger = await store.rows(
    `SELECT key, state, lines, rows, refused, reason FROM log_objects WHERE source = '${scope[0]}' ORDER BY key`,
  )
  expect(ledger).toMatchObject([
    { key: 'logs/cut', state: 'refused', reason: expect.stringContaining('damaged') },
    { key: 'logs/future', state: 'done', lines: 1, rows: 0, refused: 1 },
    { key: 'logs/garbage', state: 'refused', rows: 5_000, reason: expect.stringContaining('damaged') },
    { key: 'logs/good', state: 'done', rows: 100 },
    { key: 'logs/zstd', state: 'refused', rows: 0, reason: 'Cannot read the object: it is zstd' },
  ])
  expect(Number(ledger[0]?.['rows'])).toBeGreaterThan(1_000)

  const readCoverage = createCoverage({ query: store.query, progress: () => [] })
  const window = { from_ms: now_ms - 7_200_000, to_ms: Date.now() + 60_000, step_ms: null }
  const coverage = await readCoverage(window, scope)
  expect(coverage).toMatchObject({ objects_refused: 3 })
  expect(coverage.notes).toContainEqual(
    expect.stringContaining('3 log objects of the window could not be read'),
  )
  expect(Date.parse(coverage.newest_event ?? '')).toBeLessThan(now_ms)
  const refused = await readRefused(store.query, now_ms - 3_600_000)
  expect(refused.find(({ source }) => source === scope[0])).toMatchObject({ objects: 3, lines_refused: 2 })

  // From before records of the future were refused.
  await execute(
    store.address,
    `INSERT INTO log_objects (ts, source, key, etag, state, newest_event)
VALUES ('${new Date(now_ms).toISOString()}', '${sourceId(config)}', 'logs/old', 'x', 'done', '2150-01-01T00:00:00Z')`,
  )
  await store.visible()

  // Nothing new comes after the restart: what was delivered before is known all the same.
  const second = await start(config)
  expect(second.status()).toMatchObject({ newest_event_ms, newest_delivery_ms })
  await second.stop(10_000)
})
