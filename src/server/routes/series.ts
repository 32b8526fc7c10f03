import { Elysia } from 'elysia'
import { readSeenBuckets } from '../../metrics/seen-buckets.ts'
import type { ReadSeries, Series } from '../../metrics/series.ts'
import type { Query } from '../../store/query.ts'
import type { HasApiKey } from '../auth.ts'
import { requireScope } from '../caller.ts'
import type { Callers } from '../caller.ts'
import { listAnswer, tableAnswer } from '../list-answer.ts'
import { answerFormat, bucketParam, metricParams, only, readFormat } from '../query-schema.ts'
import { describe } from '../openapi/describe.ts'
import { seenBuckets, seriesAnswer } from '../openapi/schemas.ts'

export interface SeriesRoutesOptions {
  hasApiKey: HasApiKey
  callers: Callers
  query: Query
  readSeries: ReadSeries
}

const seen = [
  'source',
  'bucket',
  'operations',
  'oldest_event',
  'newest_event',
  'snapshots',
  'newest_snapshot',
] as const

/** `/metrics/sources`, `/metrics/series` of one bucket, `/metrics/aggregate-series` of all (as CSV: the requests). */
export function seriesRoutes({ hasApiKey, callers, query: sql, readSeries }: SeriesRoutesOptions) {
  const { bucket: _, compare: __, ...params } = metricParams
  const answer = (series: Series, csv: boolean) => (csv ? tableAnswer(series.requests, csv) : series)
  return new Elysia({ prefix: '/metrics' })
    .use(requireScope(hasApiKey, callers))
    .get(
      '/sources',
      ({ query, scope, inTurn }) =>
        inTurn(async () => {
          const { csv } = readFormat(query)
          return listAnswer('sources', seen, await readSeenBuckets(sql, scope), {}, csv)
        }),
      {
        query: only(answerFormat),
        detail: describe('The buckets that have operations or snapshots', { json: seenBuckets, csv: true }),
      },
    )
    .get(
      '/series',
      ({ query, scope, inTurn }) =>
        inTurn(async () => {
          const { filters, csv } = readFormat(query)
          return answer(await readSeries(filters, scope), csv)
        }),
      {
        query: only({ ...params, ...bucketParam }),
        detail: describe('Requests and storage of one bucket over time', { json: seriesAnswer, csv: true }),
      },
    )
    .get(
      '/aggregate-series',
      ({ query, scope, inTurn }) =>
        inTurn(async () => {
          const { filters, csv } = readFormat(query)
          return answer(await readSeries(filters, scope), csv)
        }),
      {
        query: only(params),
        detail: describe('Requests and storage of all buckets together over time', {
          json: seriesAnswer,
          csv: true,
        }),
      },
    )
}
