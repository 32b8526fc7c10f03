import { Elysia } from 'elysia'
import { createAgent } from '../agent/agent.ts'
import type { AgentOptions } from '../agent/agent.ts'
import { createConversations } from '../agent/conversations.ts'
import { createTools } from '../agent/toolbox.ts'
import type { Log } from '../log.ts'
import { createCatalog } from '../metrics/catalog.ts'
import { createClosedFigures } from '../metrics/closed-figures.ts'
import { createCoverage } from '../metrics/coverage.ts'
import type { SourceProgress } from '../metrics/coverage.ts'
import { createEventRows } from '../metrics/event-rows.ts'
import { countRefusedObjects } from '../metrics/log-objects.ts'
import { createObjectAudit } from '../metrics/object-audit.ts'
import { createOperationRows } from '../metrics/operation-rows.ts'
import { createOwnTraffic } from '../metrics/own-traffic.ts'
import { createRunMetrics } from '../metrics/run-metrics.ts'
import { createSeries } from '../metrics/series.ts'
import { parseWindow } from '../metrics/window.ts'
import type { LeaseStatus } from '../pipeline/leases.ts'
import type { SourceStatus } from '../pipeline/status.ts'
import { createAsk } from '../questions/ask.ts'
import type { Secret } from '../secret.ts'
import type { SourceConfig } from '../source-config.ts'
import type { Appender } from '../store/append.ts'
import { createGate } from '../store/gate.ts'
import type { Query, QueryPool } from '../store/query.ts'
import type { WalStatus } from '../store/wal-watch.ts'
import type { WatcherStatus } from '../watch/watcher.ts'
import { createFindAsker } from './asker.ts'
import { createApiKeyCheck, createRequestCheck } from './auth.ts'
import type { Callers } from './caller.ts'
import { createClientAddress } from './client-address.ts'
import { cors } from './cors.ts'
import { createHealth, createProbe } from './health.ts'
import { createMethodsOf } from './known-routes.ts'
import type { DocumentedRoute } from './openapi/document.ts'
import { createPrometheus } from './prometheus.ts'
import type { Allowance } from './rate-limit.ts'
import { bodyAtMost_bytes, requestLimits } from './request-limits.ts'
import type { RequestRecorder } from './request-recorder.ts'
import { requestTrace } from './request-trace.ts'
import { adminRoutes } from './routes/admin.ts'
import { chatRoutes } from './routes/chat.ts'
import { credentialRoutes } from './routes/credentials.ts'
import { healthRoutes } from './routes/health.ts'
import { logLineRoutes } from './routes/log-line.ts'
import { logToolRoutes } from './routes/log-tools.ts'
import { logRoutes } from './routes/logs.ts'
import { mcpRoutes } from './routes/mcp.ts'
import { metricBatchRoutes } from './routes/metric-batch.ts'
import { metricRoutes } from './routes/metrics.ts'
import { pageRoutes } from './routes/pages.ts'
import { openApiRoutes } from './routes/openapi.ts'
import { plotRoutes } from './routes/plots.ts'
import { prometheusRoutes } from './routes/prometheus.ts'
import { questionRoutes } from './routes/questions.ts'
import { seriesRoutes } from './routes/series.ts'
import { sessionRoutes } from './routes/session.ts'
import { snapshotRoutes } from './routes/snapshots.ts'
import { sqlRoutes } from './routes/sql.ts'
import { statsRoutes } from './routes/stats.ts'
import { storageToolRoutes } from './routes/storage-tools.ts'
import { createStorageReads } from './storage-reads.ts'
import { createTurns } from './turns.ts'

export interface ServerOptions {
  query: Query
  /** For SQL that people and models write; a pool of its own, so that it delays nothing else. */
  gatePool: Pick<QueryPool, 'read'>
  /** How many connections it has; default: 2. */
  gateConnections?: number
  /** Asks whether QuestDB answers, beside all other queries; default: `query`. */
  probeQuery?: Query
  append: Appender['append']
  apiKey: Secret
  callers: Callers
  sources: () => readonly SourceStatus[]
  /** How far every source is; default: those that run. */
  progress?: () => readonly SourceProgress[]
  /** The log sources that callers have brought. */
  leases?: () => readonly LeaseStatus[]
  slowOperation_ms: number
  walStatus: () => WalStatus
  /** Where SpaceWatch's own requests go; none: nowhere. */
  recorder?: RequestRecorder
  watcherStatus?: () => WatcherStatus | null
  /** The demo's log source, null until it can be read; none: there is no demo. */
  demo?: (() => SourceConfig | null) | undefined
  /** How far the making of the demo is, for people. */
  demoProgress?: () => string
  /** The operator's log sources. */
  ownSources?: () => readonly SourceConfig[]
  /** The model that /chat asks; null: none is configured. */
  agent?: Pick<AgentOptions, 'model' | 'budget' | 'maxSteps'> | null
  /** Reverse proxies before SpaceWatch. */
  trustProxy?: number
  /** Origins whose pages may call the API. */
  corsOrigins?: readonly string[]
  /** Of one caller; `per_second` 0, as without it: no limit. */
  rateLimit?: Allowance
  log: Log
  now?: () => number
  /** Windows with more rows than this are read from the rollups. */
  rollupAbove_rows?: number
}

