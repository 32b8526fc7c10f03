import { Elysia } from 'elysia'
import type { Catalog } from '../../metrics/catalog.ts'
import { runOperationsReport } from '../../metrics/operations-report.ts'
import type { RunMetrics } from '../../metrics/run-metrics.ts'
import { requireApiKey } from '../auth.ts'
import type { HasApiKey } from '../auth.ts'
import { metricParams, numeric, only, topParams } from '../query-schema.ts'

export interface MetricRoutesOptions {
  hasApiKey: HasApiKey
  catalog: Catalog
  runMetrics: RunMetrics
}

// The key opens every source.
const everything = null

/** `/metrics/operations`, `/metrics/query/:metric`, `/metrics/catalog`. */
export function metricRoutes({ hasApiKey, catalog, runMetrics }: MetricRoutesOptions) {
  return new Elysia({ prefix: '/metrics' })
    .use(requireApiKey(hasApiKey))
    .get('/operations', ({ query }) => runOperationsReport(runMetrics, query, everything), {
      query: only(metricParams),
    })
    .get(
      '/query/:metric',
      ({ params, query }) =>
        catalog.run(params.metric, { ...query, limit: numeric(query.limit) }, everything),
      { query: only({ ...metricParams, ...topParams }) },
    )
    .get('/catalog', () => ({ metrics: catalog.list() }), { query: only({}) })
}
