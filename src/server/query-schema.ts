import { t } from 'elysia'

// Elysia loses the name of a number that is out of its range, so numbers are checked as text.
function whole(pattern: string, description: string) {
  return t.Optional(t.String({ pattern: `^(${pattern})$`, description }))
}

function words(description: string, maxLength = 1024) {
  return t.Optional(t.String({ minLength: 1, maxLength, description }))
}

/** Query parameters that narrow a question; the metrics room says what each means. */
export const filterParams = {
  from: words('ISO 8601, milliseconds since the epoch, now, or a time ago such as 6h', 40),
  to: words('ISO 8601, milliseconds since the epoch, now, or a time ago such as 6h', 40),
  bucket: words('bucket names, with commas between them'),
  operation: words('operations as logged, such as REST.GET.OBJECT, with commas between them'),
  class: words('read, write, list, delete, copy, config, lifecycle or other, with commas between them', 100),
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
  format: t.Optional(
    t.String({
      pattern: '^(s3|cdn|json|csv|(s3|cdn),(json|csv))$',
      description:
        's3 or cdn for rows of that log format, csv or json for the answer, or both, such as cdn,csv',
    }),
  ),
}

/** How an answer is written, for routes that filter no rows. */
export const answerFormat = {
  format: t.Optional(t.String({ pattern: '^(json|csv)$', description: 'json or csv' })),
}

export const bucketParam = { bucket: t.String({ minLength: 3, maxLength: 63, description: 'a bucket name' }) }

export const keyParam = {
  key: t.String({ minLength: 1, maxLength: 1024, description: 'a whole object key' }),
}

export const prefixParam = { prefix: words('what keys begin with') }

/** Tells the two meanings of `format` apart: which rows, and how they are written. */
export function readFormat<Query extends { format?: string | undefined }>({ format = '', ...rest }: Query) {
  const words = format.split(',')
  const log = words.find((word) => word === 's3' || word === 'cdn')
  return { filters: { ...rest, ...(log && { format: log }) }, csv: words.includes('csv') }
}

export const metricParams = {
  ...filterParams,
  step: words('30s, 5m, 1h, 1d or none', 10),
  compare: words('previous or week', 10),
}

const limit = whole('[1-9]\\d{0,2}|1000', 'a whole number from 1 to 1000')

export const limitParam = { limit }

const days = whole('[1-9]\\d{0,3}', 'a whole number of days')

export const hotColdParams = {
  cold_after_days: days,
  expire_after_days: days,
  order: t.Optional(t.String({ pattern: '^(cold|hot)$', description: 'cold or hot' })),
}

export const cursorParam = { cursor: words('next_cursor of the page before', 2000) }

export const topParams = { limit, order: words('the name of a value of the metric', 40) }

export const rowParams = {
  limit,
  min_duration_ms: whole('\\d{1,9}', 'a whole number of milliseconds'),
  q: words('a part of the key, user agent or referer', 200),
  cursor: words('next_cursor of the page before', 200),
}

export const windowParams = { window: words('a time such as 30m, 6h or 7d', 10) }

export const timeseriesParams = { ...windowParams, resolution: words('30s, 5m, 1h or 1d', 10) }

export const eventParams = {
  ...windowParams,
  severity: words('info, warning or critical, with commas between them', 40),
  rule: words('latency_step, errors_5xx, traffic_zero or traffic_spike, with commas between them', 80),
  state: words('open, over or withdrawn, with commas between them', 40),
  bucket: filterParams.bucket,
  limit,
  cursor: rowParams.cursor,
}

/** An object of query parameters that refuses any other. */
export function only<Params extends Parameters<typeof t.Object>[0]>(params: Params) {
  return t.Object(params, { additionalProperties: false })
}

/** The number that a checked text stands for. */
export function numeric(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}
