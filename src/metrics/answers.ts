import Type from 'typebox'
import type { Static } from 'typebox'
import {
  bytes,
  count,
  described,
  flag,
  moment,
  next_cursor,
  nullable,
  number,
  oneOf,
  record,
  text,
} from '../schema.ts'

/** Of values: CloudWatch's, and `Timestamp` for moments. */
export const units = ['Count', 'Bytes', 'Milliseconds', 'Percent', 'Timestamp'] as const
export type Unit = (typeof units)[number]

const cell = Type.Union([Type.String(), number, flag, Type.Null()])
const columns = Type.Array(
  record({
    name: text,
    type: described("QuestDB's name: LONG, DOUBLE, VARCHAR, TIMESTAMP ..."),
    unit: Type.Optional(oneOf(units)),
  }),
)
const rows = Type.Unsafe<unknown[][]>(
  Type.Array(Type.Array(cell), {
    description: 'values in the order of the columns; timestamps as ISO 8601 in UTC',
  }),
)
/** Without the SQL. */
export const cells = { columns, rows }
const sql = described('what was run')
const tableFields = { ...cells, sql }
export const tableAnswer = record(tableFields)
export type Table = Static<typeof tableAnswer>
export type TableColumn = Table['columns'][number]

export const spanFields = { from: moment, to: moment }
const windowAnswer = record({ ...spanFields, step_seconds: nullable(number) })

const boundAnswer = record(
  { requests: count, bytes_downloaded: bytes, bytes_uploaded: bytes, errors: count },
  'of a top list over days of which the largest values alone are counted each: how much too low the counts of a value may be at most; null: they are exact',
)
/** By how much counts of a value may be too low, at most. */
export type Bound = Static<typeof boundAnswer>

export const coverage = record(
  {
    window: windowAnswer,
    compared_with: nullable(record(spanFields)),
    newest_event: nullable(described('the newest operation that is stored')),
    objects_pending: described('log objects that are known and not yet read to their end', count),
    listing_complete: described('false while the log bucket is being listed for the first time', flag),
    lines_refused: described('lines of log objects of the window that no parser took', count),
    objects_refused: described('log objects of the window that could not be read to their end', count),
    approximate: described(
      'true when percentiles come from a latency histogram: within 7 % of the value',
      flag,
    ),
    counts_short_by: nullable(boundAnswer),
    notes: Type.Array(text),
  },
  'what the answer rests on',
)
export type Coverage = Static<typeof coverage>

export const metricAnswer = record({ ...tableFields, metric: text, unit: oneOf(units), coverage })
export type MetricAnswer = Static<typeof metricAnswer>

export const metricAnswers = record({ answers: Type.Record(Type.String(), metricAnswer) })

/** Everything about a window at once: all requests, each operation, each interval, objects deleted in each interval. */
export const operationsReport = record({
  totals: tableAnswer,
  by_operation: tableAnswer,
  series: tableAnswer,
  objects_deleted: tableAnswer,
  coverage,
})
export type OperationsReport = Static<typeof operationsReport>

const metricEntry = record({
  name: text,
  description: text,
  unit: oneOf(units),
  shape: oneOf(['series', 'breakdown', 'top']),
  by: Type.Array(text),
  values: Type.Array(record({ name: text, unit: oneOf(units) })),
})
/** What a caller is told about a metric. */
export type MetricEntry = Static<typeof metricEntry>
export const catalogAnswer = record({ metrics: Type.Array(metricEntry) })

export const seriesAnswer = record({ requests: tableAnswer, storage: tableAnswer, coverage })
export type Series = Static<typeof seriesAnswer>

const seenBucket = record({
  source: text,
  bucket: text,
  operations: count,
  oldest_event: nullable(moment),
  newest_event: nullable(moment),
  snapshots: count,
  newest_snapshot: nullable(moment),
})
export type SeenBucket = Static<typeof seenBucket>
export const seenBuckets = record({ sources: Type.Array(seenBucket) })

/** A page of rows, newest first. */
export const operationRows = record({ ...tableFields, next_cursor, coverage })
export type OperationRows = Static<typeof operationRows>

export const objectAudit = record({ ...tableFields, next_cursor, coverage, summary: tableAnswer })
export type ObjectAudit = Static<typeof objectAudit>

/** Of health events. */
export const eventSeverities = ['info', 'warning', 'critical'] as const
export const eventStates = ['open', 'over', 'withdrawn'] as const

/** A page of health events, newest first. */
export const eventRows = record({ ...tableFields, next_cursor })
export type EventRows = Static<typeof eventRows>

/** Of one version of a log object; `pending` is what is not finished yet. */
export const ledgerFields = {
  state: oneOf(['pending', 'done', 'refused', 'gone']),
  reason: nullable(text),
  lines: nullable(count),
  rows: nullable(count),
  refused: nullable(count),
  expired: nullable(described('records older than the retention', count)),
  oldest_event: nullable(moment),
  newest_event: nullable(moment),
  ingested_at: nullable(moment),
}
const ledgerEntry = record(ledgerFields)
export type LedgerEntry = Static<typeof ledgerEntry>

const requestTotals = {
  requests_24h: count,
  errors_24h: count,
  bytes_downloaded_24h: bytes,
  bytes_uploaded_24h: bytes,
  cdn_requests_24h: count,
  cdn_errors_24h: count,
  cdn_bytes_downloaded_24h: bytes,
}
const requestTotalsRecord = record(requestTotals)
export type RequestTotals = Static<typeof requestTotalsRecord>
/** A row of the table `snapshots`, which names its columns the same. */
export const snapshotFields = {
  source: text,
  bucket: text,
  objects: count,
  bytes: bytes,
  truncated: flag,
  incomplete_uploads: nullable(described('null where the key may not list them', count)),
  incomplete_upload_bytes: nullable(bytes),
  ...requestTotals,
}
const snapshot = record(snapshotFields)
export type Snapshot = Static<typeof snapshot>

const figures = {
  operations_per_second: number,
  error_rate: number,
  errors_5xx_rate: number,
  bytes_per_second: number,
  p50: nullable(number),
  p95: nullable(number),
  p99: nullable(number),
}
const figuresRecord = record(figures)
export type Figures = Static<typeof figuresRecord>
const formatFigures = record({
  format: text,
  ...figures,
  classes: Type.Array(record({ class: text, ...figures })),
})
const windowFigures = record({
  ...spanFields,
  formats: Type.Array(formatFigures, {
    description: 'origin and CDN apart, as a CDN miss is in both; one without an operation is not listed',
  }),
})
export type WindowFigures = Static<typeof windowFigures>
/** The newest five minutes and hour that the logs can be taken as whole for; over all sources, names nobody. */
export const closedFigures = record({
  closed_until: moment,
  five_minutes: windowFigures,
  hour: windowFigures,
})
export type ClosedFigures = Static<typeof closedFigures>

/** SpaceWatch's own traffic. */
export const ownTrafficFields = {
  window: record(spanFields),
  totals: tableAnswer,
  busiest: tableAnswer,
  slowest: tableAnswer,
  failing: tableAnswer,
}
const ownTraffic = record(ownTrafficFields)
export type OwnTraffic = Static<typeof ownTraffic>
export const ownSeries = record({
  ...tableFields,
  window: record({ ...spanFields, step_seconds: number }),
})
export type OwnSeries = Static<typeof ownSeries>
