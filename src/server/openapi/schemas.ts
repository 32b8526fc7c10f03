import { t } from 'elysia'
import type { TSchema } from 'elysia'

export function nullable<Schema extends TSchema>(schema: Schema) {
  return t.Union([schema, t.Null()])
}

export function listOf(name: string, item: TSchema, rest: Record<string, TSchema> = {}) {
  return t.Object({ [name]: t.Array(item), ...rest })
}

const text = t.String()
const count = t.Integer({ minimum: 0 })
const moment = t.String({ format: 'date-time', description: 'ISO 8601 in UTC' })
const span = t.Object({ from: moment, to: moment })

export const errorSchema = t.Object({
  error: t.Object({
    code: t.String({ description: 'the word for it that programs go by' }),
    message: text,
    hint: nullable(t.String({ description: 'what to do next' })),
    request_id: text,
    position: t.Optional(
      nullable(t.Object({ offset: count, line: count, column: count }, { description: 'where in the SQL' })),
    ),
  }),
})

const columns = t.Array(
  t.Object({
    name: text,
    type: t.String({ description: "QuestDB's name" }),
    unit: t.Optional(t.String({ description: 'Count, Bytes, Milliseconds, Percent or Timestamp' })),
  }),
)
const cell = t.Union([t.String(), t.Number(), t.Boolean(), t.Null()])
const rows = t.Array(t.Array(cell), { description: 'values in the order of the columns' })
const sql = t.String({ description: 'what was run' })
const table = { columns, rows, sql }
const nextCursor = { next_cursor: nullable(t.String({ description: 'cursor of the next page' })) }
const truncated = t.Boolean({ description: 'true when there is more than was looked at' })

export const tableSchema = t.Object(table)

export const coverageSchema = t.Object(
  {
    window: t.Object({ from: moment, to: moment, step_seconds: nullable(t.Number()) }),
    compared_with: nullable(span),
    newest_event: nullable(moment),
    objects_pending: count,
    listing_complete: t.Boolean(),
    lines_refused: count,
    objects_refused: count,
    approximate: t.Boolean(),
    notes: t.Array(text),
  },
  { description: 'what the answer rests on' },
)

export const metricAnswer = t.Object({ ...table, metric: text, unit: text, coverage: coverageSchema })
export const metricAnswers = t.Object({ answers: t.Record(t.String(), metricAnswer) })
export const operationsReport = t.Object({
  totals: tableSchema,
  by_operation: tableSchema,
  series: tableSchema,
  coverage: coverageSchema,
})
export const catalogAnswer = listOf(
  'metrics',
  t.Object({
    name: text,
    description: text,
    unit: text,
    shape: text,
    by: t.Array(text),
    values: t.Array(t.Object({ name: text, unit: text })),
  }),
)
export const seriesAnswer = t.Object({
  requests: tableSchema,
  storage: tableSchema,
  coverage: coverageSchema,
})
export const seenBuckets = listOf(
  'sources',
  t.Object({
    source: text,
    bucket: text,
    operations: count,
    oldest_event: nullable(moment),
    newest_event: nullable(moment),
    snapshots: count,
    newest_snapshot: nullable(moment),
  }),
)
export const operationRows = t.Object({ ...table, ...nextCursor, coverage: coverageSchema })
export const objectAudit = t.Object({
  ...table,
  ...nextCursor,
  coverage: coverageSchema,
  summary: tableSchema,
})
export const eventRows = t.Object({ ...table, ...nextCursor })

const scanned = t.Object({ objects: count, bytes: count })
const place = { bucket: text, prefix: text }
const object = t.Object({ key: text, bytes: count, modified: moment, etag: text })
const share = t.Object({ name: text, objects: count, bytes: count })

