import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from '../../src/demo/generate.ts'
import type { DemoObject } from '../../src/demo/log-object.ts'
import { createTruth } from '../../src/demo/truth.ts'
import { sourceId } from '../../src/pipeline/sources.ts'
import { startQuestDB } from '../../src/servers/questdb.ts'
import type { SourceConfig } from '../../src/source-config.ts'
import { listObjects } from '../../src/spaces/list.ts'
import { questdbAddress } from '../../src/store/address.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openQueryPool } from '../../src/store/query.ts'
import type { Query } from '../../src/store/query.ts'
import { createWriteRows } from '../../src/store/write.ts'
import type { WriteRows } from '../../src/store/write.ts'
import { testBucket } from '../support/bucket.ts'
import { checkConservation } from '../support/conservation.ts'
import { migrationsDir } from '../support/migrations-dir.ts'
import { startReplyDroppingProxy } from '../support/reply-dropping-proxy.ts'
import { serverOptions, testQuestDB } from '../support/servers.ts'
import { openTestStore } from '../support/store.ts'
import { tempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'
import { assemblePipeline } from './assembled-pipeline.ts'
import type { AssembledPipeline, Parts } from './assembled-pipeline.ts'
import { hasty, ledgerFirst, oneMember, unescaped, watermark } from './wrong-parts.ts'

setDefaultTimeout(120_000)

let store: Awaited<ReturnType<typeof openTestStore>>
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

const clean = { lost: 0, duplicated: 0, forged: 0, wrongSums: [], wrongLedger: [] }

/** A bucket to fill with generated log objects, and what must then be stored. */
async function scene(options: { gzip_share?: number } = {}) {
  const made = await testBucket()
  const config = made.source('access-logs/')
  const truth = createTruth()
  const to_ms = Date.UTC(2026, 7, 28)
  const plan = { seed: 3, from_ms: to_ms - 86_400_000, to_ms, lines: 3_000, lines_per_object: 60 }
  const objects = [...generate({ ...plan, repeated_share: 0, ...options }, truth)]
  return {
    ...made,
    config,
    objects,
    put: (some: readonly DemoObject[]) => made.putAll(some.map(({ key, body }) => [key, body])),
    async check(query: Query = store.query) {
      const listed = (await Array.fromAsync(listObjects(made.client, config))).flat()
      const source = sourceId(config)
      return checkConservation({ query, source, truth, listed })
    },
  }
}
type Scene = Awaited<ReturnType<typeof scene>>

function assemble(
  { client, config }: { client: Scene['client']; config: SourceConfig },
  {
    parts = {},
    write = store.write,
    posts = 1,
  }: { parts?: Partial<Parts> | undefined; write?: WriteRows; posts?: number } = {},
): Promise<AssembledPipeline> {
  return assemblePipeline({ ...store, client, config, write, parts, posts })
}

async function ingestAll(made: Scene, parts?: Partial<Parts>) {
  await made.put(made.objects)
  const pipeline = await assemble(made, { parts })
  await until(pipeline.idle, { what: 'all is ingested' })
  pipeline.abandon()
  await store.visible()
  return made.check()
}

test('all members of a gzip object are stored; a reader of one member loses rows', async () => {
  expect(await ingestAll(await scene({ gzip_share: 1 }))).toMatchObject(clean)
  const wrong = await ingestAll(await scene({ gzip_share: 1 }), { createReader: oneMember })
  expect(wrong.lost).toBeGreaterThan(0)
})

test('hostile text in a log is one row; line protocol without escapes loses or forges rows', async () => {
  expect(await ingestAll(await scene())).toMatchObject(clean)
  const wrong = await ingestAll(await scene(), { createParser: unescaped })
  expect(wrong.lost + wrong.forged).toBeGreaterThan(0)
})

/** The oldest key comes late, after all others but one. */
async function deliverLate(parts?: Partial<Parts>) {
  const made = await scene()
  const [late, ...rest] = made.objects.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const last = rest.pop()
  if (!late || !last) throw new Error('there are too few objects')
  await made.put(rest)
  const pipeline = await assemble(made, { parts })
  await until(pipeline.idle, { what: 'all is ingested' })
  await made.put([late])
  await made.put([last])
  await until(() => pipeline.finished.has(last.key) && pipeline.idle(), { what: 'the last is ingested' })
  pipeline.abandon()
  await store.visible()
  return made.check()
}

test('a log object that comes late is found; a watermark loses it', async () => {
  expect(await deliverLate()).toMatchObject(clean)
  const wrong = await deliverLate({ startLister: watermark })
  expect(wrong.lost).toBeGreaterThan(0)
})

/** Dies within the second post of rows, which holds whole log objects, and starts again. */
async function dieWhileWriting(parts?: Partial<Parts>) {
  const made = await scene()
  await made.put(made.objects)
  let posts = 0
  const write: WriteRows = async (body) => {
    if (++posts > 1) return new Promise(() => {})
    await until(() => first.full(), { what: 'more is waiting' })
    return store.write(body)
  }
  const first = await assemble(made, { write, parts })
  await until(() => posts > 1, { what: 'the second post is under way' })
  first.abandon()
  await store.visible()
  const second = await assemble(made, { parts })
  await until(second.idle, { what: 'all is ingested' })
  second.abandon()
  await store.visible()
  return made.check()
}

test('a death between two posts loses nothing; with the ledger before the rows it does', async () => {
  expect(await dieWhileWriting()).toMatchObject(clean)
  const wrong = await dieWhileWriting({ createWriter: ledgerFirst })
  expect(wrong.lost).toBeGreaterThan(0)
})

/** The first post hangs for ever, and all is killed once the ones beside it have brought everything else. */
async function dieWithOnePostHanging(parts?: Partial<Parts>) {
  const made = await scene()
  await made.put(made.objects)
  let posts = 0
  const write: WriteRows = async (body) => (++posts === 1 ? new Promise(() => {}) : store.write(body))
  const first = await assemble(made, { write, parts, posts: 2 })
  await until(() => first.finished.size >= made.objects.length - 1, { what: 'all others are ingested' })
  first.abandon()
  await store.visible()
  const second = await assemble(made, { parts, posts: 2 })
  await until(second.idle, { what: 'all is ingested' })
  second.abandon()
  await store.visible()
  return made.check()
}

test('a log object whose rows are in two posts at once waits for both; with the later one alone it loses rows', async () => {
  expect(await dieWithOnePostHanging()).toMatchObject(clean)
  const wrong = await dieWithOnePostHanging({ createWriter: hasty })
  expect(wrong.lost).toBeGreaterThan(0)
})

/** Every third reply of QuestDB is dropped after it has committed. */
async function loseReplies(server: { httpUrl: { reveal(): string }; pgUrl: { reveal(): string } }) {
  const made = await scene()
  await made.put(made.objects)
  const proxy = await startReplyDroppingProxy({ url: server.httpUrl.reveal(), share: 0.33, seed: 1 })
  const through = server.httpUrl.reveal().replace(/:\d+$/, `:${proxy.port}`)
  const pool = openQueryPool(server.pgUrl.reveal(), { connections: 2, timeout_ms: 20_000 })
  const write = createWriteRows(questdbAddress(through, server.pgUrl.reveal()))
  const pipeline = await assemblePipeline({ ...made, query: pool.query, appender: store.appender, write })
  await until(pipeline.idle, { what: 'all is ingested' })
  pipeline.abandon()
  const behind = `SELECT count() FROM wal_tables() WHERE writerTxn < sequencerTxn AND name = 'operations'`
  await until(async () => (await pool.query(behind)).rows[0]?.[0] === 0, { what: 'rows are visible' })
  const { lost, duplicated } = await made.check(pool.query)
  await pool.close()
  await proxy.close()
  expect(proxy.faults['reply dropped']).toBeGreaterThan(0)
  return { lost, duplicated }
}

test('replies lost after the commit double nothing; without DEDUP they do', async () => {
  expect(await loseReplies(await testQuestDB())).toEqual({ lost: 0, duplicated: 0 })

  const server = await startQuestDB({ ...serverOptions(), heap_mb: 512 })
  const dir = tempDir()
  cpSync(migrationsDir, dir, { recursive: true })
  const tables = Bun.file(join(dir, '001_operations.sql'))
  await tables.write((await tables.text()).replace(/\s*DEDUP UPSERT KEYS\([^)]*\)/, ''))
  await migrate(questdbAddress(server.httpUrl.reveal(), server.pgUrl.reveal()), { dir, retentionDays: 0 })
  const wrong = await loseReplies(server)
  await server.stop()
  expect(wrong.duplicated).toBeGreaterThan(0)
})
