import { Elysia } from 'elysia'
import type { Log } from '../log.ts'
import { createCatalog } from '../metrics/catalog.ts'
import { createOperationRows } from '../metrics/operation-rows.ts'
import { createRunMetrics } from '../metrics/run-metrics.ts'
import type { SourceStatus } from '../pipeline/status.ts'
import type { Secret } from '../secret.ts'
import type { Query } from '../store/query.ts'
import type { WalStatus } from '../store/wal-watch.ts'
import { createApiKeyCheck } from './auth.ts'
import { createHealth } from './health.ts'
import { createPrometheus } from './prometheus.ts'
import { requestTrace } from './request-trace.ts'
import { healthRoutes } from './routes/health.ts'
import { logRoutes } from './routes/logs.ts'
import { metricRoutes } from './routes/metrics.ts'
import { prometheusRoutes } from './routes/prometheus.ts'

export interface ServerOptions {
  query: Query
  apiKey: Secret
  sources: () => readonly SourceStatus[]
  slowOperation_ms: number
  walStatus: () => WalStatus
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
  log,
  now = Date.now,
  rollupAbove_rows = 1_000_000,
}: ServerOptions) {
  const hasApiKey = createApiKeyCheck(apiKey)
  const runMetrics = createRunMetrics({ query, progress: sources, now, rollupAbove_rows })
  const catalog = createCatalog({ runMetrics, slowOperation_ms })
  const readOperationRows = createOperationRows({ query, sources, now })
  const readHealth = createHealth({ query, sources, walStatus, now })
  const prometheus = createPrometheus({ sources, walStatus, now })
  // Otherwise Elysia drops parameters that no schema names, and a misspelt filter would filter nothing.
  return new Elysia({ normalize: false })
    .use(requestTrace({ log, onFinished: prometheus.observe }))
    .use(healthRoutes({ hasApiKey, readHealth, query }))
    .use(prometheusRoutes(prometheus))
    .use(metricRoutes({ hasApiKey, catalog, runMetrics }))
    .use(logRoutes({ hasApiKey, readOperationRows }))
    .onStop(() => prometheus.close())
}
