import type { Dimension, Metric } from './metric.ts'
import {
  bytesDownloaded,
  bytesUploaded,
  count,
  errorRate,
  errorsPart,
  percentile,
  requests,
} from './values.ts'

/** What the requests were, one row per value; with a step also one per interval. */
export const breakdownMetrics: readonly Metric[] = [
  measured('RequestsByOperation', 'Each operation, as the log names it.', ['operation', 'class']),
  measured('RequestsByClass', 'Each class of operations: read, write, list, delete, copy, config.', [
    'class',
  ]),
  measured('RequestsByBucket', 'Each bucket.', ['bucket']),
  counted('StatusCodes', 'Each HTTP status.', ['status']),
  counted('ErrorCodes', 'Each error code with its status.', ['error_code', 'status'], 'status >= 400'),
  counted(
    'CacheResults',
    'Each result of the CDN cache (Hit, Miss, ...).',
    ['cache_result'],
    "format = 'cdn'",
  ),
]

function measured(name: string, description: string, by: Dimension[]): Metric {
  return {
    name,
    description,
    shape: 'breakdown',
    by,
    values: [
      requests,
      count(errorsPart),
      errorRate,
      bytesDownloaded,
      bytesUploaded,
      percentile('total_ms', 50),
      percentile('total_ms', 95),
      percentile('total_ms', 99),
    ],
  }
}

function counted(name: string, description: string, by: Dimension[], where?: string): Metric {
  return {
    name,
    description,
    shape: 'breakdown',
    by,
    values: [requests, bytesDownloaded],
    ...(where && { where }),
  }
}
