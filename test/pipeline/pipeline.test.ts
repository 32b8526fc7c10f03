import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { UnavailableError } from '../../src/errors.ts'
import { createLog } from '../../src/log.ts'
import { startPipeline } from '../../src/pipeline/pipeline.ts'
import type { Pipeline, PipelineOptions } from '../../src/pipeline/pipeline.ts'
import { sourceId } from '../../src/pipeline/sources.ts'
import type { SourceConfig } from '../../src/source-config.ts'
import { demoWeek } from '../demo/demo-week.ts'
import { testBucket } from '../support/bucket.ts'
import { logLines } from '../support/log-lines.ts'
import { testQuestDB } from '../support/servers.ts'
import { openTestStore } from '../support/store.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(60_000)

let store: Awaited<ReturnType<typeof openTestStore>>
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

const pace = {
  poll_ms: 20,
  reconcile_ms: 3_600_000,
  lookback_ms: 172_800_000,
  retention_ms: 0,
  log: createLog('silent'),
}

function start(config: SourceConfig, change: Partial<PipelineOptions> = {}): Promise<Pipeline> {
  return startPipeline({ ...store, ...pace, source: sourceId(config), config, ...change })
}

/** Resolves once the bucket is listed and all that was found is finished. */
async function idle(pipeline: Pipeline, objects?: number): Promise<void> {
  await until(() => {
    const { listed, backlog, objects_done, objects_refused } = pipeline.status()
    return listed && (objects === undefined ? backlog === 0 : objects_done + objects_refused === objects)
  })
}

async function stored(config: SourceConfig) {
  await store.visible()
  const source = sourceId(config)
  const [operations = {}] = await store.rows(
    `SELECT count() rows, sum(bytes_sent) bytes_sent, sum(bytes_received) bytes_received FROM operations WHERE source = '${source}'`,
  )
  const ledger = await store.rows(`SELECT * FROM log_objects WHERE source = '${source}' ORDER BY key`)
  const refused = await store.rows(
    `SELECT log_object, count() kept FROM refused_lines WHERE source = '${source}' ORDER BY log_object`,
  )
  return { operations, ledger, refused }
}

const sum = (rows: Record<string, unknown>[], column: string): number =>
  rows.reduce((total, row) => total + Number(row[column]), 0)
const unbalanced = (ledger: Record<string, unknown>[]): unknown[] =>
  ledger.filter(
    ({ lines, rows, refused, blank }) => Number(lines) !== Number(rows) + Number(refused) + Number(blank),
  )

test('a week of generated logs is stored exactly, and reading all of it again adds nothing', async () => {
  const { bucket, source, putAll } = await testBucket()
  const config = source('access-logs/')
  const to_ms = Date.now()
  const from_ms = to_ms - 7 * 86_400_000
  const { objects, truth } = demoWeek({ from_ms, to_ms, object_span_ms: 12 * 3_600_000 })
  await putAll(objects.map(({ key, body }) => [key, body]))
  await putAll([['outside-the-prefix', 'x']])

  const first = await start(config)
  await idle(first, objects.length)
  const counts = truth.lines()
  const expected = {
    lines: counts.lines,
    rows: counts.rows + counts.repeated,
    refused: counts.refused,
    blank: counts.blank + counts.comments,
  }
  expect(first.status()).toMatchObject({
    ...expected,
    objects_done: objects.length,
    objects_refused: 0,
    bucket,
  })
  await first.stop(10_000)
  await first.finished

  const once = await stored(config)
  const total = (column: 'bytes_sent' | 'bytes_received'): number =>
    truth.groups().reduce((sum, group) => sum + group[column], 0)
  expect(once.operations).toEqual({
    rows: counts.rows,
    bytes_sent: total('bytes_sent'),
    bytes_received: total('bytes_received'),
  })
  expect(once.ledger.map(({ key }) => key)).toEqual(objects.map(({ key }) => key).toSorted())
  expect(unbalanced(once.ledger)).toEqual([])
  for (const [column, value] of Object.entries(expected))
    expect([column, sum(once.ledger, column)]).toEqual([column, value])
  expect(sum(once.refused, 'kept')).toBe(counts.refused)

  // Without its ledger it reads everything again.
  const query = async (): Promise<{ columns: []; rows: [] }> => ({ columns: [], rows: [] })
  const again = await start(config, { query })
  await idle(again, objects.length)
  expect(again.status()).toMatchObject(expected)
  await again.stop(10_000)
  const twice = await stored(config)
  expect({ ...twice, ledger: twice.ledger.length }).toEqual({ ...once, ledger: once.ledger.length })

  // With it, nothing.
  const restarted = await start(config)
  await idle(restarted)
  expect(restarted.status()).toMatchObject({ lines: 0, bytes: 0, objects_done: 0, backlog: 0 })
  await restarted.stop(10_000)
})

