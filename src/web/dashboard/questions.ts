import { ask } from '../api.ts'
import type { Answer, Coverage, Table } from '../api.ts'
import { useAnswer } from '../use-answer.ts'
import type { Asked } from '../use-answer.ts'
import { bucketsOf, stepOf, windowParams } from '../view.ts'
import type { View } from '../view.ts'

/** What `/metrics/operations` says of a window, with the window before beside it. */
export interface Report {
  totals: Table
  by_operation: Table
  series: Table
  coverage: Coverage
}

export type Batch = Record<string, Answer>

/** Totals of both log formats, always compared, as the tiles show the change. */
export function useReport(view: View): Asked<Report> {
  const params = { ...windowParams(view), step: `${stepOf(view)}s`, compare: view.compare || 'previous' }
  return useAnswer(JSON.stringify(params), (signal) => ask<Report>('/metrics/operations', { params, signal }))
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
    const { answers } = await ask<{ answers: Batch }>('/metrics/batch', { params, signal })
    return answers
  })
}

interface StorageSeries {
  name: string
  storage: Table
  coverage: Coverage
}

/** Storage over time, from snapshots: of each bucket that is filtered by, or of all together. */
export function useStorageSeries(view: View): Asked<StorageSeries[]> {
  const params = { from: view.from, to: view.to, step: `${stepOf(view)}s` }
  const buckets = bucketsOf(view)
  return useAnswer(`storage ${JSON.stringify([params, buckets])}`, (signal) =>
    buckets.length === 0
      ? ask<StorageSeries>('/metrics/aggregate-series', { params, signal }).then((all) => [
          { ...all, name: 'Stored' },
        ])
      : Promise.all(
          buckets.map(async (bucket) => ({
            ...(await ask<StorageSeries>('/metrics/series', { params: { ...params, bucket }, signal })),
            name: bucket,
          })),
        ),
  )
}

export interface SeenBucket {
  source: string
  bucket: string
  operations: number
  oldest_event: string
  newest_event: string
}

/** The buckets that the logs are about. */
export function useBuckets(): Asked<SeenBucket[]> {
  return useAnswer('buckets', async (signal) => {
    const { sources } = await ask<{ sources: SeenBucket[] }>('/metrics/sources', { signal })
    return sources
  })
}

/** A query of the gate: for what has no address of its own. */
export function useSql(sql: string | null): Asked<Table & { sql_executed: string }> {
  return useAnswer(sql, (signal) => ask('/sql', { method: 'POST', body: { sql, limit: 500 }, signal }))
}
