import { Elysia } from 'elysia'
import type { Catalog } from '../../metrics/catalog.ts'
import { runOperationsReport } from '../../metrics/operations-report.ts'
import type { RunMetrics } from '../../metrics/run-metrics.ts'
import type { HasApiKey } from '../auth.ts'
import { requireScope } from '../caller.ts'
import type { Callers } from '../caller.ts'
import { tableAnswer } from '../list-answer.ts'
import { metricParams, numeric, only, readFormat, topParams } from '../query-schema.ts'
import { describe } from '../openapi/describe.ts'
import { catalogAnswer, metricAnswer, operationsReport } from '../openapi/schemas.ts'

export interface MetricRoutesOptions {
  hasApiKey: HasApiKey
  callers: Callers
  catalog: Catalog
  runMetrics: RunMetrics
}

/** `/metrics/operations` (as CSV: each operation), `/metrics/query/:metric`, `/metrics/top-ips`, `/metrics/catalog`. */
export function metricRoutes({ hasApiKey, callers, catalog, runMetrics }: MetricRoutesOptions) {
  const topSchema = only({ ...metricParams, ...topParams })
  return new Elysia({ prefix: '/metrics' })
    .use(requireScope(hasApiKey, callers))
    .get(
      '/operations',
      ({ query, scope, inTurn }) =>
        inTurn(async () => {
          const { filters, csv } = readFormat(query)
          const report = await runOperationsReport(runMetrics, filters, scope)
          return csv ? tableAnswer(report.by_operation, csv) : report
        }),
      {
        query: only(metricParams),
        detail: describe('Everything about a window at once: all requests, each operation, each interval', {
          json: operationsReport,
          csv: true,
        }),
      },
    )
    .get(
      '/query/:metric',
      ({ params, query, scope, inTurn }) =>
        inTurn(async () => {
          const { filters, csv } = readFormat(query)
          const limit = numeric(query.limit)
          return tableAnswer(await catalog.run(params.metric, { ...filters, limit }, scope), csv)
        }),
      {
        query: topSchema,
        detail: describe('One metric of the catalog', { json: metricAnswer, csv: true }),
      },
    )
    .get(
      '/top-ips',
      ({ query, scope, inTurn }) =>
        inTurn(async () => {
          const { filters, csv } = readFormat(query)
          const limit = numeric(query.limit)
          return tableAnswer(await catalog.run('TopClientIPs', { ...filters, limit }, scope), csv)
        }),
      {
        query: topSchema,
        detail: describe('The clients with most requests', { json: metricAnswer, csv: true }),
      },
    )
    .get('/catalog', () => ({ metrics: catalog.list() }), {
      query: only({}),
      detail: describe('The metrics that can be asked for', { json: catalogAnswer }),
    })
}
