import type { Operation } from '../logs/record.ts'

const utf8 = new TextEncoder()
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f]/g

// How a field begins: with the quote for text, without for all else.
const quoted = (name: string): Uint8Array => utf8.encode(`,${name}="`)
const plain = (name: string): Uint8Array => utf8.encode(`,${name}=`)

/** How each column of `operations` begins in line protocol, in the order of a row. */
export const names = {
  format: quoted('format'),
  bucket: quoted('bucket'),
  operation: quoted('operation'),
  class: quoted('class'),
  method: quoted('method'),
  is_request: plain('is_request'),
  status: plain('status'),
  error_code: quoted('error_code'),
  key: quoted('key'),
  key_prefix: quoted('key_prefix'),
  bytes_sent: plain('bytes_sent'),
  bytes_received: plain('bytes_received'),
  object_size: plain('object_size'),
  total_ms: plain('total_ms'),
  turnaround_ms: plain('turnaround_ms'),
  remote_ip: quoted('remote_ip'),
  requester: quoted('requester'),
  request_id: quoted('request_id'),
  request_uri: quoted('request_uri'),
  referer: quoted('referer'),
  user_agent: quoted('user_agent'),
  version_id: quoted('version_id'),
  host: quoted('host'),
  signature_version: quoted('signature_version'),
  auth_type: quoted('auth_type'),
  tls_version: quoted('tls_version'),
  cipher: quoted('cipher'),
  cache_result: quoted('cache_result'),
  edge_location: quoted('edge_location'),
  line_hash: plain('line_hash'),
}

/** How each row of one log object begins: table, source and log object. */
export function originOf(source: string, logObject: string): Uint8Array {
  return utf8.encode(`operations source="${escapeText(source)}",log_object="${escapeText(logObject)}"`)
}

/** A part of a row that is the same in many: these columns, in this order. */
export function partOfRow(
  columns: Partial<Record<keyof typeof names & keyof Operation, string | boolean | null>>,
): Uint8Array {
  const fields = Object.entries(columns).map(([name, value]) => {
    if (value === null) return ''
    return typeof value === 'string' ? `,${name}="${escapeText(value)}"` : `,${name}=${value ? 't' : 'f'}`
  })
  return utf8.encode(fields.join(''))
}

/**
 * What stands for `value` between the quotes of a text. A control character could end the row, and QuestDB's JSON
 * output does not escape NUL.
 */
export function escapeText(value: string): string {
  return value.replace(/["\\]/g, '\\$&').replace(controls, ' ')
}
