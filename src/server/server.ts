import { Elysia } from 'elysia'
import type { Log } from '../log.ts'
import { createCatalog } from '../metrics/catalog.ts'
import { createClosedFigures } from '../metrics/closed-figures.ts'
import { createEventRows } from '../metrics/event-rows.ts'
import { createOperationRows } from '../metrics/operation-rows.ts'
import { createOwnTraffic } from '../metrics/own-traffic.ts'
import { createRunMetrics } from '../metrics/run-metrics.ts'
import type { SourceStatus } from '../pipeline/status.ts'
import type { Secret } from '../secret.ts'
import type { Query } from '../store/query.ts'
import type { WalStatus } from '../store/wal-watch.ts'
import type { WatcherStatus } from '../watch/watcher.ts'
import { createApiKeyCheck } from './auth.ts'
import { createHealth } from './health.ts'
import { createPrometheus } from './prometheus.ts'
import type { RequestRecorder } from './request-recorder.ts'
import { requestTrace } from './request-trace.ts'
import { adminRoutes } from './routes/admin.ts'
import { healthRoutes } from './routes/health.ts'
import { logRoutes } from './routes/logs.ts'
import { metricRoutes } from './routes/metrics.ts'
import { prometheusRoutes } from './routes/prometheus.ts'
import { statsRoutes } from './routes/stats.ts'

export interface ServerOptions {
  query: Query
  apiKey: Secret
  sources: () => readonly SourceStatus[]
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
  apiKey,
  sources,
  slowOperation_ms,
  walStatus,
  recorder,
  watcherStatus = () => null,
  log,
  now = Date.now,
  rollupAbove_rows = 1_000_000,
}: ServerOptions) {
  const hasApiKey = createApiKeyCheck(apiKey)
  const runMetrics = createRunMetrics({ query, progress: sources, now, rollupAbove_rows })
  const catalog = createCatalog({ runMetrics, slowOperation_ms })
  const readOperationRows = createOperationRows({ query, sources, now })
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
        scopeOf: (request) => (hasApiKey(request) ? 'admin' : null),
        now,
      }),
    )
    .use(healthRoutes({ hasApiKey, readHealth, query }))
    .use(prometheusRoutes(prometheus))
    .use(metricRoutes({ hasApiKey, catalog, runMetrics }))
    .use(logRoutes({ hasApiKey, readOperationRows }))
    .use(adminRoutes({ hasApiKey, readHealth, readEventRows, ownTraffic, recorderStatus, watcherStatus }))
    .use(statsRoutes({ hasApiKey, sources, walStatus, recorderStatus, watcherStatus }))
    .onStop(() => prometheus.close())
}
