import { eventRuleNames } from '../event-rules.ts'
import { formatNames, logFormats } from '../log-formats.ts'
import { operationClasses } from '../logs/record.ts'
import { eventSeverities, eventStates } from '../metrics/answers.ts'
import type { Unit } from '../metrics/answers.ts'
import { requestMetrics } from '../metrics/requests.ts'
import { transferMetrics } from '../metrics/transfer.ts'
import { orList } from '../schema.ts'
import { dimensions } from '../store/summarize-day.ts'

/** A column as people and models see it. `type` is QuestDB's name for it in results. */
export interface ViewColumn {
  name: string
  type: 'TIMESTAMP' | 'VARCHAR' | 'INT' | 'LONG' | 'DOUBLE' | 'BOOLEAN'
  unit?: Unit
  description: string
}

type Described = Omit<ViewColumn, 'name'>

const said = (type: ViewColumn['type'], description: string, unit?: Unit): Described => ({
  type,
  ...(unit && { unit }),
  description,
})

const ofMetrics = (metrics: readonly { name: string; description: string }[], unit: Unit) =>
  Object.fromEntries(metrics.map(({ name, description }) => [name, said('LONG', description, unit)]))

/** Of a row of `operations`, in order. */
export const operationColumns = named({
  ts: said('TIMESTAMP', 'When the request was received, in UTC; one second of resolution for Spaces logs.'),
  source: said('VARCHAR', 'The log source: a short hash of endpoint, log bucket and log prefix.'),
  format: said(
    'VARCHAR',
    `${logFormats.map(({ name, requests }) => `'${name}' for ${requests}`).join(', ')}.`,
  ),
  bucket: said('VARCHAR', 'The bucket (Space) that was asked.'),
  operation: said('VARCHAR', 'As logged, such as REST.GET.OBJECT, REST.PUT.OBJECT, REST.GET.BUCKET.'),
  class: said('VARCHAR', `${orList(operationClasses)}.`),
  is_request: said(
    'BOOLEAN',
    'False for rows that no client sent: lifecycle actions, the keys of a multi-object delete.',
  ),
  method: said('VARCHAR', 'The HTTP method: GET, PUT, HEAD, POST, DELETE.'),
  status: said('INT', 'The HTTP status: 200, 206, 304, 403, 404, 500, 503.'),
  error_code: said(
    'VARCHAR',
    'The S3 error code such as NoSuchKey, AccessDenied, SlowDown; null for success.',
  ),
  key: said('VARCHAR', 'The object key, decoded; null for requests about a bucket.'),
  key_prefix: said('VARCHAR', 'The first path segment of the key.'),
  bytes_sent: said('LONG', 'Bytes of the response body; of the CDN with headers.', 'Bytes'),
  bytes_received: said('LONG', 'Bytes of the uploaded body.', 'Bytes'),
  object_size: said('LONG', 'The size of the whole object.', 'Bytes'),
  total_ms: said(
    'INT',
    'From the first byte received to the last byte sent; null where not logged.',
    'Milliseconds',
  ),
  turnaround_ms: said(
    'INT',
    'The time that the store itself took before it answered; null where not logged.',
    'Milliseconds',
  ),
  remote_ip: said('VARCHAR', 'The address of the client.'),
  requester: said('VARCHAR', 'Who signed the request; null for anonymous ones.'),
  request_id: said('VARCHAR', 'The id that the store gave the request.'),
  request_uri: said('VARCHAR', 'The request line as logged; signatures are removed.'),
  referer: said('VARCHAR', 'The page that linked to it.'),
  user_agent: said('VARCHAR', 'The client software.'),
  version_id: said('VARCHAR', 'The version of the object that was asked for.'),
  host: said('VARCHAR', 'The host name that was asked.'),
  signature_version: said('VARCHAR', 'SigV2 or SigV4; null for anonymous requests.'),
  auth_type: said(
    'VARCHAR',
    'AuthHeader, or QueryString for presigned addresses; null for anonymous requests.',
  ),
  tls_version: said('VARCHAR', 'Such as TLSv1.3; null for plain HTTP.'),
  cipher: said('VARCHAR', 'The TLS cipher.'),
  cache_result: said('VARCHAR', 'Of the CDN: Hit, Miss, RefreshHit, Error.'),
  edge_location: said('VARCHAR', 'The place of the CDN that answered.'),
  log_object: said('VARCHAR', 'The key of the log object that the row was read from.'),
})

