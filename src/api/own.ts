import Type from 'typebox'
import type { Static } from 'typebox'
import { closedFigures, eventRows, ownSeries, ownTrafficFields } from '../metrics/answers.ts'
import { actorFields, countedTotals, leaseFields, sourceFields } from '../pipeline/answers.ts'
import { bytes, count, described, flag, moment, nullable, number, oneOf, record, text } from '../schema.ts'
import { defineEndpoints } from './endpoint.ts'
import { credentialFields, eventParams, lookbackParam, timeseriesParams } from './parameters.ts'

const status = oneOf(['ok', 'degraded', 'down'])
const reason = record(
  {
    code: oneOf([
      'questdb_away',
      'table_suspended',
      'disk_low',
      'pipeline_retrying',
      'pipeline_stopped',
      'lines_refused',
      'objects_refused',
      'source_silent',
    ]),
    message: text,
  },
  'names no source and no bucket',
)
export type HealthReason = Static<typeof reason>

const sourceHealthFields = {
  ...sourceFields,
  newest_event: nullable(moment),
  delivery_lag_seconds: nullable(
    described('from the newest operation to the delivery of its log object', number),
  ),
}
const sourceHealth = record(sourceHealthFields)
/** A source for those who may know of it. */
export type SourceHealth = Static<typeof sourceHealth>

const health = {
  status,
  reasons: Type.Array(reason),
  storage: nullable(closedFigures),
}
const healthAnswer = record({ ...health, sources: Type.Optional(Type.Array(sourceHealth)) })
const wholeHealth = record({ ...health, sources: Type.Array(sourceHealth) })
export type Health = Static<typeof wholeHealth>
const liveAnswer = record({ status })

const recorder = record({
  state: actorFields.state,
  reason: nullable(text),
  queued: count,
  recorded: described('requests stored since the start', count),
  dropped: described('requests that found the queue full, or that QuestDB would not take', count),
})
export type RecorderStatus = Static<typeof recorder>

const { next_cursor: _, ...eventFields } = eventRows.properties

const statsAnswer = record({
  uptime_seconds: count,
  memory: record({ rss_bytes: bytes, heap_used_bytes: bytes, external_bytes: bytes }),
  cpu: record({ user_seconds: number, system_seconds: number }),
  pipeline: Type.Unsafe<Record<'sources' | 'backlog' | (typeof countedTotals)[number], number>>(
    record(Object.fromEntries(['sources', ...countedTotals, 'backlog'].map((name) => [name, count]))),
  ),
  requests: nullable(recorder),
  events: nullable(record({ open: count, pending: count, reason: nullable(text) })),
  questdb: record({
    suspended: Type.Array(text),
    lag_transactions: count,
    disk_free: nullable(described('a share, 0 to 1', number)),
    away: nullable(text),
  }),
  parquet: nullable(
    record(
      {
        days: count,
        bytes,
        waiting_days: count,
        waiting_bytes: bytes,
        reason: nullable(text),
      },
      'days of operations that lie as Parquet, and those that are old enough and wait; null where days stay as they are',
    ),
  ),
  summaries: nullable(
    record(
      { days: count, waiting_days: count, reason: nullable(text) },
      'closed days whose top lists are counted beforehand, and those that wait for it; days of few rows are neither',
    ),
  ),
})

const available = { demo_available: flag, agent_available: flag }
const noSession = record({ kind: Type.Literal('none'), ...available })
const begunSession = record({
  kind: oneOf(['caller', 'admin', 'demo']),
  log_bucket: nullable(text),
  log_prefix: nullable(text),
  region: nullable(text),
  endpoint: nullable(text),
  expires_at: moment,
  ...available,
})

/** SpaceWatch itself: how it does, who is signed in, and this document. */
export const ownEndpoints = defineEndpoints({
  'GET /health': {
    access: 'open',
    summary: 'How SpaceWatch does, and what the buckets did lately; the sources with the API key',
    answer: healthAnswer,
    also: 503,
  },
  'GET /health/live': {
    access: 'open',
    summary: 'Answers as long as the process lives',
    answer: liveAnswer,
  },
  'GET /health/ready': {
    access: 'open',
    summary: 'Whether QuestDB answers',
    answer: liveAnswer,
    also: 503,
  },
  'GET /metrics': {
    access: 'open',
    summary: 'A scrape for Prometheus; of each log source with the API key',
    media: ['text/plain'],
  },
  'GET /openapi.json': {
    access: 'open',
    summary: 'This document',
    answer: Type.Object({
      openapi: text,
      info: Type.Object({}),
      paths: Type.Record(Type.String(), Type.Unknown()),
    }),
  },
  'POST /session': {
    access: 'session',
    summary: 'Signs in: a cookie then stands for the credentials',
    body: record({
      ...credentialFields,
      api_key: Type.Optional(Type.String({ maxLength: 1024, description: 'the API key of the operator' })),
      demo: Type.Optional(described('true to look at the demo', flag)),
    }),
    answer: begunSession,
  },
  'GET /session': {
    access: 'session',
    summary: 'Who is signed in',
    answer: Type.Union([begunSession, noSession]),
  },
  'DELETE /session': { access: 'session', summary: 'Signs out', answer: noSession },
  'GET /admin/api/mission-control': {
    access: 'api_key',
    summary: 'How SpaceWatch itself does: traffic, routes, events, sources',
    query: record(lookbackParam),
    answer: record({
      ...health,
      ...ownTrafficFields,
      events: record(eventFields),
      sources: Type.Array(record({ ...sourceHealthFields, judged_until: nullable(moment) })),
      leases: Type.Array(record({ source: text, ...leaseFields, expires_at: moment })),
      recorder: nullable(recorder),
    }),
  },
  'GET /admin/api/timeseries': {
    access: 'api_key',
    summary: "SpaceWatch's own traffic over time",
    query: record(timeseriesParams),
    answer: ownSeries,
  },
  'GET /admin/api/events': {
    access: 'api_key',
    summary: 'Health events of SpaceWatch and of every bucket, newest first',
    query: record(eventParams),
    answer: eventRows,
  },
  'GET /stats': {
    access: 'api_key',
    summary: 'Counters of this process since its start',
    answer: statsAnswer,
  },
})
