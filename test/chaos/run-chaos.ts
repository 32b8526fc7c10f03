import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { putObject } from '../../src/demo/fill.ts'
import { createDemo } from '../../src/demo/generate.ts'
import { createDraw, createRandom } from '../../src/demo/random.ts'
import { createTruth } from '../../src/demo/truth.ts'
import { createLog } from '../../src/log.ts'
import { sourceId } from '../../src/pipeline/sources.ts'
import { pause } from '../../src/retry.ts'
import { Secret } from '../../src/secret.ts'
import { httpAnswers } from '../../src/servers/questdb-answers.ts'
import { startQuestDB } from '../../src/servers/questdb.ts'
import { startS3Proxy } from '../../src/servers/s3proxy.ts'
import { createSpacesClient } from '../../src/spaces/client.ts'
import { listObjects } from '../../src/spaces/list.ts'
import type { ListedObject } from '../../src/spaces/list.ts'
import { questdbAddress } from '../../src/store/address.ts'
import type { QuestDBAddress } from '../../src/store/address.ts'
import { execute } from '../../src/store/http.ts'
import { openQueryPool } from '../../src/store/query.ts'
import { text } from '../../src/store/sql.ts'
import { appEnvironment } from '../support/app-process.ts'
import { checkConservation } from '../support/conservation.ts'
import type { Conservation } from '../support/conservation.ts'
import { startReplyDroppingProxy } from '../support/reply-dropping-proxy.ts'
import { startS3FaultProxy } from '../support/s3-fault-proxy.ts'
import { until } from '../support/until.ts'
import { superviseApp } from './supervised-app.ts'

export interface ChaosOptions {
  /** Holds the servers' data; empty. */
  dataDir: string
  libDir: string
  kills: number
  seed: number
  lines: number
  /** Share (0 to 1) of QuestDB's replies that are dropped after it has committed. */
  dropped?: number
  /** Share (0 to 1) of exchanges with the object store that meet a fault. */
  s3Faults?: number
  settle_ms: number
  progress: (message: string) => void
}

const kinds = ['app', 'QuestDB', 'both'] as const
type Kind = (typeof kinds)[number]

export interface ChaosReport extends Conservation {
  kills: Record<Kind, number>
  /** How often the app ended by itself and was started again. */
  appEnds: number
  /** From the kill of the app alone until it was ready, each. */
  appReady_ms: number[]
  /** From the moment at which a killed QuestDB answered again until the app was ready, each. */
  appReadyAfterQuestDB_ms: number[]
  questdbAnswers_ms: number[]
  /** How often a day of `operations` was turned into Parquet meanwhile. */
  conversions: number
  repliesDropped: number
  exchangesWithQuestDB: number
  s3Faults: Record<string, number>
  exchangesWithS3: number
  settle_s: number
  stop: { exitCode: number | null; seconds: number }
}

const week_ms = 7 * 86_400_000
const longestWait_ms = 60_000

