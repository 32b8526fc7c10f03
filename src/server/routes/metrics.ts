import type { Catalog } from '../../metrics/catalog.ts'
import { runOperationsReport } from '../../metrics/operations-report.ts'
import type { RunMetrics } from '../../metrics/run-metrics.ts'
import type { ReadSeries } from '../../metrics/series.ts'
import type { ReadOperationRows } from '../../records/operation-rows.ts'
import { readSeenBuckets } from '../../records/seen-buckets.ts'
import type { Query } from '../../store/query.ts'
import type { Route } from '../router.ts'

export interface MetricRoutesOptions {
  query: Query
  catalog: Catalog
  runMetrics: RunMetrics
  readSeries: ReadSeries
  readOperationRows: ReadOperationRows
}

/** Figures and rows of the access logs, one turn of the caller each. */
export function metricRoutes(route: Route, options: MetricRoutesOptions): void {
  const { query: sql, catalog, runMetrics, readSeries, readOperationRows } = options
  const shapes = new Map(catalog.list().map(({ name, shape }) => [name, shape]))

  route('GET /metrics/operations', ({ query, reader: { inTurn, scope } }) =>
    inTurn(() => runOperationsReport(runMetrics, query, scope)),
  )
  route('GET /metrics/query/:metric', ({ params, query, reader: { inTurn, scope } }) =>
    inTurn(() => catalog.run(params.metric, query, scope)),
  )
  route('GET /metrics/top-ips', ({ query, reader: { inTurn, scope } }) =>
    inTurn(() => catalog.run('TopClientIPs', query, scope)),
  )
  route('GET /metrics/catalog', () => ({ metrics: catalog.list() }))
  route('GET /metrics/batch', ({ query: { metrics, ...query }, reader: { inTurn, scope } }) =>
    inTurn(async () => {
      const { limit, order, step, ...filters } = query
      const [first = '', ...others] = new Set(metrics.split(','))
      const asked = (name: string) => {
        const own = shapes.get(name) === 'top' ? { limit, order } : { step }
        return { name, params: { ...filters, ...own } }
      }
      const answers = await catalog.runAll([asked(first), ...others.map(asked)], scope)
      return { answers: Object.fromEntries(answers.map((answer) => [answer.metric, answer])) }
    }),
  )
  route('GET /metrics/sources', ({ reader: { inTurn, scope } }) =>
    inTurn(async () => ({ sources: await readSeenBuckets(sql, scope) })),
  )
  route('GET /metrics/series', ({ query, reader: { inTurn, scope } }) =>
    inTurn(() => readSeries(query, scope)),
  )
  route('GET /metrics/aggregate-series', ({ query, reader: { inTurn, scope } }) =>
    inTurn(() => readSeries(query, scope)),
  )
  // The second is the name that tools know it by.
  for (const name of ['GET /logs/operations', 'GET /tools/search-logs'] as const)
    route(name, ({ query, reader: { inTurn, scope } }) => inTurn(() => readOperationRows(query, scope)))
}
