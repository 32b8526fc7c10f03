import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createBudget } from './agent/budget.ts'
import { createModel } from './agent/model.ts'
import { readConfig } from './config.ts'
import type { AgentConfig, Config } from './config.ts'
import { readPrices } from './cost/price-file.ts'
import type { PriceList } from './cost/price-list.ts'
import { startDemo } from './demo/demo.ts'
import { InvalidError, UnavailableError } from './errors.ts'
import { readFindingRules } from './findings/rules.ts'
import { createLog } from './log.ts'
import type { Log } from './log.ts'
import { watchNpm } from './npm-parent.ts'
import { createLeases } from './pipeline/leases.ts'
import { createSources } from './pipeline/sources.ts'
import type { Sources } from './pipeline/sources.ts'
import { createProgress } from './progress.ts'
import type { Progress } from './progress.ts'
import { pause, untilAvailable } from './retry.ts'
import type { Secret } from './secret.ts'
import { createCallers } from './server/caller.ts'
import { startSnapshots } from './server/keep-snapshots.ts'
import { startRequestRecorder } from './server/request-recorder.ts'
import { createServer } from './server/server.ts'
import { keepSecret } from './servers/kept-secret.ts'
import { freePort } from './servers/port.ts'
import { startQuestDB } from './servers/questdb.ts'
import { createServices } from './services.ts'
import type { SourceConfig } from './source-config.ts'
import { createEndpointPolicy } from './spaces/endpoint-policy.ts'
import { createProofs } from './spaces/proof.ts'
import { questdbAddress } from './store/address.ts'
import { openAppender } from './store/append.ts'
import { startClosedDays } from './store/closed-days.ts'
import { startDaySummaries } from './store/day-summaries.ts'
import { migrate } from './store/migrate.ts'
import { openQueryPool } from './store/query.ts'
import { startWalWatch } from './store/wal-watch.ts'
import { createWriteRows } from './store/write.ts'
import { startWatcher } from './watch/watcher.ts'
import { createWebhook } from './watch/webhook.ts'

const drain_ms = 6_000
const recorderDrain_ms = 2_000
// Within the ten seconds that a supervisor gives.
const stop_ms = 9_000
// Half of the threads that QuestDB answers with (`pg.worker.count`).
const gateConnections = 4
// The demo delivers every few seconds and should be seen to move.
const demoPoll_ms = 5_000
const demoSnapshot_ms = 10 * 60_000

/** What to end, the last started first. */
type Closers = (() => unknown)[]

interface Running {
  config: Config
  prices: PriceList
  log: Log
  progress: Progress
  closers: Closers
  signal: AbortSignal
}

