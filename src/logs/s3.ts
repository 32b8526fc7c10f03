import { describeOperation, knownMethod, type OperationKind } from './operation.ts'
import type { Operation } from './record.ts'
import { remember } from './remember.ts'
import { cutTail, TAIL_FIELDS, type Tail } from './s3-tail.ts'
import { parseS3Time } from './time.ts'

/** The columns of an S3 server access log line, in order, by their short names. */
const S3_FIELDS = [
  'owner',
  'bucket',
  'time',
  'ip',
  'requester',
  'request_id',
  'operation',
  'key',
  'request_uri',
  'status',
  'error',
  'bytes',
  'size',
  'total_ms',
  'tat_ms',
  ...TAIL_FIELDS,
] as const

/** Why an S3 line is no record. */
type S3Reason =
  | 'bad head'
  | 'bad time'
  | 'torn line'
  | 'two records'
  | 'no numeric anchor'
  | 'number out of range'
  | 'bad journal line'

/** Every column of a line as logged, `-` as null; columns that its age or vendor does not have are left out. */
type S3Fields = Partial<Record<(typeof S3_FIELDS)[number], string | null>>

/** One line's columns as far as an operation needs them: text as logged, numbers read; `-` as null. */
export interface S3Columns extends Omit<
  Operation,
  | 'format'
  | 'class'
  | 'is_request'
  | 'method'
  | 'key_prefix'
  | 'bytes_received'
  | 'cache_result'
  | 'edge_location'
  | 'line_hash'
> {
  kind: OperationKind
  key_is_encoded: boolean
}

interface Cut extends Tail, Partial<Record<(typeof S3_FIELDS)[number], string | undefined>> {
  is_journal: boolean
}

const HEAD = /^([^ ]+) +([^ ]+) +\[([^\]]{1,64})\] +/
const FAMILY = /^(?:REST|WEBSITE|SOAP|BATCH|S3)\./
const OPERATION = /^(?:REST|WEBSITE|SOAP|BATCH|S3)\.[A-Z0-9_.]+$/
const OPENING = / "(?:[A-Z]+ |-")/g
const ANCHOR = / (\d{3}|-) ([^ ]+) (\d+|-) (\d+|-) (\d+|-) (?:(\d+)(?:ms)?|-) /y
const TORN = / \[\d{1,2}\/[A-Za-z]{3,9}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]/
const LATER_OPERATION = new RegExp(` ${FAMILY.source.slice(1)}[A-Z0-9_.]+ `)
const JOURNAL_SIZES = / (\d+|-) ([^ ]+) ([^ ]+)$/
const MAX_INT = 2 ** 31 - 1

const kindOfName = remember(describeOperation)

/** Whether a token begins like an operation that S3 and its kin log. */
export function isOperation(token: string): boolean {
  return FAMILY.test(token)
}

/** Whether a token is an operation from end to end, as one that is not where it belongs must be. */
export function isWholeOperation(token: string): boolean {
  return OPERATION.test(token)
}

/** All columns of one line (no newline) as logged, or the reason why it is none. */
export function s3Fields(line: string): S3Fields | S3Reason {
  const cut = cutLine(line)
  if (typeof cut === 'string') return cut
  const fields: S3Fields = {}
  for (const name of S3_FIELDS) {
    const value = cut[name]
    if (value !== undefined) fields[name] = value === '-' ? null : value
  }
  return fields
}

/** The columns of one line, or the reason why it is no record. */
export function readS3Line(line: string): S3Columns | { reason: S3Reason } {
  const cut = cutLine(line)
  if (typeof cut === 'string') return { reason: cut }
  const ts = parseS3Time(cut.time ?? '')
  if (Number.isNaN(ts)) return { reason: 'bad time' }
  const bytes_sent = numberOf(cut.bytes)
  const object_size = numberOf(cut.size)
  const total_ms = numberOf(cut.total_ms)
  const turnaround_ms = numberOf(cut.tat_ms)
  const largest = Math.max(bytes_sent ?? 0, object_size ?? 0)
  const slowest = Math.max(total_ms ?? 0, turnaround_ms ?? 0)
  if (largest > Number.MAX_SAFE_INTEGER || slowest > MAX_INT) return { reason: 'number out of range' }

  const operation = valueOf(cut.operation)
  const request_uri = valueOf(cut.request_uri)
  return {
    ts,
    bucket: valueOf(cut.bucket),
    remote_ip: valueOf(cut.ip),
    requester: valueOf(cut.requester),
    request_id: valueOf(cut.request_id),
    operation,
    kind: kindOf(operation, request_uri),
    key: valueOf(cut.key),
    // Ceph's journal never encodes.
    key_is_encoded: !cut.is_journal,
    request_uri,
    status: numberOf(cut.status),
    error_code: valueOf(cut.error),
    bytes_sent: bytes_sent ?? 0,
    object_size,
    total_ms,
    turnaround_ms,
    referer: valueOf(cut.referer),
    user_agent: valueOf(cut.ua),
    version_id: valueOf(cut.version),
    signature_version: valueOf(cut.sig),
    cipher: valueOf(cut.cipher),
    auth_type: valueOf(cut.auth),
    host: valueOf(cut.host),
    tls_version: valueOf(cut.tls),
  }
}