test('poisoned objects are refused with a reason, and the others go on', async () => {
  const { source, putAll } = await testBucket()
  const config = source()
  const garbage = Array.from({ length: 250 }, (_, i) => `garbage ${i}\n`).join('')
  await putAll([
    ['bomb', Bun.gzipSync(new Uint8Array(40 << 20), { level: 9 })],
    ['cut', Bun.gzipSync(logLines('cut', 500)).subarray(0, 2_000)],
    ['garbage', garbage + logLines('garbage', 3)],
    ['long', `${logLines('long', 2)}${'x'.repeat(200_000)}\n${logLines('longer', 3)}`],
    ['nothing', Bun.gzipSync('')],
    ['several', Buffer.concat([10, 0, 20].map((n) => Bun.gzipSync(logLines(`several-${n}`, n))))],
    ['zero', new Uint8Array(300)],
    ...Array.from({ length: 20 }, (_, i): [string, string] => [`good-${i}`, logLines(`good-${i}`, 7)]),
  ])
  const pipeline = await start(config)
  await idle(pipeline, 27)
  expect(pipeline.status()).toMatchObject({ objects_done: 25, objects_refused: 2, backlog: 0 })
  await pipeline.stop(10_000)

  const { operations, ledger, refused } = await stored(config)
  const entries = new Map(ledger.map((row) => [row['key'], row]))
  expect(ledger.length).toBe(27)
  expect(unbalanced(ledger)).toEqual([])
  expect(operations).toMatchObject({ rows: sum(ledger, 'rows') })
  expect(entries.get('bomb')).toMatchObject({
    state: 'refused',
    reason: expect.stringContaining('grows more than'),
  })
  expect(entries.get('cut')).toMatchObject({ state: 'refused', reason: expect.stringContaining('damaged') })
  expect(entries.get('garbage')).toMatchObject({
    state: 'done',
    lines: 253,
    rows: 3,
    refused: 250,
    reason: null,
  })
  expect(entries.get('long')).toMatchObject({ state: 'done', lines: 6, rows: 5, refused: 1 })
  expect(entries.get('nothing')).toMatchObject({ state: 'done', lines: 0 })
  expect(entries.get('several')).toMatchObject({ state: 'done', lines: 30, rows: 30 })
  expect(entries.get('zero')).toMatchObject({ state: 'done', lines: 1, refused: 1 })
  for (let i = 0; i < 20; i++) expect(entries.get(`good-${i}`)).toMatchObject({ rows: 7 })
  expect(refused.find(({ log_object }) => log_object === 'garbage')).toMatchObject({ kept: 100 })
})

test('objects of one second each have their own ledger row', async () => {
  const { source, putAll } = await testBucket()
  const config = source()
  await putAll(Array.from({ length: 40 }, (_, i) => [`same-${i}`, logLines(`same-${i}`, 1)]))
  const pipeline = await start(config)
  await idle(pipeline, 40)
  await pipeline.stop(10_000)
  const { ledger } = await stored(config)
  expect(ledger.length).toBe(40)
  expect(new Set(ledger.map(({ ts }) => ts)).size).toBeLessThan(40)
})

test('a replaced object is read again, and its new lines are added', async () => {
  const { source, put } = await testBucket()
  const config = source()
  const text = logLines('growing', 5)
  for (const body of [text, text + logLines('grown', 4)]) {
    await put('growing', body)
    const pipeline = await start(config)
    await idle(pipeline, 1)
    await pipeline.stop(10_000)
  }
  const { operations, ledger } = await stored(config)
  expect(operations).toMatchObject({ rows: 9 })
  expect(ledger.map(({ rows }) => rows).toSorted()).toEqual([5, 9])
})

test('records older than the retention are counted as expired, and only they are left out', async () => {
  const { source, putAll } = await testBucket()
  const config = source()
  const day_ms = 86_400_000
  const line = (n: number, age_days: number): string => {
    const [, day, month, year, time] = new Date(Date.now() - age_days * day_ms).toUTCString().split(' ')
    return logLines(`k-${n}`, 1).replace(/\[[^\]]*\]/, `[${day}/${month}/${year}:${time} +0000]`)
  }
  await putAll([['mixed', [1, 29, 31, 400].map((age, n) => line(n, age)).join('') + '\nno log line\n']])
  const pipeline = await start(config, { retention_ms: 30 * day_ms })
  await idle(pipeline, 1)
  const counts = { lines: 6, rows: 2, refused: 1, blank: 1, expired: 2 }
  expect(pipeline.status()).toMatchObject(counts)
  await pipeline.stop(10_000)
  const { operations, ledger } = await stored(config)
  expect(operations).toMatchObject({ rows: 2 })
  expect(ledger).toMatchObject([counts])
})

