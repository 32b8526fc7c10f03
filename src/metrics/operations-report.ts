import type { OperationsReport } from './answers.ts'
import { deletionMetrics } from './deletions.ts'
import type { Scope } from './filter.ts'
import type { Metric, Value } from './metric.ts'
import type { MetricParams, RunMetrics } from './run-metrics.ts'
import {
  bytesDownloaded,
  bytesUploaded,
  count,
  countOf,
  errorRate,
  errorsPart,
  isClientError,
  isServerError,
  percentile,
  requests,
} from './values.ts'

const counts: [Value, ...Value[]] = [
  requests,
  count(errorsPart),
  errorRate,
  count(countOf('errors_4xx', isClientError)),
  count(countOf('errors_5xx', isServerError)),
  bytesDownloaded,
  bytesUploaded,
]
const latencies = [50, 95, 99].map((percent) => percentile('total_ms', percent))

const totals: Metric = {
  name: 'totals',
  description: 'All requests of the window.',
  shape: 'breakdown',
  by: [],
  values: [...counts, ...latencies],
}
const byOperation: Metric = { ...totals, name: 'by_operation', by: ['operation', 'class'] }
const [objectsDeleted] = deletionMetrics
const series: Metric = { ...totals, name: 'series', shape: 'series', values: counts }

/** Runs the four queries side by side. The step cuts the two series alone. */
export async function runOperationsReport(
  runMetrics: RunMetrics,
  params: MetricParams,
  scope: Scope,
): Promise<OperationsReport> {
  const whole = { ...params, step: 'none' }
  const { tables, coverage } = await runMetrics(
    [
      { metric: series, params },
      { metric: totals, params: whole },
      { metric: byOperation, params: whole },
      { metric: objectsDeleted, params },
    ],
    scope,
  )
  const [seriesTable, totalsTable, byOperationTable, deletedTable] = tables.map(({ columns, rows, sql }) => ({
    columns,
    rows,
    sql,
  }))
  if (!seriesTable || !totalsTable || !byOperationTable || !deletedTable)
    throw new Error('a question of the report has no table')
  return {
    totals: totalsTable,
    by_operation: byOperationTable,
    series: seriesTable,
    objects_deleted: deletedTable,
    coverage,
  }
}
