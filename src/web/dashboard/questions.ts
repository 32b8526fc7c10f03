import { ask } from '../api.ts'
import type { AnswerTo, Table } from '../api.ts'
import { useAnswer } from '../use-answer.ts'
import type { Asked } from '../use-answer.ts'
import { bucketsOf, stepOf, windowParams } from '../view.ts'
import type { View } from '../view.ts'

/** What `/metrics/operations` says of a window, with the window before beside it. */
export type Report = AnswerTo<'GET /metrics/operations'>
export type Batch = AnswerTo<'GET /metrics/batch'>['answers']

/** Totals of both log formats, always compared, as the tiles show the change. */
export function useReport(view: View): Asked<Report> {
  const params = { ...windowParams(view), step: `${stepOf(view)}s`, compare: view.compare || 'previous' }
  return useAnswer(JSON.stringify(params), (signal) =>
    ask('GET /metrics/operations', { query: params, signal }),
  )
}

const shapes = 'RequestsByClass,StatusCodes,FirstByteLatency,TotalRequestLatency,CacheResults'

/** What changes over time, of one log format. */
export function useShapes(view: View): Asked<Batch> {
  return useBatch(shapes, {
    ...windowParams(view),
    step: `${stepOf(view)}s`,
    compare: view.compare,
  })
}

const tops =
  'TopKeys,TopPrefixes,TopClientIPs,TopRequesters,TopUserAgents,TopReferers,ErrorCodes,RequestsByBucket'

/** Who and what comes most. */
export function useTops(view: View): Asked<Batch> {
  return useBatch(tops, { ...windowParams(view), order: view.order, limit: 10, format: view.format })
}

function useBatch(metrics: string, rest: Record<string, string | number | undefined>): Asked<Batch> {
  const params = { metrics, ...rest }
  return useAnswer(JSON.stringify(params), async (signal) => {
    const { answers } = await ask('GET /metrics/batch', { query: params, signal })
    return answers
  })
}

type StorageSeries = AnswerTo<'GET /metrics/series'> & { name: string }

/** Storage over time, from snapshots: of each bucket that is filtered by, or of all together. */
export function useStorageSeries(view: View): Asked<StorageSeries[]> {
  const params = { from: view.from, to: view.to, step: `${stepOf(view)}s` }
  const buckets = bucketsOf(view)
  return useAnswer(`storage ${JSON.stringify([params, buckets])}`, (signal) =>
    buckets.length === 0
      ? ask('GET /metrics/aggregate-series', { query: params, signal }).then((all) => [
          { ...all, name: 'Stored' },
        ])
      : Promise.all(
          buckets.map(async (bucket) => ({
            ...(await ask('GET /metrics/series', { query: { ...params, bucket }, signal })),
            name: bucket,
          })),
        ),
  )
}

/** A query of the gate: for what has no address of its own. */
export function useSql(sql: string | null): Asked<Table> {
  return useAnswer(sql, async (signal) => {
    const answer = await ask('POST /sql', { body: { sql: sql ?? '', limit: 500 }, signal })
    return { ...answer, sql: answer.sql_executed }
  })
}
