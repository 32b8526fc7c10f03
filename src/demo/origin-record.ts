import type { AccessEvent } from './access-event.ts'
import type { Random } from './random.ts'
import { ENDPOINT, type Client, type Place } from './world.ts'

/** Where and when something happens. `room`: how many lines it may take at most. */
export interface Moment {
  random: Random
  place: Place
  at_ms: number
  room: number
}

/** What differs from a plain, successful, anonymous or signed request. */
export type Change = Partial<Omit<AccessEvent, 'format' | 'bucket'>>

/** One request that reached the bucket itself. Signed by header when the client has a requester, anonymous otherwise. */
export function originRecord(moment: Moment, client: Client, operation: string, change: Change): AccessEvent {
  const { random, place } = moment
  const resource = operation.split('.')
  return {
    at_ms: Math.floor(moment.at_ms / 1000) * 1000,
    format: 's3',
    bucket: place.bucket,
    operation,
    is_request: true,
    method: resource[1] ?? null,
    key: null,
    query: '',
    status: 200,
    error_code: null,
    bytes_sent: 0,
    bytes_received: 0,
    object_size: null,
    total_ms: null,
    turnaround_ms: null,
    remote_ip: client.ip,
    requester: client.requester,
    request_id: requestId(moment),
    referer: null,
    user_agent: client.user_agent,
    version_id: null,
    host_id: `${random.base64(75)}=`,
    host: random.chance(0.1) ? ENDPOINT : `${place.bucket.name}.${ENDPOINT}`,
    signature_version: client.requester ? client.signature_version : null,
    auth_type: client.requester ? 'AuthHeader' : null,
    cipher: client.tls?.cipher ?? null,
    tls_version: client.tls?.tls_version ?? null,
    http_version: 'HTTP/1.1',
    cache_result: null,
    edge_location: null,
    incident: null,
    ...change,
  }
}

/** First byte: log-normal with a rare slow tail; the rest of the time is the transfer, by size and the client's line. */
export function timing(random: Random, client: Client, first_byte_ms: number, bytes: number) {
  const slow = random.chance(0.012) ? 4 + random.below(30) : 1
  const turnaround_ms = Math.max(1, Math.round(random.around(first_byte_ms, 0.45) * slow))
  return {
    turnaround_ms,
    total_ms: turnaround_ms + Math.round(bytes / client.bytes_per_ms) + random.below(3),
  }
}

/** What S3 answers a failed request with: a short XML document, no turn-around time. */
export function failure(random: Random, client: Client, status: number, error_code: string): Change {
  const { total_ms } = timing(random, client, status === 503 ? 4 : 12, 0)
  return { status, error_code, bytes_sent: 231 + random.below(90), total_ms, turnaround_ms: null }
}

/** 16 hex digits as on AWS; Ceph's form where the bucket logs the source region. */
function requestId({ random, place, at_ms }: Moment): string {
  return place.bucket.columns === 27
    ? `tx00000${random.hex(14)}-00${Math.floor(at_ms / 1000).toString(16)}-${random.hex(8)}-sgp1a`
    : random.upperHex(16)
}