const day_ms = 86_400_000

/** The HTTP API; listens only when `listen` is called. */
export function createServer({
  query,
  gatePool,
  gateConnections = 2,
  probeQuery = query,
  append,
  apiKey,
  callers,
  sources,
  progress = sources,
  leases = () => [],
  slowOperation_ms,
  walStatus,
  recorder,
  watcherStatus = () => null,
  demo,
  demoProgress = () => '',
  ownSources = () => [],
  agent = null,
  trustProxy = 0,
  corsOrigins = [],
  rateLimit = { per_second: 0, burst: 1 },
  log,
  now = Date.now,
  rollupAbove_rows = 1_000_000,
}: ServerOptions) {
  const isApiKey = createApiKeyCheck(apiKey)
  const hasApiKey = createRequestCheck(isApiKey, callers.sessions)
  const clientAddress = createClientAddress(trustProxy)
  const runMetrics = createRunMetrics({ query, progress, now, rollupAbove_rows })
  const catalog = createCatalog({ runMetrics, slowOperation_ms })
  const readOperationRows = createOperationRows({ query, sources, progress, now })
  const readObjectAudit = createObjectAudit({ query, readOperationRows, now })
  const readSeries = createSeries({ query, runMetrics })
  const readCoverage = createCoverage({ query, progress })
  const gate = createGate({
    pool: gatePool,
    // One caller alone never takes all, and none waits for longer than a silent connection lives.
    turns: createTurns({ at_once: 2, waiting: 10, total: gateConnections, wait_ms: 40_000 }),
    readWindow: (given) => parseWindow(given, now(), false),
  })
  const askQuestion = createAsk({ gate, readCoverage, now })
  const metrics = { query, catalog, readSeries, readOperationRows, readObjectAudit, readCoverage }
  const tools = createTools({ ...metrics, gate, askQuestion })
  const signingIn = { isApiKey, callers, clientAddress, demo, demoProgress }
  const findAsker = createFindAsker({ hasApiKey, callers, storageReads: createStorageReads({ query, now }) })
  const ask =
    agent &&
    createAgent({
      ...agent,
      tools,
      conversations: createConversations({ ttl_ms: 3_600_000, atMost: 1_000, now }),
      now,
      onUnexpected: (err) => log.error({ err }, 'tool failed'),
    })
  const readFigures = createClosedFigures({ query, sources, now })
  const probe = createProbe(probeQuery)
  const readHealth = createHealth({
    probe,
    sources,
    readFigures,
    readRefusedObjects: () => countRefusedObjects(query, now() - day_ms),
    walStatus,
    now,
  })
  const readEventRows = createEventRows({ query, now })
  const ownTraffic = createOwnTraffic({ query, now })
  const recorderStatus = () => recorder?.status() ?? null
  const prometheus = createPrometheus({ sources, walStatus, now })
  let routes: readonly DocumentedRoute[] = []
  // Otherwise Elysia drops parameters that no schema names, and a misspelt filter would filter nothing.
  const app = new Elysia({ normalize: false, serve: { maxRequestBodySize: 8 * bodyAtMost_bytes } })
    .use(
      requestTrace({
        log,
        onFinished(request) {
          prometheus.observe(request)
          recorder?.record(request)
        },
        scopeOf: (request) => (hasApiKey(request) ? 'admin' : callers.sourceOf(request)),
        addressOf: clientAddress.of,
        methodsOf: createMethodsOf(() => routes),
        now,
      }),
    )
    .use(cors(corsOrigins))
    .use(requestLimits({ rateLimit, hasApiKey, callers, clientAddress }))
    .use(healthRoutes({ hasApiKey, readHealth, probe }))
    .use(prometheusRoutes(prometheus, hasApiKey))
    .use(pageRoutes())
    .use(metricRoutes({ hasApiKey, callers, catalog, runMetrics }))
    .use(metricBatchRoutes({ hasApiKey, callers, catalog }))
    .use(seriesRoutes({ hasApiKey, callers, query, readSeries }))
    .use(logRoutes({ hasApiKey, callers, readOperationRows }))
    .use(plotRoutes({ hasApiKey, callers, catalog }))
    .use(sessionRoutes({ ...signingIn, agent_available: agent !== null, now }))
    .use(credentialRoutes({ callers, query, now }))
    .use(storageToolRoutes({ callers, query, now }))
    .use(logLineRoutes({ hasApiKey, callers, ownSources }))
    .use(logToolRoutes({ callers, query, readObjectAudit, now }))
    .use(sqlRoutes({ findAsker, gate, readCoverage }))
    .use(questionRoutes({ findAsker, askQuestion }))
    .use(chatRoutes({ findAsker, ask, log }))
    .use(mcpRoutes({ findAsker, tools, log }))
    .use(snapshotRoutes({ callers, query, append, now }))
    .use(
      adminRoutes({
        hasApiKey,
        readHealth,
        readEventRows,
        ownTraffic,
        leases,
        recorderStatus,
        watcherStatus,
      }),
    )
    .use(statsRoutes({ hasApiKey, sources, walStatus, recorderStatus, watcherStatus }))
    .use(openApiRoutes(() => routes))
    .onStop(() => prometheus.close())
  routes = app.routes
  return app
}