export const foundBuckets = listOf(
  'buckets',
  t.Object({ name: text, created: nullable(moment), found_by: text }),
  { can_list: t.Boolean() },
)
export const objectPage = listOf('objects', object, { ...place, ...nextCursor })
export const topObjects = listOf('objects', object, { ...place, scanned, truncated })
export const storageSummary = t.Object({
  ...place,
  objects: count,
  bytes: count,
  truncated,
  by_prefix: t.Array(share),
  by_extension: t.Array(share),
  by_age: t.Array(share),
  incomplete_uploads: nullable(
    t.Object({ uploads: count, bytes: count, measured: count, oldest: nullable(moment), truncated }),
  ),
})
const warmth = { reads: count, cdn_reads: count, bytes_read: count, cdn_bytes_read: count }
export const hotCold = listOf(
  'objects',
  t.Object({
    key: text,
    bytes: count,
    modified: moment,
    age_days: t.Number(),
    warmth: t.String({ description: 'hot, cold or never_read' }),
    last_read: nullable(moment),
    ...warmth,
  }),
  {
    ...place,
    cold_after_days: count,
    expire_after_days: count,
    reads_known_since: nullable(moment),
    objects_pending: count,
    truncated,
    totals: t.Object({ objects: count, bytes: count, hot_objects: count, cold_objects: count, ...warmth }),
    by_prefix: t.Array(t.Object({ prefix: text, objects: count, bytes: count, ...warmth })),
    lifecycle: t.Array(
      t.Object({ days: count, objects: count, bytes: count, hot_objects: count, hot_bytes: count }),
    ),
  },
)
export const logObjects = listOf(
  'log_objects',
  t.Object({
    key: text,
    bytes: count,
    modified: moment,
    state: t.String({ description: 'pending, done or refused' }),
    reason: nullable(text),
    lines: nullable(count),
    rows: nullable(count),
    refused: nullable(count),
    oldest_event: nullable(moment),
    newest_event: nullable(moment),
    ingested_at: nullable(moment),
  }),
  { log_bucket: text, log_prefix: text, scanned, truncated },
)
export const logTail = listOf('lines', t.String(), {
  key: text,
  bytes: count,
  modified: moment,
  gzip: t.Boolean(),
  truncated,
})

export const logLine = t.Object({ key: text, line_number: count, line: text })

const snapshot = {
  ts: moment,
  source: text,
  bucket: text,
  objects: count,
  bytes: count,
  truncated,
  incomplete_uploads: nullable(count),
  incomplete_upload_bytes: nullable(count),
  requests_24h: count,
  errors_24h: count,
  bytes_downloaded_24h: count,
  bytes_uploaded_24h: count,
  cdn_requests_24h: count,
  cdn_errors_24h: count,
  cdn_bytes_downloaded_24h: count,
  object: nullable(t.String({ description: 'its key in the metrics bucket' })),
}
export const snapshotSchema = t.Object(snapshot)
export const snapshotsSchema = listOf('snapshots', snapshotSchema, {
  failed: t.Array(t.Object({ bucket: text, code: text, message: text })),
})

const problem = nullable(t.Object({ code: text, message: text, hint: nullable(text) }))
export const credentialCheck = t.Object({
  valid: t.Boolean(),
  problem,
  endpoint: text,
  region: text,
  can_list_buckets: t.Boolean(),
  buckets: t.Array(
    t.Object({
      name: text,
      created: nullable(moment),
      found_by: text,
      logging: t.Object({ state: t.String({ description: 'on, off or unknown' }) }),
      enable_logging_command: nullable(text),
    }),
  ),
  truncated: t.Boolean(),
  logs: nullable(
    t.Object({
      ...place,
      readable: t.Boolean(),
      problem,
      found: nullable(
        t.Object({
          objects: count,
          truncated,
          objects_read: count,
          holds_access_logs: t.Boolean(),
          formats: t.Array(text),
          lines: count,
          lines_refused: count,
          buckets: t.Array(text),
          newest_object: nullable(t.Object({ key: text, modified: moment })),
          newest_event: nullable(moment),
          delivery_lag_seconds: nullable(t.Number()),
        }),
      ),
      lease: nullable(
        t.Object({
          state: t.String({ description: 'reading, paused or refused' }),
          reason: nullable(text),
          backlog: count,
          listed: t.Boolean(),
          bytes_today: count,
          expires_at: moment,
        }),
      ),
    }),
  ),
})

const available = { demo_available: t.Boolean(), agent_available: t.Boolean() }
export const noSession = t.Object({ kind: t.Literal('none'), ...available })
export const session = t.Object({
  kind: t.Union([t.Literal('caller'), t.Literal('admin'), t.Literal('demo')]),
  log_bucket: nullable(text),
  log_prefix: nullable(text),
  region: nullable(text),
  endpoint: nullable(text),
  expires_at: moment,
  ...available,
})
export const anySession = t.Union([session, noSession])
