import { keyPrefix, percentDecode } from './key.ts'
import { classOfMethod } from './operation.ts'
import { printable } from './printable.ts'
import type { Operation } from './record.ts'
import { redactColumn, redactKey } from './redact.ts'
import { parseW3cTime } from './time.ts'

/** Why a line of a CDN log is no record. */
type CloudFrontReason = 'no #Fields before it' | 'not as many columns as #Fields' | 'bad time' | 'bad number'

interface CloudFrontReader {
  /** Takes a `#Fields:` line: the columns of the lines that follow, in their order. */
  setFields(line: string): void
  /** The operation on one line (no newline), or why it is none. */
  read(line: string, line_hash: bigint): Operation | CloudFrontReason
}

const ORIGIN_HOST = /^(.+?)\.[a-z0-9-]+(?:\.cdn)?\.digitaloceanspaces\.com$/i

/** Reads the W3C form of CloudFront standard logs, which Spaces writes for its CDN. */
export function createCloudFrontReader(): CloudFrontReader {
  let width = 0
  let at: Map<string, number> = new Map()

  return {
    setFields(line) {
      const names = line.slice('#Fields:'.length).trim().split(/\s+/)
      width = names.length
      at = new Map(names.map((name, index) => [name.toLowerCase(), index]))
    },
    read(line, line_hash) {
      if (!['date', 'time', 'cs-method', 'sc-status'].every((name) => at.has(name)))
        return 'no #Fields before it'
      const columns = line.split('\t')
      if (columns.length !== width) return 'not as many columns as #Fields'
      return operationFrom((name) => valueOf(columns[at.get(name) ?? -1]), line_hash)
    },
  }
}

function operationFrom(
  column: (name: string) => string | null,
  line_hash: bigint,
): Operation | CloudFrontReason {
  const ts = parseW3cTime(column('date') ?? '', column('time') ?? '')
  if (Number.isNaN(ts)) return 'bad time'
  const status = numberOf(column('sc-status'))
  const sent = numberOf(column('sc-bytes'))
  const received = numberOf(column('cs-bytes'))
  const length = numberOf(column('sc-content-len'))
  const total_ms = millisOf(column('time-taken'))
  const turnaround_ms = millisOf(column('time-to-first-byte'))
  for (const number of [status, sent, received, length, total_ms, turnaround_ms]) {
    if (Number.isNaN(number)) return 'bad number'
  }
  const method = methodOf(column('cs-method'))
  const key = decodeKey(column('cs-uri-stem'))
  const host = column('x-host-header') ?? column('cs(host)')
  const is_upload = method === 'PUT' || method === 'POST'
  const range = column('sc-range-start')
  return {
    ts,
    format: 'cdn',
    bucket: redactColumn(bucketOf(column('x-host-header')) ?? bucketOf(column('cs(host)')) ?? host),
    operation: method === null ? null : `CDN.${method}`,
    class: classOfMethod(method),
    is_request: true,
    method,
    // 000: the client was gone before there was a status.
    status: status === 0 ? null : status,
    error_code: redactColumn(errorOf(status, column)),
    key,
    key_prefix: key === null ? null : keyPrefix(key),
    bytes_sent: sent ?? 0,
    bytes_received: is_upload ? (received ?? 0) : 0,
    object_size: status === 200 && method === 'GET' && range === null ? length : null,
    total_ms,
    turnaround_ms,
    remote_ip: redactColumn(column('c-ip')),
    requester: null,
    request_id: redactColumn(column('x-edge-request-id')),
    request_uri: redactColumn(requestOf(column)),
    referer: redactColumn(decodeHeader(column('cs(referer)'))),
    user_agent: redactColumn(decodeHeader(column('cs(user-agent)'))),
    version_id: null,
    host: redactColumn(host),
    signature_version: null,
    auth_type: null,
    tls_version: redactColumn(column('ssl-protocol')),
    cipher: redactColumn(column('ssl-cipher')),
    cache_result: redactColumn(column('x-edge-result-type')),
    edge_location: redactColumn(column('x-edge-location')),
    line_hash,
  }
}

function valueOf(text: string | undefined): string | null {
  return text === undefined || text === '-' || text === '' ? null : text
}

/** NaN for what is no exact whole number. */
function numberOf(text: string | null): number | null {
  if (text === null) return null
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN
  return Number.isSafeInteger(number) ? number : NaN
}

/** Seconds with a fraction, in whole milliseconds; NaN for what is no such number. */
function millisOf(text: string | null): number | null {
  if (text === null) return null
  return /^\d{1,6}(?:\.\d{1,9})?$/.test(text) ? Math.round(Number(text) * 1000) : NaN
}

function methodOf(text: string | null): string | null {
  return text !== null && /^[A-Z]{1,16}$/.test(text) ? text : null
}

function bucketOf(host: string | null): string | null {
  return ORIGIN_HOST.exec(host ?? '')?.[1] ?? null
}

// Where an answer came from, which says nothing of why it is an error.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
const cacheResults = new Set(['Hit', 'RefreshHit', 'OriginShieldHit', 'Miss', 'Redirect', 'Error'])

function errorOf(status: number | null, column: (name: string) => string | null): string | null {
  if (status === 0) return 'ClientDisconnected'
  if (status === null || status < 400) return null
  const results = ['x-edge-detailed-result-type', 'x-edge-response-result-type', 'x-edge-result-type']
  return results.map(column).find((result) => result !== null && !cacheResults.has(result)) ?? null
}

/** The request as an S3 log writes it. */
function requestOf(column: (name: string) => string | null): string | null {
  const stem = column('cs-uri-stem')
  if (stem === null) return null
  const query = column('cs-uri-query')
  const target = query === null ? stem : `${stem}?${query}`
  return [column('cs-method'), target, column('cs-protocol-version')]
    .filter((part) => part !== null)
    .join(' ')
}

function decodeKey(stem: string | null): string | null {
  const path = stem?.replace(/^\//, '') ?? ''
  return path === '' ? null : redactKey(printable(percentDecode(path) ?? path))
}

// CloudFront encodes headers once; older logs do it twice, which shows in a `%20` that is left.
function decodeHeader(text: string | null): string | null {
  if (text === null || !text.includes('%')) return text
  const once = percentDecode(text) ?? text
  return printable(once.includes('%20') ? (percentDecode(once) ?? once) : once)
}