/** Starts everything; the promise inside rejects when a pipeline breaks. */
async function start({
  config,
  prices,
  log,
  progress,
  closers,
  signal,
}: Running): Promise<{ failed: Promise<never> }> {
  const rules = readFindingRules(config, log)
  const dataDir = resolve(config.dataDir)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })

  let { questdb } = config
  if (!questdb) {
    const server = await startQuestDB({ dataDir, log, progress: progress.event, signal })
    closers.push(server.stop)
    questdb = server
  }
  const address = questdbAddress(questdb.httpUrl.reveal(), questdb.pgUrl.reveal())
  const { retentionDays } = config
  const dir = join(import.meta.dir, '../migrations')
  const applied = await untilAvailable(() => migrate(address, { dir, retentionDays }), {
    signal,
    onRetry: (error) => progress.state(`waiting: ${error.message}`),
  })
  if (applied.length > 0) progress.event(`migrated: ${applied.join(', ')}`)

  const pool = openQueryPool(address.pgUrl, { connections: 8, timeout_ms: 15_000 })
  // Fewer than QuestDB has workers for, so that the pages are answered beside it.
  const gatePool = openQueryPool(address.pgUrl, { connections: gateConnections, timeout_ms: 10_000 })
  // However many wait for the others.
  const probePool = openQueryPool(address.pgUrl, { connections: 1, timeout_ms: 3_000 })
  const appender = await openAppender(address)
  const walWatch = startWalWatch({ address, dir: config.questdb ? null : dataDir, every_ms: 5_000, log })
  closers.push(pool.close, gatePool.close, probePool.close, appender.close, walWatch.stop)

  const writeRows = createWriteRows(address)
  const sources = createSources({
    query: pool.query,
    appender,
    async write(body) {
      walWatch.guard()
      return writeRows(body)
    },
    poll_ms: config.demo ? Math.min(config.poll_ms, demoPoll_ms) : config.poll_ms,
    reconcile_ms: config.reconcile_ms,
    lookback_ms: config.lookback_ms,
    retention_ms: retentionDays * 86_400_000,
    log,
  })
  closers.push(() => sources.stop(drain_ms))

  const isIdle = (): boolean => sources.statuses().every(({ listed, backlog }) => listed && backlog === 0)
  const daySummaries = startDaySummaries({ address, isIdle, log })
  const closedDays =
    config.parquetAfter_ms === 0
      ? null
      : startClosedDays({ address, after_ms: config.parquetAfter_ms, isIdle, log })
  closers.push(daySummaries.stop, () => closedDays?.stop())

  // The operator's own: a caller who can read one of these shares its rows.
  const own = [...config.sources]
  const { ownEndpoint: fallback, allowedEndpoints: vouched, lease_ms } = config
  const policy = createEndpointPolicy({ vouched, ...(fallback && { fallback }) })
  const leases = createLeases({ sources, lease_ms, log })
  closers.push(leases.stop)
  const callers = createCallers({ policy, proofs: createProofs({ policy, own: () => own }), leases })

  const watcher = startWatcher({
    query: pool.query,
    appender,
    sources: sources.statuses,
    tell: config.alertWebhookUrl && createWebhook(config.alertWebhookUrl),
    log,
  })
  const recorder = startRequestRecorder({ appender, log })
  closers.push(watcher.stop, () => recorder.stop(recorderDrain_ms))

  let demoSource: SourceConfig | null = null
  let demoState = 'it is about to start'
  let shown = `is kept in ${join(config.dataDir, 'api-key')}`
  const onMade = (made: Secret): void => void (shown += `, and shown this once: ${made.reveal()}`)
  const apiKey = config.apiKey ?? keepSecret(join(dataDir, 'api-key'), onMade)
  const services = createServices({
    query: pool.query,
    gatePool,
    gateConnections,
    probeQuery: probePool.query,
    sources: sources.statuses,
    progress: leases.progress,
    leases: leases.statuses,
    slowOperation_ms: config.slowOperation_ms,
    prices,
    walStatus: walWatch.status,
    closedDays: () => closedDays?.status() ?? null,
    daySummaries: daySummaries.status,
    recorder,
    watcherStatus: watcher.status,
    append: appender.append,
    ...rules,
    agent: config.agent && agentOf(config.agent),
    log,
  })
  closers.push(services.startFinder().stop)
  const server = createServer({
    services,
    append: appender.append,
    apiKey,
    callers,
    demoProgress: () => demoState,
    ownSources: () => own,
    demo: config.demo ? () => demoSource : undefined,
    trustProxy: config.trustProxy,
    corsOrigins: config.corsOrigins,
    rateLimit: config.rateLimit,
    log,
  })
  const { host } = config
  const { port, taken } = await freePort(config.port, host)
  if (taken) progress.event(`port ${config.port} is taken: SpaceWatch listens on ${port}`)
  server.listen({ port, hostname: host })
  closers.push(() => server.stop())
  progress.event(`SpaceWatch runs at http://${host === '127.0.0.1' ? 'localhost' : host}:${port}`)
  if (!config.apiKey) progress.event(`the API key ${shown}`)

  for (const source of own) await sources.start(source)
  const { demo: demoOptions } = config
  if (demoOptions) {
    const told: Progress = {
      event: (message) => progress.event((demoState = message)),
      state: (message) => progress.state((demoState = message)),
    }
    const demo = await untilAvailable(
      () => startDemo({ ...demoOptions, dataDir, log, progress: told, signal }),
      {
        signal,
        onRetry: (error) => told.event(`the demo has to wait: ${error.message}`),
      },
    )
    closers.push(demo.stop)
    policy.vouch(demo.source.endpoint)
    own.push(demo.source)
    demoSource = demo.source
    await sources.start(demo.source)
  }
  if (config.snapshot_ms > 0) {
    const every_ms = config.demo ? Math.min(config.snapshot_ms, demoSnapshot_ms) : config.snapshot_ms
    const { append } = appender
    closers.push(startSnapshots({ sources: () => own, every_ms, query: pool.query, append, log }).stop)
  }
  void reportBackfill(sources, progress, signal)
  return { failed: sources.failed }
}

