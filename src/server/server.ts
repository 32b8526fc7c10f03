import { Elysia } from 'elysia'
import type { Log } from '../log.ts'
import { createCatalog } from '../metrics/catalog.ts'
import { createClosedFigures } from '../metrics/closed-figures.ts'
import type { SourceProgress } from '../metrics/coverage.ts'
import { createEventRows } from '../metrics/event-rows.ts'
import { createObjectAudit } from '../metrics/object-audit.ts'
import { createOperationRows } from '../metrics/operation-rows.ts'
import { createOwnTraffic } from '../metrics/own-traffic.ts'
import { createRunMetrics } from '../metrics/run-metrics.ts'
import { createSeries } from '../metrics/series.ts'
import type { SourceStatus } from '../pipeline/status.ts'
import type { Secret } from '../secret.ts'
import type { Appender } from '../store/append.ts'
import type { Query } from '../store/query.ts'
import type { WalStatus } from '../store/wal-watch.ts'
import type { WatcherStatus } from '../watch/watcher.ts'
import { createApiKeyCheck } from './auth.ts'
import type { Callers } from './caller.ts'
import { createHealth } from './health.ts'
import { createPrometheus } from './prometheus.ts'
import type { RequestRecorder } from './request-recorder.ts'
import { requestTrace } from './request-trace.ts'
import { adminRoutes } from './routes/admin.ts'
import { credentialRoutes } from './routes/credentials.ts'
import { healthRoutes } from './routes/health.ts'
import { logToolRoutes } from './routes/log-tools.ts'
import { logRoutes } from './routes/logs.ts'
import { metricRoutes } from './routes/metrics.ts'
import { plotRoutes } from './routes/plots.ts'
import { prometheusRoutes } from './routes/prometheus.ts'
import { seriesRoutes } from './routes/series.ts'
import { snapshotRoutes } from './routes/snapshots.ts'
import { statsRoutes } from './routes/stats.ts'
import { storageToolRoutes } from './routes/storage-tools.ts'

export interface ServerOptions {
  query: Query
  append: Appender['append']
  apiKey: Secret
  callers: Callers
  sources: () => readonly SourceStatus[]
  /** How far every source is; default: those that run. */
  progress?: () => readonly SourceProgress[]
  slowOperation_ms: number
  walStatus: () => WalStatus
  /** Where SpaceWatch's own requests go; none: nowhere. */
  recorder?: RequestRecorder
  watcherStatus?: () => WatcherStatus | null
  log: Log
  now?: () => number
  /** Windows with more rows than this are read from the rollups. */
  rollupAbove_rows?: number
}

/** The HTTP API; listens only when `listen` is called. */
export function createServer({
  query,
  append,
  apiKey,
  callers,
  sources,
  progress = sources,
  slowOperation_ms,
  walStatus,
  recorder,
  watcherStatus = () => null,
  log,
  now = Date.now,
  rollupAbove_rows = 1_000_000,
}: ServerOptions) {
  const hasApiKey = createApiKeyCheck(apiKey)
  const runMetrics = createRunMetrics({ query, progress, now, rollupAbove_rows })
  const catalog = createCatalog({ runMetrics, slowOperation_ms })
  const readOperationRows = createOperationRows({ query, sources, progress, now })
  const readObjectAudit = createObjectAudit({ query, readOperationRows, now })
  const readSeries = createSeries({ query, runMetrics })
  const readFigures = createClosedFigures({ query, sources, now })
  const readHealth = createHealth({ query, sources, readFigures, walStatus, now })
  const readEventRows = createEventRows({ query, now })
  const ownTraffic = createOwnTraffic({ query, now })
  const recorderStatus = () => recorder?.status() ?? null
  const prometheus = createPrometheus({ sources, walStatus, now })
  // Otherwise Elysia drops parameters that no schema names, and a misspelt filter would filter nothing.
  return new Elysia({ normalize: false })
    .use(
      requestTrace({
        log,
        onFinished(request) {
          prometheus.observe(request)
          recorder?.record(request)
        },
        scopeOf: (request) => (hasApiKey(request) ? 'admin' : callers.sourceOf(request)),
        now,
      }),
    )
    .use(healthRoutes({ hasApiKey, readHealth, query }))
    .use(prometheusRoutes(prometheus))
    .use(metricRoutes({ hasApiKey, callers, catalog, runMetrics }))
    .use(seriesRoutes({ hasApiKey, callers, query, readSeries }))
    .use(logRoutes({ hasApiKey, callers, readOperationRows }))
    .use(plotRoutes({ hasApiKey, callers, catalog }))
    .use(credentialRoutes({ callers, query, now }))
    .use(storageToolRoutes({ callers, query, now }))
    .use(logToolRoutes({ callers, query, readObjectAudit }))
    .use(snapshotRoutes({ callers, query, append, now }))
    .use(adminRoutes({ hasApiKey, readHealth, readEventRows, ownTraffic, recorderStatus, watcherStatus }))
    .use(statsRoutes({ hasApiKey, sources, walStatus, recorderStatus, watcherStatus }))
    .onStop(() => prometheus.close())
}
