import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from '../../src/demo/generate.ts'
import { createTruth } from '../../src/demo/truth.ts'
import type { Truth } from '../../src/demo/truth.ts'
import type { SourceStatus } from '../../src/pipeline/answers.ts'
import { sourceId } from '../../src/pipeline/sources.ts'
import { httpAnswers } from '../../src/servers/questdb-answers.ts'
import { startQuestDB } from '../../src/servers/questdb.ts'
import type { QuestDBServer } from '../../src/servers/questdb.ts'
import { listObjects } from '../../src/spaces/list.ts'
import { questdbAddress } from '../../src/store/address.ts'
import { openQueryPool } from '../../src/store/query.ts'
import { peakRss_mb } from '../bench/figure.ts'
import { appEnvironment, startApp } from '../support/app-process.ts'
import type { AppProcess } from '../support/app-process.ts'
import { testBucket } from '../support/bucket.ts'
import type { TestBucket } from '../support/bucket.ts'
import { checkConservation } from '../support/conservation.ts'
import { serverOptions, testS3 } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(180_000)

const apiKey = 'outage-test-api-key'
let questdb: QuestDBServer
const apps: AppProcess[] = []
beforeAll(async () => {
  // It is frozen here for longer than a watchdog would bear.
  questdb = await startQuestDB({ ...serverOptions(), heap_mb: 512, watchdog: { wedged_ms: 600_000 } })
})
afterAll(async () => {
  for (const app of apps) app.kill('SIGKILL')
  await questdb.stop()
})

/** Fills a bucket with log objects of about 1,000 lines. */
async function fill(made: TestBucket, lines: number, seed: number): Promise<Truth> {
  const truth = createTruth()
  const to_ms = Date.UTC(2026, 7, 28)
  const plan = { seed, from_ms: to_ms - 3_600_000, to_ms, lines, lines_per_object: 1_000 }
  const left = generate({ ...plan, late_share: 0, incidents: false }, truth)
  const put = async (): Promise<void> => {
    for (const { key, body } of left) await made.put(key, body)
  }
  await Promise.all(Array.from({ length: 8 }, put))
  return truth
}

async function start(made: TestBucket): Promise<AppProcess> {
  const started = await launch(made)
  await until(() => isReady(started), { what: 'the app is ready' })
  return started
}

async function launch({ bucket }: TestBucket): Promise<AppProcess> {
  const dataDir = tempDir()
  const { endpoint, accessKey, secretKey } = await testS3()
  const env = appEnvironment({
    questdb: { httpUrl: questdb.httpUrl.reveal(), pgUrl: questdb.pgUrl.reveal() },
    s3: { endpoint, accessKey, secretKey, bucket },
    dataDir,
  })
  const started = startApp({ env: { ...env, APP_API_KEY: apiKey }, logFile: join(dataDir, 'app.log') })
  apps.push(started)
  return started
}

function isReady(running: AppProcess): Promise<boolean> {
  const url = running.url()
  if (url === null) return Promise.resolve(false)
  return fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(4_000) }).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function status(running: AppProcess): Promise<SourceStatus> {
  const response = await fetch(`${running.url()}/health`, { headers: { 'x-api-key': apiKey } })
  const { sources } = (await response.json()) as { sources: SourceStatus[] }
  const [only] = sources
  if (!only) throw new Error('the app has no source')
  return only
}

function queues({ actors }: SourceStatus): Record<string, number> {
  return Object.fromEntries(actors.map(({ name, queued }) => [name, queued]))
}

async function whatIsStored(made: TestBucket, truth: Truth) {
  const pool = openQueryPool(questdb.pgUrl.reveal(), { connections: 1, timeout_ms: 20_000 })
  const behind = 'SELECT count() FROM wal_tables() WHERE writerTxn < sequencerTxn'
  const ask = async (sql: string): Promise<unknown> => (await pool.query(sql)).rows[0]?.[0]
  await until(async () => (await ask(behind)) === 0, { what: 'rows are visible' })
  const config = made.source('access-logs/')
  const listed = (await Array.fromAsync(listObjects(made.client, config))).flat()
  const found = await checkConservation({ query: pool.query, source: sourceId(config), truth, listed })
  await pool.close()
  return found
}

async function untilAllIsStored(running: AppProcess): Promise<void> {
  const done = async (): Promise<boolean> => {
    const { listed, backlog, objects_done } = await status(running)
    return listed && backlog === 0 && objects_done > 0
  }
  await until(done, { timeout_ms: 120_000, what: 'all log objects are finished' })
}