/**
 * Kills the app, QuestDB or both at random moments while a bucket fills, days become Parquet and replies go astray; then lets
 * all come to rest and compares.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { dataDir, libDir, kills, seed, lines, progress } = options
  const log = createLog('silent')
  const closers: (() => unknown)[] = []
  const random = createRandom(seed, 'chaos')
  const drawKind = createDraw<Kind>([
    ['app', 50],
    ['QuestDB', 30],
    ['both', 20],
  ])
  const servers = { dataDir, libDir, log, progress: () => {} }

  async function run(): Promise<ChaosReport> {
    const questdb = await startQuestDB({ ...servers, httpPort: 0, pgPort: 0, heap_mb: 768 })
    closers.push(questdb.stop)
    const address = questdbAddress(questdb.httpUrl.reveal(), questdb.pgUrl.reveal())
    const keys = { accessKey: 'chaos-access-key', secretKey: 'chaos-secret-key' }
    const s3 = await startS3Proxy({ ...servers, port: 0, ...keys })
    closers.push(s3.stop)
    const toQuestDB = await startReplyDroppingProxy({
      url: address.httpUrl,
      share: options.dropped ?? 0.2,
      seed,
    })
    const toS3 = await startS3FaultProxy({ endpoint: s3.endpoint, share: options.s3Faults ?? 0.15, seed })
    closers.push(toQuestDB.close, toS3.close)

    const bucket = 'logs'
    const access = {
      region: 'us-east-1',
      key: keys.accessKey,
      secret: new Secret(keys.secretKey),
      pathStyle: true,
    }
    const client = createSpacesClient({ endpoint: s3.endpoint, ...access })
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
    const endpoint = `http://127.0.0.1:${toS3.port}`
    const source = sourceId({ endpoint, bucket, prefix: 'access-logs/' })

    const truth = createTruth()
    const to_ms = Date.now()
    const plan = { seed, from_ms: to_ms - week_ms, to_ms, lines, deliver_by_ms: to_ms }
    const demo = createDemo({ ...plan, lines_per_object: 300, object_span_ms: week_ms / 7 }, truth)
    const perKill = Math.ceil(demo.objects_total / (kills + 1))
    async function deliver(count: number): Promise<void> {
      for (let left = count; left > 0; left--) {
        const { value, done } = demo.objects.next()
        if (done) return
        await putObject({ client, bucket, prefix: '' }, value)
      }
    }

    const httpUrl = questdb.httpUrl.reveal().replace(/:\d+$/, `:${toQuestDB.port}`)
    const appDir = join(dataDir, 'app')
    mkdirSync(appDir, { recursive: true })
    const app = superviseApp({
      env: appEnvironment({
        questdb: { httpUrl, pgUrl: questdb.pgUrl.reveal() },
        s3: { endpoint, bucket, ...keys },
        dataDir: appDir,
      }),
      logFile: join(appDir, 'app.log'),
    })
    closers.push(app.stop)
    const appReady = (): Promise<void> =>
      until(app.ready, { timeout_ms: longestWait_ms, what: 'app is ready' })
    await appReady()

    const counted: Record<Kind, number> = { app: 0, QuestDB: 0, both: 0 }
    const times = {
      appReady_ms: [] as number[],
      appReadyAfterQuestDB_ms: [] as number[],
      questdbAnswers_ms: [] as number[],
    }

    async function waitForAll(kind: Kind, killed_ms: number): Promise<void> {
      if (kind !== 'app') {
        const answers = (): Promise<boolean> =>
          httpAnswers(address.httpUrl, address.authorization ?? '', 1_000)
        await until(answers, { timeout_ms: longestWait_ms, what: 'QuestDB answers' })
      }
      const answered_ms = performance.now()
      await appReady()
      const ready_ms = performance.now()
      if (kind === 'app') times.appReady_ms.push(ready_ms - killed_ms)
      else {
        times.questdbAnswers_ms.push(answered_ms - killed_ms)
        times.appReadyAfterQuestDB_ms.push(ready_ms - answered_ms)
      }
    }

    let conversions = 0
    const converting = new AbortController()
    const which = createRandom(seed, 'conversions')
    closers.push(() => converting.abort())
    const convert = async (): Promise<void> => {
      while (!converting.signal.aborted) {
        const days = await closedDays(address).catch(() => [])
        const day = days[which.below(days.length)]
        if (day !== undefined)
          await execute(
            address,
            `ALTER TABLE operations CONVERT PARTITION TO PARQUET LIST ${text(day)}`,
          ).then(
            () => conversions++,
            () => {},
          )
        await pause(300, converting.signal)
      }
    }
    const converted = convert()

    for (let done = 0; done < kills;) {
      const delivery = deliver(perKill)
      const kind = drawKind(random)
      // A quarter strikes while something still comes up again.
      const patient = random.chance(0.75)
      await Bun.sleep(random.below(patient ? 700 : 1_500))
      const { pid } = questdb
      if (kind !== 'app' && pid === undefined) continue
      const killed_ms = performance.now()
      if (kind !== 'app') endProcess(pid)
      if (kind !== 'QuestDB') app.kill()
      counted[kind]++
      done++
      if (patient) await waitForAll(kind, killed_ms)
      await delivery
      if (done % 20 === 0) progress(`${done} kills`)
    }
    await deliver(Infinity)
    converting.abort()
    await converted

    const started_ms = performance.now()
    const pool = openQueryPool(address.pgUrl, { connections: 1, timeout_ms: 20_000 })
    closers.push(pool.close)
    let listed: ListedObject[] = []
    const allFinished = async (): Promise<boolean> => {
      listed = (await Array.fromAsync(listObjects(client, { bucket, prefix: 'access-logs/' }))).flat()
      const finished = `SELECT count() FROM log_objects WHERE source = ${text(source)}`
      const behind = 'SELECT count() FROM wal_tables() WHERE writerTxn < sequencerTxn'
      const ask = async (sql: string): Promise<number> => Number((await pool.query(sql)).rows[0]?.[0])
      return (await ask(finished)) >= listed.length && (await ask(behind)) === 0
    }
    const settled = (): Promise<boolean> => allFinished().catch(() => false)
    progress('all kills done, coming to rest')
    await until(settled, { timeout_ms: options.settle_ms, what: 'every log object is finished' }).catch(
      (error: unknown) => progress(String(error)),
    )
    const settle_s = (performance.now() - started_ms) / 1000
    const stop = await app.stop()
    client.destroy()
    return {
      ...(await checkConservation({ query: pool.query, source, truth, listed })),
      kills: counted,
      appEnds: app.ends,
      ...times,
      conversions,
      repliesDropped: toQuestDB.faults['reply dropped'] ?? 0,
      exchangesWithQuestDB: toQuestDB.exchanges,
      s3Faults: toS3.faults,
      exchangesWithS3: toS3.exchanges,
      settle_s,
      stop,
    }
  }

  try {
    return await run()
  } finally {
    for (const closer of closers.toReversed()) await closer()
  }
}

/** Days that are still native and no longer written to in order. */
async function closedDays(address: QuestDBAddress): Promise<string[]> {
  const rows = await execute(
    address,
    "SELECT name FROM table_partitions('operations') WHERE NOT active AND NOT isParquet",
  )
  return rows.map(([name]) => String(name).slice(0, 10))
}

function endProcess(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  } catch {
    // It has just ended, and comes up again.
  }
}