/** Of a row of `requests_1m`, in order. */
export const minuteColumns = named({
  ts: said('TIMESTAMP', 'The minute.'),
  source: said('VARCHAR', 'The log source.'),
  format: said('VARCHAR', `${orList(formatNames.map((name) => `'${name}'`))}.`),
  bucket: said('VARCHAR', 'The bucket.'),
  operation: said('VARCHAR', 'As logged.'),
  class: said('VARCHAR', `${orList(operationClasses)}.`),
  ...ofMetrics(requestMetrics, 'Count'),
  ...ofMetrics(transferMetrics, 'Bytes'),
  Errors4xx: said('LONG', 'Requests answered with a 4xx status.', 'Count'),
  Errors5xx: said('LONG', 'Requests answered with a 5xx status.', 'Count'),
  total_ms_sum: said('LONG', 'The sum of total_ms; divided by AllRequests it is the mean.', 'Milliseconds'),
  total_ms_max: said('INT', 'The slowest request.', 'Milliseconds'),
})

/** Of a row of `objects_last_read`, in order. */
export const lastReadColumns = named({
  source: said('VARCHAR', 'The log source.'),
  bucket: said('VARCHAR', 'The bucket.'),
  key: said('VARCHAR', 'The object key.'),
  key_prefix: said('VARCHAR', 'The first path segment of the key.'),
  last_read: said('TIMESTAMP', 'The last successful GET, from the origin or through the CDN.'),
  reads: said('LONG', 'Successful GETs.', 'Count'),
  bytes_read: said('LONG', 'Bytes that these sent.', 'Bytes'),
})

/** Of who asked, in order. */
const whoAsked = (who: Record<string, Described>) =>
  named({
    source: said('VARCHAR', 'The log source.'),
    format: said('VARCHAR', `${orList(formatNames.map((name) => `'${name}'`))}.`),
    bucket: said('VARCHAR', 'The bucket.'),
    ...who,
    requests: said('LONG', 'Its requests.', 'Count'),
    errors: said('LONG', 'Those answered with a status of 400 or more.', 'Count'),
    bytes_sent: said('LONG', 'Bytes that it was sent.', 'Bytes'),
    bytes_received: said('LONG', 'Bytes that it sent.', 'Bytes'),
    first_seen: said('TIMESTAMP', 'Its first request in the window.'),
    last_seen: said('TIMESTAMP', 'Its last request in the window.'),
  })

/** Of a row of `clients`, in order. */
export const clientColumns = whoAsked({ remote_ip: said('VARCHAR', 'The address of the client.') })

/** Of a row of `requesters`, in order. */
export const requesterColumns = whoAsked({
  requester: said('VARCHAR', 'Account, key or role that signed the requests; null: nobody.'),
})

/** Of a row of `day_counts`, in order. */
export const dayCountColumns = named({
  ts: said('TIMESTAMP', 'The day: its midnight in UTC.'),
  dimension: said('VARCHAR', `The column that is counted by: ${orList(Object.keys(dimensions))}.`),
  source: said('VARCHAR', 'The log source.'),
  format: said('VARCHAR', `${orList(formatNames.map((name) => `'${name}'`))}.`),
  bucket: said('VARCHAR', 'The bucket.'),
  class: said('VARCHAR', `${orList(operationClasses)}.`),
  status: said('INT', 'The class of the HTTP status: 200, 300, 400 or 500.'),
  value: said('VARCHAR', 'What the column holds; null where the log had none, and in rows of the rest.'),
  rest: said('BOOLEAN', 'All values together that have no rows of their own: beyond the 10,000 largest.'),
  operations: said('LONG', 'Requests.', 'Count'),
  bytes_sent: said('LONG', 'Bytes of their answers.', 'Bytes'),
  bytes_received: said('LONG', 'Bytes that they sent.', 'Bytes'),
  first_seen: said('TIMESTAMP', 'The first of them.'),
  last_seen: said('TIMESTAMP', 'The last of them.'),
})