function cutLine(line: string): Cut | S3Reason {
  const text = line.trimEnd()
  const head = HEAD.exec(text)
  if (head === null) return 'bad head'
  const [{ length }, owner, bucket, time] = head
  const start = tokenAt(text, length)
  if (isOperation(text.slice(start.from, start.to)))
    return holdsSecond(text, length) ? 'two records' : cutJournal(text, length, { owner, bucket, time })

  const operation = findOperation(text, length)
  if (operation === null) return 'bad head'
  const uri = findUri(text, operation.key_at)
  if (uri === null) return 'no numeric anchor'
  if (TORN.test(text.slice(length - 1, uri.to + 1))) return 'torn line'
  if (holdsSecond(text, uri.to)) return 'two records'
  const [anchor, status, error, bytes, size, total_ms, tat_ms = '-'] = uri.numbers
  return {
    is_journal: false,
    owner,
    bucket,
    time,
    ip: text.slice(start.from, start.to),
    requester: operation.requester,
    request_id: operation.request_id,
    operation: operation.name,
    key: text.slice(operation.key_at, uri.key_to),
    request_uri: text.slice(uri.from, uri.to),
    status,
    error,
    bytes,
    size,
    total_ms,
    tat_ms,
    ...cutTail(text.slice(uri.anchor_at + anchor.length)),
  }
}

/**
 * Whether another record begins behind `from`: a time and then an operation, or a time outside of quotes. Quotes are not
 * escaped, so a User-Agent can look like one: where records could be forged, none is kept of the line.
 */
export function holdsSecond(text: string, from: number): boolean {
  if (!text.includes('[', from)) return false
  const rest = text.slice(from)
  const time = TORN.exec(rest)
  if (time === null) return false
  return LATER_OPERATION.test(rest.slice(time.index)) || TORN.test(rest.slice(rest.lastIndexOf('"') + 1))
}

interface Span {
  from: number
  to: number
}

function tokenAt(text: string, at: number): Span {
  let from = at
  while (text.charCodeAt(from) === 32) from += 1
  const space = text.indexOf(' ', from)
  return { from, to: space === -1 ? text.length : space }
}

// The requester may hold spaces, so the first token that reads like an operation ends it; failing that, the fourth token is the operation.
function findOperation(text: string, head: number) {
  const quote = text.indexOf(' "', head)
  const stop = quote === -1 ? text.length : quote
  const spans: Span[] = []
  let fourth = -1
  for (let span = tokenAt(text, head); span.from < stop; span = tokenAt(text, span.to)) {
    spans.push(span)
    const index = spans.length - 1
    const token = text.slice(span.from, span.to)
    if (index === 3) fourth = index
    if (index === 3 ? isOperation(token) : index > 3 && OPERATION.test(token))
      return locate(text, spans, index)
  }
  return fourth === -1 ? null : locate(text, spans, fourth)
}

function locate(text: string, spans: Span[], index: number) {
  const [name, id, requester_to, requester_from] = [
    spans[index],
    spans[index - 1],
    spans[index - 2],
    spans[1],
  ]
  if (!name || !id || !requester_to || !requester_from) return null
  return {
    name: text.slice(name.from, name.to),
    request_id: text.slice(id.from, id.to),
    requester: text.slice(requester_from.from, requester_to.to),
    key_at: tokenAt(text, name.to).from,
  }
}

// The key is everything up to the URI: ` - ` or a quoted text, either of them followed by the numbers.
function findUri(text: string, key_at: number) {
  const quote = text.indexOf(' "', key_at + 1)
  for (let dash = text.indexOf(' - ', key_at + 1); dash !== -1; dash = text.indexOf(' - ', dash + 1)) {
    if (quote !== -1 && dash > quote) break
    const numbers = numbersAt(text, dash + 2)
    if (numbers !== null) return { key_to: dash, from: dash + 1, to: dash + 2, anchor_at: dash + 2, numbers }
  }
  if (quote === -1) return null
  for (let end = text.indexOf('"', quote + 2); end !== -1; end = text.indexOf('"', end + 1)) {
    const numbers = numbersAt(text, end + 1)
    if (numbers === null) continue
    OPENING.lastIndex = quote
    const opening = OPENING.exec(text)?.index ?? quote
    const key_to = opening + 1 < end ? opening : quote
    return { key_to, from: key_to + 2, to: end, anchor_at: end + 1, numbers }
  }
  return null
}

function numbersAt(text: string, at: number): RegExpExecArray | null {
  ANCHOR.lastIndex = at
  return ANCHOR.exec(text)
}

// Ceph's journal: `owner bucket [time] OP key size version etag`.
function cutJournal(text: string, head: number, names: Tail & Partial<Cut>): Cut | S3Reason {
  const operation = tokenAt(text, head)
  const sizes = JOURNAL_SIZES.exec(text)
  if (sizes === null || sizes.index <= operation.to) return 'bad journal line'
  return {
    ...names,
    is_journal: true,
    operation: text.slice(operation.from, operation.to),
    key: text.slice(operation.to + 1, sizes.index),
    size: sizes[1],
    version: sizes[2],
  }
}

function kindOf(operation: string | null, request_uri: string | null): OperationKind {
  const kind = kindOfName(operation ?? '')
  if (operation !== null && kind.class !== 'other') return kind
  const method = knownMethod(/^[A-Z]+(?= )/.exec(request_uri ?? '')?.[0] ?? '')
  if (method === null) return operation === null ? { ...kind, is_request: request_uri !== null } : kind
  const { class: operation_class } = kindOfName(`REST.${method}.OBJECT`)
  return { ...kind, class: operation_class, method }
}

/** A column as logged; null for what stands for nothing. */
export function valueOf(text: string | undefined): string | null {
  // An empty User-Agent (`""`) is none: an empty tag would break the store's line protocol.
  return text === undefined || text === '-' || text === '' ? null : text
}

function numberOf(text: string | undefined): number | null {
  return text === undefined || text === '-' ? null : Number(text)
}
