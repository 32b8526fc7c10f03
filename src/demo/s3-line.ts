import type { AccessEvent } from './access-event.ts'
import { ENDPOINT, OWNER, REGION } from './world.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** The record as an S3 server access log holds it: quoted fields not escaped, keys encoded by the rule of the operation. */
export function s3Line(event: AccessEvent): string {
  const { bucket, operation } = event
  const key = event.key === null ? '-' : keyColumn(operation, event.key)
  const bare = operation.startsWith('BATCH.') || operation.endsWith('_GET')
  const referer = bare ? '-' : `"${event.referer ?? '-'}"`
  const user_agent = bare ? '-' : `"${event.user_agent ?? '-'}"`
  return (
    `${OWNER} ${bucket.name} [${logTime(event.at_ms)}] ${event.remote_ip ?? '-'} ${event.requester ?? '-'} ${event.request_id} ` +
    `${operation} ${key} ${bare ? '-' : requestUri(event)} ${event.status ?? '-'} ${event.error_code ?? '-'} ` +
    `${event.bytes_sent || '-'} ${event.object_size ?? '-'} ${event.total_ms ?? '-'} ${event.turnaround_ms ?? '-'} ` +
    `${referer} ${user_agent} ${event.version_id ?? '-'} ${event.host_id} ${event.signature_version ?? '-'} ` +
    `${event.cipher ?? '-'} ${event.auth_type ?? '-'} ${event.host ?? '-'} ${event.tls_version ?? '-'} -` +
    (bucket.columns === 25 ? '' : event.auth_type === null ? ' -' : ' Yes') +
    (bucket.columns === 27 ? ` ${REGION}` : '')
  )
}

/** Percent-encoded UTF-8, slashes left alone. */
export function encodeKey(key: string): string {
  return PLAIN.test(key) ? key : encodeURIComponent(key).replaceAll('%2F', '/')
}
const PLAIN = /^[\w./~-]*$/

/** Twice encoded for requests; once, with `+` for a space, for records of single deletes and of the lifecycle. */
function keyColumn(operation: string, key: string): string {
  const once = encodeKey(key)
  if (once === key) return key
  return operation.startsWith('BATCH.') || operation.startsWith('S3.')
    ? once.replaceAll('%20', '+')
    : encodeKey(once)
}

function requestUri(event: AccessEvent): string {
  if (event.method === null) return '"-"'
  const path = (event.host === ENDPOINT ? `/${event.bucket.name}/` : '/') + encodeKey(event.key ?? '')
  return `"${event.method} ${path}${event.query === '' ? '' : `?${event.query}`} ${event.http_version}"`
}

function logTime(at_ms: number): string {
  const date = new Date(at_ms)
  const clock = date.toISOString().slice(11, 19)
  return `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${clock} +0000`
}

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`
}
