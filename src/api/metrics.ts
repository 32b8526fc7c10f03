import Type from 'typebox'
import { logLine } from '../log-objects/answers.ts'
import {
  catalogAnswer,
  metricAnswer,
  metricAnswers,
  operationRows,
  operationsReport,
  seenBuckets,
  seriesAnswer,
} from '../metrics/answers.ts'
import { record } from '../schema.ts'
import { defineEndpoints } from './endpoint.ts'
import {
  answerFormat,
  bucketParam,
  filterParams,
  limitParam,
  metricParams,
  rowParams,
  topParams,
} from './parameters.ts'

const names = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: '^\\w+(,\\w+){0,11}$',
  description: 'up to 12 names of /metrics/catalog, with commas between them',
})
const { bucket: _, compare: __, ...seriesParams } = metricParams
const top = record({ ...metricParams, ...topParams })
const rows = {
  access: 'own_rows',
  summary: 'Operations as they were logged, newest first, by any field and time',
  query: record({ ...filterParams, ...rowParams }),
  answer: operationRows,
  csv: true,
} as const
const topIps = {
  access: 'own_rows',
  summary: 'The clients with most requests, as a chart',
  query: record({ ...filterParams, ...limitParam }),
} as const

/** Figures and rows of the access logs. */
export const metricEndpoints = defineEndpoints({
  'GET /metrics/operations': {
    access: 'own_rows',
    summary: 'Everything about a window at once: all requests, each operation, each interval',
    query: record(metricParams),
    answer: operationsReport,
    csv: 'by_operation',
  },
  'GET /metrics/query/:metric': {
    access: 'own_rows',
    summary: 'One metric of the catalog',
    params: Type.Object({ metric: Type.String({ minLength: 1, maxLength: 100 }) }),
    query: top,
    answer: metricAnswer,
    csv: true,
  },
  'GET /metrics/top-ips': {
    access: 'own_rows',
    summary: 'The clients with most requests',
    query: top,
    answer: metricAnswer,
    csv: true,
  },
  'GET /metrics/catalog': {
    access: 'own_rows',
    summary: 'The metrics that can be asked for',
    answer: catalogAnswer,
  },
  'GET /metrics/batch': {
    access: 'own_rows',
    summary:
      'Several metrics about one window in one turn; limit and order are for the top lists, step for the rest',
    query: record({ metrics: names, ...metricParams, ...topParams }),
    answer: metricAnswers,
  },
  'GET /metrics/sources': {
    access: 'own_rows',
    summary: 'The buckets that have operations or snapshots',
    query: record(answerFormat),
    answer: seenBuckets,
    csv: 'sources',
  },
  'GET /metrics/series': {
    access: 'own_rows',
    summary: 'Requests and storage of one bucket over time',
    query: record({ ...seriesParams, ...bucketParam }),
    answer: seriesAnswer,
    csv: 'requests',
  },
  'GET /metrics/aggregate-series': {
    access: 'own_rows',
    summary: 'Requests and storage of all buckets together over time',
    query: record(seriesParams),
    answer: seriesAnswer,
    csv: 'requests',
  },
  'GET /logs/operations': rows,
  'GET /tools/search-logs': rows,
  'GET /tools/log-line': {
    access: 'own_rows',
    summary: 'The raw line that a row was made of',
    query: record({
      log_object: Type.String({ minLength: 1, maxLength: 1024, description: 'the key of a log object' }),
      line_hash: Type.String({ pattern: '^-?\\d{1,19}$', description: 'line_hash of a row' }),
    }),
    answer: logLine,
  },
  'GET /plots/top-ips.svg': { ...topIps, media: ['image/svg+xml'] },
  'GET /plots/top-ips.png': { ...topIps, media: ['image/png'] },
})