/** Of a row of the ledger, in order. */
export const logObjectColumns = named({
  ts: said('TIMESTAMP', 'When the log object was delivered.'),
  source: said('VARCHAR', 'The log source.'),
  key: said('VARCHAR', 'The key of the log object.'),
  etag: said('VARCHAR', 'Its ETag: another one is another version.'),
  bytes: said('LONG', 'Its size.', 'Bytes'),
  lines: said('LONG', 'Its lines: rows, refused, blank and expired ones.', 'Count'),
  rows: said('LONG', 'Lines that became rows of operations.', 'Count'),
  refused: said('LONG', 'Lines that no parser took.', 'Count'),
  blank: said('LONG', 'Blank lines and comments.', 'Count'),
  expired: said('LONG', 'Records older than the retention: counted, and not stored.', 'Count'),
  state: said('VARCHAR', 'done, refused (with a reason) or gone.'),
  reason: said('VARCHAR', 'Why it was refused.'),
  oldest_event: said('TIMESTAMP', 'The oldest operation in it.'),
  newest_event: said('TIMESTAMP', 'The newest operation in it: ts - newest_event is the delivery lag.'),
  ingested_at: said('TIMESTAMP', 'When it was read to its end.'),
})

/** Of a row of `snapshots`, in order. */
export const snapshotColumns = named({
  ts: said('TIMESTAMP', 'When the snapshot was taken.'),
  source: said('VARCHAR', 'The log source.'),
  bucket: said('VARCHAR', 'The bucket.'),
  objects: said('LONG', 'Objects in the bucket.', 'Count'),
  bytes: said('LONG', 'Their size.', 'Bytes'),
  truncated: said('BOOLEAN', 'True when the listing was ended by a limit: objects and bytes are too small.'),
  incomplete_uploads: said('LONG', 'Multipart uploads that nobody completed.', 'Count'),
  incomplete_upload_bytes: said('LONG', 'Bytes that these hold.', 'Bytes'),
  requests_24h: said('LONG', 'Requests to the origin in the 24 hours before.', 'Count'),
  errors_24h: said('LONG', 'Those answered with a status of 400 or more.', 'Count'),
  bytes_downloaded_24h: said('LONG', 'Bytes that the origin sent in the 24 hours before.', 'Bytes'),
  bytes_uploaded_24h: said('LONG', 'Bytes uploaded in the 24 hours before.', 'Bytes'),
  cdn_requests_24h: said('LONG', 'Requests to the CDN in the 24 hours before.', 'Count'),
  cdn_errors_24h: said('LONG', 'Those answered with a status of 400 or more.', 'Count'),
  cdn_bytes_downloaded_24h: said('LONG', 'Bytes that the CDN sent in the 24 hours before.', 'Bytes'),
})

/** Of a row of `events`, in order. */
export const eventColumns = named({
  ts: said('TIMESTAMP', 'When the event was first found to begin.'),
  id: said('VARCHAR', 'Its id.'),
  rule: said('VARCHAR', `${orList(eventRuleNames)}.`),
  severity: said('VARCHAR', `${orList(eventSeverities)}.`),
  state: said('VARCHAR', `${orList(eventStates)}.`),
  source: said('VARCHAR', 'The log source.'),
  format: said('VARCHAR', `${orList(formatNames.map((name) => `'${name}'`))}.`),
  bucket: said('VARCHAR', 'The bucket.'),
  measure: said('VARCHAR', 'What changed.'),
  unit: said('VARCHAR', 'The unit of before and after.'),
  before: said('DOUBLE', 'The usual value.'),
  after: said('DOUBLE', 'The value during the event.'),
  started_at: said('TIMESTAMP', 'When it began.'),
  ended_at: said('TIMESTAMP', 'When it ended; null while it goes on.'),
  detected_at: said('TIMESTAMP', 'When SpaceWatch found it.'),
})

/** Of a row of `refused_lines`, in order. */
export const refusedLineColumns = named({
  ts: said('TIMESTAMP', 'When the log object was delivered.'),
  source: said('VARCHAR', 'The log source.'),
  log_object: said('VARCHAR', 'The key of the log object.'),
  line: said('LONG', 'The number of the line in it.'),
  reason: said('VARCHAR', 'Why no parser took it.'),
  excerpt: said('VARCHAR', 'How it begins.'),
})

function named(columns: Record<string, Described>): readonly ViewColumn[] {
  return Object.entries(columns).map(([name, column]) => ({ name, ...column }))
}
