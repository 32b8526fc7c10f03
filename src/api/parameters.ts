import Type from 'typebox'
import { eventRuleNames } from '../event-rules.ts'
import { formatNames } from '../log-formats.ts'
import { operationClasses } from '../logs/record.ts'
import { eventSeverities, eventStates } from '../metrics/answers.ts'
import { orList } from '../schema.ts'

function words(description: string, maxLength = 1024) {
  return Type.Optional(Type.String({ minLength: 1, maxLength, description }))
}

function pattern(expression: string, description: string) {
  return Type.Optional(Type.String({ pattern: expression, description }))
}

function whole(minimum: number, maximum: number, description: string) {
  return Type.Optional(Type.Integer({ minimum, maximum, description }))
}

const several = (known: readonly string[]): string => `${orList(known)}, with commas between them`
const logs = formatNames.join('|')

const moment = words('ISO 8601, milliseconds since the epoch, now, or a time ago such as 6h', 40)
export const windowParams = { from: moment, to: moment }

/** What narrows a question; the metrics room says what each means. */
export const filterParams = {
  ...windowParams,
  bucket: words('bucket names, with commas between them'),
  operation: words('operations as logged, such as REST.GET.OBJECT, with commas between them'),
  class: words(several(operationClasses), 100),
  status: words('404, 4xx, or several with commas between them', 100),
  error_code: words('an error code such as NoSuchKey'),
  key_prefix: words('a first path segment, or the beginning of a key with its slash'),
  key: words('a whole object key'),
  ip: words('a client address'),
  requester: words('a requester as logged, or - for anonymous'),
  user_agent: words('a whole user agent'),
  referer: words('a whole referer, or - for none'),
  method: words('GET, HEAD, PUT, POST, DELETE ...', 20),
  request_id: words('a whole request id'),
  version_id: words('a version of an object'),
  host: words('a host as logged'),
  auth_type: words('AuthHeader, QueryString or - for anonymous', 40),
  tls_version: words('a TLS version such as TLSv1.3', 40),
  cache_result: words('a result of the CDN cache: Hit, Miss ...', 40),
  edge_location: words('a place of the CDN', 100),
  log_object: words('the key of a log object'),
  format: pattern(
    `^(${logs}|json|csv|(${logs}),(json|csv))$`,
    `${orList(formatNames)} for rows of that log format, csv or json for the answer, or both, such as cdn,csv`,
  ),
}

/** How an answer is written, where no rows are filtered. */
export const answerFormat = { format: pattern('^(json|csv)$', 'json or csv') }

export const bucketParam = {
  bucket: Type.String({ minLength: 3, maxLength: 63, description: 'a bucket name' }),
}
export const keyParam = {
  key: Type.String({ minLength: 1, maxLength: 1024, description: 'a whole object key' }),
}
export const prefixParam = { prefix: words('what keys begin with') }

export const metricParams = {
  ...filterParams,
  step: words('30s, 5m, 1h, 1d or none', 10),
  compare: words('previous or week', 10),
}

const limit = whole(1, 1000, 'a whole number from 1 to 1000')
export const limitParam = { limit }
export const topParams = { limit, order: words('the name of a value of the metric', 40) }

const days = whole(1, 9999, 'a whole number of days')
export const hotColdParams = {
  cold_after_days: days,
  expire_after_days: days,
  order: Type.Optional(
    Type.Union([Type.Literal('cold'), Type.Literal('hot')], { description: 'cold or hot' }),
  ),
}

export const cursorParam = { cursor: words('next_cursor of the page before', 2000) }

export const rowParams = {
  limit,
  min_duration_ms: whole(0, 999_999_999, 'a whole number of milliseconds'),
  q: words('a part of the key, user agent or referer', 200),
  cursor: words('next_cursor of the page before', 200),
}

export const lookbackParam = { window: words('a time such as 30m, 6h or 7d', 10) }
export const timeseriesParams = { ...lookbackParam, resolution: words('30s, 5m, 1h or 1d', 10) }

export const eventParams = {
  ...lookbackParam,
  severity: words(several(eventSeverities), 40),
  rule: words(several(eventRuleNames), 80),
  state: words(several(eventStates), 40),
  bucket: filterParams.bucket,
  limit,
  cursor: rowParams.cursor,
}

// An empty text counts as not given.
const given = (description: string) => Type.Optional(Type.String({ maxLength: 1024, description }))

/** Credentials: in a body by these names, in headers by those of `headerNamed`. */
export const credentialFields = {
  spaces_key: given('a Spaces access key'),
  spaces_secret: given('the secret of that key'),
  region: given('the region of the buckets'),
  endpoint: given('the address of the object store'),
  log_bucket: given('the bucket that access logs are delivered to'),
  log_prefix: given('what the names of the access-log objects begin with'),
  metrics_bucket: given('the bucket that snapshots are written to'),
  metrics_prefix: given('what the names of the snapshots begin with'),
}

/** `X-Spaces-Key` for `spaces_key`. */
export function headerNamed(field: string): string {
  return `x_${field}`.replace(
    /(^|_)(\w)/g,
    (_, before: string, first: string) => (before && '-') + first.toUpperCase(),
  )
}