test('QuestDB killed in the middle: it shows as retrying, resumes by itself, and nothing is lost or doubled', async () => {
  const { source, putAll } = await testBucket()
  const config = source()
  await putAll(Array.from({ length: 60 }, (_, i) => [`o-${i}`, logLines(`o-${i}`, 400)]))
  const server = await testQuestDB()
  let posts = 0
  const pipeline = await start(config, {
    write(body) {
      if (++posts === 2) server.restart('test')
      return store.write(body)
    },
  })
  await until(() => pipeline.status().actors.some(({ state, reason }) => state === 'retrying' && reason))
  await idle(pipeline, 60)
  expect(pipeline.status()).toMatchObject({ objects_done: 60, rows: 24_000, refused: 0 })
  await until(() => pipeline.status().actors.every(({ state }) => state === 'idle'))
  await pipeline.stop(10_000)
  const { operations, ledger } = await stored(config)
  expect(operations).toMatchObject({ rows: 24_000 })
  expect(ledger.length).toBe(60)
  expect(unbalanced(ledger)).toEqual([])
})

test('with QuestDB away the mailboxes stay bounded, and stop gives up at its deadline', async () => {
  const { source, putAll } = await testBucket()
  const config = source()
  await putAll(Array.from({ length: 60 }, (_, i) => [`o-${i}`, logLines(`o-${i}`, 3_000)]))
  const away = await start(config, {
    write: async () => {
      throw new UnavailableError('Cannot write: QuestDB is away')
    },
  })
  const queued = (name: string): number =>
    away.status().actors.find((actor) => actor.name === name)?.queued ?? 0
  await until(() => queued('parser') === 8 && queued('reader') === 4)
  expect(queued('writer')).toBeLessThan(100)
  expect(away.status()).toMatchObject({ objects_done: 0, rows: 0, backlog: 60 })
  await away.stop(100)
  await away.finished
  expect((await stored(config)).ledger).toEqual([])
})

test('stop does not wait for a post that hangs, and what hung is stored once after the restart', async () => {
  const { source, put } = await testBucket()
  const config = source()
  await put('a', logLines('a', 5))
  const hanging = Promise.withResolvers<never>()
  let posts = 0
  const pipeline = await start(config, {
    write() {
      posts++
      return hanging.promise
    },
  })
  await until(() => posts === 1)
  await pipeline.stop(50)
  expect([posts, Bun.peek.status(hanging.promise)]).toEqual([1, 'pending'])
  expect((await stored(config)).ledger).toEqual([])

  const restarted = await start(config)
  await idle(restarted, 1)
  await restarted.stop(10_000)
  const { operations, ledger } = await stored(config)
  expect(operations).toMatchObject({ rows: 5 })
  expect(ledger).toMatchObject([{ key: 'a', lines: 5, rows: 5 }])
})

test('stop in the middle of a big object loses nothing: it is read after the restart', async () => {
  const { source, put } = await testBucket()
  const config = source()
  await put('big', logLines('big', 60_000))
  const begun = Promise.withResolvers<void>()
  const pipeline = await start(config, {
    write(body) {
      begun.resolve()
      return store.write(body)
    },
  })
  await begun.promise
  await pipeline.stop(10_000)
  await pipeline.finished
  const cut = await stored(config)
  expect(cut.ledger).toEqual([])
  expect(Number(cut.operations['rows'])).toBeLessThan(60_000)

  const restarted = await start(config)
  await idle(restarted, 1)
  await restarted.stop(10_000)
  const { operations, ledger } = await stored(config)
  expect(operations).toMatchObject({ rows: 60_000 })
  expect(ledger).toMatchObject([{ key: 'big', lines: 60_000, rows: 60_000 }])
})

test('a bug in one object leaves it out of the ledger, the others go on, and a restart reads it', async () => {
  const { source, putAll } = await testBucket()
  const config = source()
  await putAll(Array.from({ length: 8 }, (_, i) => [`o-${i}`, logLines(`o-${i}`, 10)]))
  const pipeline = await start(config, {
    write: async (body) => {
      if (Buffer.from(body).includes('o-3-')) throw new TypeError('a bug')
      return store.write(body)
    },
  })
  await until(() => pipeline.status().listed && pipeline.status().objects_done === 7)
  expect(pipeline.status().backlog).toBe(1)
  await pipeline.stop(10_000)
  expect((await stored(config)).ledger.map(({ key }) => key)).not.toContain('o-3')
  const restarted = await start(config)
  await idle(restarted, 1)
  await restarted.stop(10_000)
  expect(await stored(config)).toMatchObject({ operations: { rows: 80 } })
})

test('a wrong key shows as retrying with its reason, and condemns no object', async () => {
  const { source, put } = await testBucket()
  const config = source()
  await put('a', logLines('a', 3))
  const wrong = await start({ ...config, key: 'wrong' })
  await until(() =>
    wrong.status().actors.some(({ name, state }) => name === 'lister' && state === 'retrying'),
  )
  expect(wrong.status().actors[0]?.reason).toContain('the key or its secret is wrong')
  await wrong.stop(1_000)
  await put('b', logLines('b', 3))
  const right = await start(config)
  await idle(right, 2)
  await right.stop(10_000)
  expect((await stored(config)).ledger.map(({ state }) => state)).toEqual(['done', 'done'])
})
