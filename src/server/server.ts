import { Elysia } from 'elysia'
import type { Ask } from '../agent/question.ts'
import type { StorageReads } from '../agent/storage-reads.ts'
import type { Tool } from '../agent/tool.ts'
import type { ReadCost } from '../cost/read-cost.ts'
import type { Explain } from '../explain/explain.ts'
import type { Findings } from '../findings/read-findings.ts'
import type { Gate } from '../gate/gate.ts'
import type { Log } from '../log.ts'
import type { ReadCoverage } from '../metrics/coverage.ts'
import type { SourceStatus } from '../pipeline/answers.ts'
import type { AskQuestion } from '../questions/ask.ts'
import type { ReadObjectAudit } from '../records/object-audit.ts'
import type { Secret } from '../secret.ts'
import type { SourceConfig } from '../source-config.ts'
import type { Appender } from '../store/append.ts'
import type { ClosedDaysStatus } from '../store/closed-days.ts'
import type { DaySummariesStatus } from '../store/day-summaries.ts'
import type { WalStatus } from '../store/wal-watch.ts'
import { createApiKeyCheck } from './api-key.ts'
import type { Caller, Callers } from './caller.ts'
import { createClientAddress } from './client-address.ts'
import { cors } from './cors.ts'
import type { Probe, ReadHealth } from './health.ts'
import { createMethodsOf } from './known-routes.ts'
import type { KnownRoute } from './known-routes.ts'
import { createOperatorScope } from './operator-scope.ts'
import { createPrincipals } from './principal.ts'
import { createPrometheus } from './prometheus.ts'
import type { Allowance } from './rate-limit.ts'
import { bodyAtMost_bytes, requestLimits } from './request-limits.ts'
import type { RequestRecorder } from './request-recorder.ts'
import { requestTrace } from './request-trace.ts'
import { createRouter } from './router.ts'
import { adminRoutes } from './routes/admin.ts'
import type { AdminRoutesOptions } from './routes/admin.ts'
import { chatRoutes } from './routes/chat.ts'
import { costRoutes } from './routes/cost.ts'
import { credentialRoutes } from './routes/credentials.ts'
import { explainRoutes } from './routes/explain.ts'
import { findingRoutes } from './routes/findings.ts'
import { healthRoutes } from './routes/health.ts'
import { logLineRoutes } from './routes/log-line.ts'
import { mcpRoutes } from './routes/mcp.ts'
import { metricRoutes } from './routes/metrics.ts'
import type { MetricRoutesOptions } from './routes/metrics.ts'
import { openApiRoutes } from './routes/openapi.ts'
import { pageRoutes } from './routes/pages.ts'
import { plotRoutes } from './routes/plots.ts'
import { prometheusRoutes } from './routes/prometheus.ts'
import { questionRoutes } from './routes/questions.ts'
import { sessionRoutes } from './routes/session.ts'
import { snapshotRoutes } from './routes/snapshots.ts'
import { sqlRoutes } from './routes/sql.ts'
import { statsRoutes } from './routes/stats.ts'
import { storageToolRoutes } from './routes/storage-tools.ts'
import { createSessions } from './sessions.ts'
import type { Sessions } from './sessions.ts'

/** What answers: built once, and shared by all routes. */
export interface Services {
  metrics: MetricRoutesOptions & {
    readObjectAudit: ReadObjectAudit
    readCoverage: ReadCoverage
    storageReads: (caller: Caller) => StorageReads
  }
  sql: { gate: Gate; askQuestion: AskQuestion; readCost: ReadCost }
  explain: Explain
  findings: Findings
  agent: { tools: readonly Tool[]; ask: Ask; hasModel: boolean }
  own: Omit<AdminRoutesOptions, 'recorderStatus'> & {
    probe: Probe
    readHealth: ReadHealth
    sources: () => readonly SourceStatus[]
    walStatus: () => WalStatus
    closedDays: () => ClosedDaysStatus | null
    daySummaries: () => DaySummariesStatus | null
    recorder: RequestRecorder | null
  }
}

export interface ServerOptions {
  services: Services
  append: Appender['append']
  apiKey: Secret
  callers: Callers
  sessions?: Sessions
  /** The demo's log source, null until it can be read; none: there is no demo. */
  demo?: (() => SourceConfig | null) | undefined
  /** How far the making of the demo is, for people. */
  demoProgress?: () => string
  /** The operator's log sources. */
  ownSources?: () => readonly SourceConfig[]
  /** Reverse proxies before SpaceWatch. */
  trustProxy?: number
  /** Origins whose pages may call the API. */
  corsOrigins?: readonly string[]
  /** Of one caller; `per_second` 0, as without it: no limit. */
  rateLimit?: Allowance
  log: Log
  now?: () => number
}

/** The HTTP API; listens only when `listen` is called. */
export function createServer(options: ServerOptions) {
  const { services, append, callers, demo, log, now = Date.now } = options
  const { sessions = createSessions(), trustProxy = 0, corsOrigins = [], ownSources = () => [] } = options
  const { demoProgress = () => '', rateLimit = { per_second: 0, burst: 1 } } = options
  const { metrics, sql, agent, own } = services
  const { query, storageReads } = metrics
  const isApiKey = createApiKeyCheck(options.apiKey)
  const clientAddress = createClientAddress(trustProxy)
  const principals = createPrincipals({
    isApiKey,
    callers,
    sessions,
    clientAddress,
    storageReads,
    operatorScope: createOperatorScope(query, ownSources, now),
  })
  const prometheus = createPrometheus({ ...own, now })
  const recorderStatus = () => own.recorder?.status() ?? null
  const api = createRouter(principals, (route) => {
    healthRoutes(route, own)
    prometheusRoutes(route, prometheus)
    metricRoutes(route, metrics)
    plotRoutes(route, metrics.catalog)
    sessionRoutes(route, {
      isApiKey,
      callers,
      sessions,
      clientAddress,
      demo,
      demoProgress,
      now,
      agent_available: agent.hasModel,
    })
    credentialRoutes(route, { callers, query, now })
    storageToolRoutes(route, metrics)
    logLineRoutes(route, ownSources)
    sqlRoutes(route, { ...sql, ...metrics })
    questionRoutes(route, sql.askQuestion)
    explainRoutes(route, { explain: services.explain, log })
    findingRoutes(route, services.findings)
    costRoutes(route, sql.readCost)
    chatRoutes(route, { ask: agent.ask, log })
    mcpRoutes(route, { tools: agent.tools, log })
    snapshotRoutes(route, { query, append, now })
    adminRoutes(route, { ...own, recorderStatus })
    statsRoutes(route, { ...own, recorderStatus })
    openApiRoutes(route)
  })
  let routes: readonly KnownRoute[] = []
  const app = new Elysia({ normalize: false, serve: { maxRequestBodySize: 8 * bodyAtMost_bytes } })
    .use(
      requestTrace({
        log,
        onFinished(request) {
          prometheus.observe(request)
          own.recorder?.record(request)
        },
        scopeOf: (request) => principals.of(request).source(),
        addressOf: clientAddress.of,
        methodsOf: createMethodsOf(() => routes),
        now,
      }),
    )
    .use(cors(corsOrigins))
    .use(requestLimits({ rateLimit, principals }))
    .use(pageRoutes())
    .use(api)
    .onStop(() => prometheus.close())
  routes = app.routes
  return app
}