function agentOf({ url, key, model, mode, profile, maxSteps, ...limits }: AgentConfig) {
  return {
    model: createModel({ url: url.reveal(), key, name: model, mode }),
    modelName: model,
    profile,
    maxSteps,
    budget: createBudget(limits, Date.now),
  }
}

/** Shows how far the reading of what lay in the buckets is, until it is through. */
async function reportBackfill(sources: Sources, progress: Progress, signal: AbortSignal): Promise<void> {
  const started_ms = performance.now()
  for (;;) {
    await pause(1_000, signal)
    const all = sources.statuses()
    const sum = (pick: (status: (typeof all)[number]) => number): number =>
      all.reduce((n, s) => n + pick(s), 0)
    const done = sum((status) => status.objects_done + status.objects_refused)
    const seconds = (performance.now() - started_ms) / 1000
    const rows = sum((status) => status.rows)
    if (signal.aborted) return
    if (all.every((status) => status.listed && status.backlog === 0)) {
      return progress.event(
        `read ${done} log objects: ${rows} rows, ${sum((status) => status.refused)} lines refused`,
      )
    }
    const rate = Math.round(rows / seconds)
    progress.state(
      `reading: ${done} of ${done + sum((status) => status.backlog)} log objects, ${rate} rows/s`,
    )
  }
}

/** Ends what was started, the last first, and lets nothing hold it up for longer than `stop_ms`. */
async function close(closers: Closers, log: Log): Promise<void> {
  const all = async (): Promise<void> => {
    for (const closer of closers.toReversed())
      await Promise.resolve(closer()).catch((err) => log.warn({ err }, 'stopping'))
  }
  await Promise.race([all(), Bun.sleep(stop_ms)])
}

const progress = createProgress()
const closers: Closers = []
const stopping = new AbortController()
const stopped = Promise.withResolvers<void>()
const stop = (): void => {
  stopping.abort()
  stopped.resolve()
}
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop)
watchNpm(stop)
let exitCode = 0
let log = createLog('info')
try {
  const config = readConfig()
  config.warnings.forEach(progress.event)
  log = createLog(config.logLevel)
  const prices = readPrices(config.pricesFile)
  const running = start({ config, prices, log, progress, closers, signal: stopping.signal })
  // Asked to stop while something that is away holds up the start, it must not wait for that.
  await Promise.race([running.then(({ failed }) => failed), stopped.promise])
  progress.event('stopping')
} catch (error) {
  if (!stopping.signal.aborted) {
    exitCode = 1
    if (error instanceof InvalidError || error instanceof UnavailableError) {
      progress.event(error.hint ? `${error.message}\n  ${error.hint}` : error.message)
    } else log.fatal({ err: error }, 'SpaceWatch has broken')
  }
}
stopping.abort()
await close(closers, log)
process.exit(exitCode)