const clean = { lost: 0, duplicated: 0, forged: 0, wrongSums: [], wrongLedger: [] }

test('while QuestDB stands still, mailboxes and memory stay bounded; ingestion resumes by itself', async () => {
  const made = await testBucket()
  const running = await start(made)
  // Before it has read its ledger there would be nothing to hold up.
  await until(async () => (await status(running)).listed, { what: 'the empty bucket is listed' })
  const { pid = 0 } = questdb
  process.kill(pid, 'SIGSTOP')
  const truth = await fill(made, 200_000, 11)

  let before = ''
  let still = 0
  const standsStill = async (): Promise<boolean> => {
    const now = await status(running)
    const shown = JSON.stringify([queues(now), now.backlog])
    still = shown === before && now.backlog > 0 ? still + 1 : 0
    before = shown
    return still >= 3
  }
  await until(standsStill, { timeout_ms: 60_000, what: 'nothing moves any more' })
  const full = await status(running)
  const { reader = 0, parser = 0, writer = 0 } = queues(full)
  const peak_mb = peakRss_mb(running.pid)
  process.kill(pid, 'SIGCONT')

  expect(full.rows).toBe(0)
  // Most of the bucket was never read.
  expect(full.backlog).toBeGreaterThan(40)
  expect(reader).toBeLessThanOrEqual(4)
  expect(parser).toBeLessThanOrEqual(8)
  expect(writer).toBeLessThanOrEqual(150)
  expect(peak_mb).toBeLessThan(400)

  await untilAllIsStored(running)
  expect(await whatIsStored(made, truth)).toMatchObject(clean)
  running.kill('SIGTERM')
  expect(await running.exited).toBe(0)
})

test('SIGTERM in the midst of work, and with QuestDB away, ends the app with 0 within ten seconds', async () => {
  const made = await testBucket()
  const truth = await fill(made, 150_000, 12)
  const busy = await start(made)
  await until(async () => (await status(busy)).rows > 0, { what: 'rows are written' })
  busy.kill('SIGTERM')
  expect(await Promise.race([busy.exited, Bun.sleep(12_000)])).toBe(0)

  const again = await start(made)
  const { pid = 0 } = questdb
  process.kill(pid, 'SIGSTOP')
  again.kill('SIGTERM')
  const exitCode = await Promise.race([again.exited, Bun.sleep(12_000)])
  process.kill(pid, 'SIGCONT')
  expect(exitCode).toBe(0)

  const last = await start(made)
  await untilAllIsStored(last).finally(() => last.kill('SIGTERM'))
  expect(await last.exited).toBe(0)
  expect(await whatIsStored(made, truth)).toMatchObject(clean)
})

test('SIGTERM ends the app with 0 also while it waits for QuestDB at its start', async () => {
  const { pid = 0 } = questdb
  process.kill(pid, 'SIGSTOP')
  const starting = await launch(await testBucket())
  await until(() => catchesSigterm(starting.pid), { what: 'the app has come to where it listens to signals' })
  starting.kill('SIGTERM')
  const exitCode = await Promise.race([starting.exited, Bun.sleep(12_000)])
  process.kill(pid, 'SIGCONT')
  expect(exitCode).toBe(0)
})

test('the app is ready within five seconds of QuestDB, whichever is there first', async () => {
  const made = await testBucket()
  const { httpUrl, authorization } = questdbAddress(questdb.httpUrl.reveal(), questdb.pgUrl.reveal())
  async function killQuestDB(): Promise<void> {
    process.kill(questdb.pid ?? 0, 'SIGKILL')
    await until(async () => !(await httpAnswers(httpUrl, authorization ?? '', 1_000)), { what: 'it is gone' })
  }
  async function readySoon(running: AppProcess): Promise<void> {
    await until(() => httpAnswers(httpUrl, authorization ?? '', 1_000), { what: 'QuestDB answers' })
    await until(() => isReady(running), { timeout_ms: 5_000, what: 'the app is ready' })
    running.kill('SIGTERM')
    expect(await running.exited).toBe(0)
  }
  const before = await start(made)
  await killQuestDB()
  await readySoon(before)
  await killQuestDB()
  await readySoon(await launch(made))
})

/** Whether a process handles the signal; Linux shows that as a bit. */
function catchesSigterm(pid: number): boolean {
  const caught = /^SigCgt:\s+(\w+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0'
  return (BigInt(`0x${caught}`) & (1n << 14n)) !== 0n
}
