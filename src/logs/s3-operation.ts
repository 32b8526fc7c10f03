import { decodeKey, keyPrefix } from './key.ts'
import type { Operation } from './record.ts'
import { redact } from './redact.ts'
import type { S3Columns } from './s3.ts'

/** Makes the operation that `columns` describe: key decoded, secrets redacted. */
export function operationFrom(columns: S3Columns, line_hash: bigint): Operation {
  const { kind, request_uri, referer } = columns
  let { key } = columns
  if (columns.key_is_encoded && key !== null) key = decodeKey(key, kind, request_uri, columns.bucket)
  // Written out: to spread the columns takes as long as to read them from the line.
  return {
    ts: columns.ts,
    format: 's3',
    bucket: columns.bucket,
    operation: columns.operation,
    class: kind.class,
    is_request: kind.is_request,
    method: kind.method,
    status: columns.status,
    error_code: columns.error_code,
    key,
    key_prefix: key === null ? null : keyPrefix(key),
    bytes_sent: columns.bytes_sent,
    bytes_received: kind.is_upload ? (columns.object_size ?? 0) : 0,
    object_size: columns.object_size,
    total_ms: columns.total_ms,
    turnaround_ms: columns.turnaround_ms,
    remote_ip: columns.remote_ip,
    requester: columns.requester,
    request_id: columns.request_id,
    request_uri: request_uri === null ? null : redact(request_uri),
    referer: referer === null ? null : redact(referer),
    user_agent: columns.user_agent,
    version_id: columns.version_id,
    host: columns.host,
    signature_version: columns.signature_version,
    auth_type: columns.auth_type,
    tls_version: columns.tls_version,
    cipher: columns.cipher,
    cache_result: null,
    edge_location: null,
    line_hash,
  }
}
