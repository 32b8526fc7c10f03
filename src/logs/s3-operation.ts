import { decodeKey, keyPrefix } from './key.ts'
import type { Operation } from './record.ts'
import { redact, redactColumn, redactKey } from './redact.ts'
import { remember } from './remember.ts'
import type { S3Columns } from './s3.ts'

// Names of accounts and roles hold colons, and are few.
const redactRequester = remember(redact)

/** Makes the operation that `columns` describe: key decoded, secrets redacted. */
export function operationFrom(columns: S3Columns, line_hash: bigint): Operation {
  const { kind, request_uri } = columns
  let { key } = columns
  if (columns.key_is_encoded && key !== null) key = decodeKey(key, kind, request_uri, columns.bucket)
  if (key !== null) key = redactKey(key)
  // Written out: to spread the columns takes as long as to read them from the line.
  return {
    ts: columns.ts,
    format: 's3',
    bucket: redactColumn(columns.bucket),
    operation: redactColumn(columns.operation),
    class: kind.class,
    is_request: kind.is_request,
    method: kind.method,
    status: columns.status,
    error_code: redactColumn(columns.error_code),
    key,
    key_prefix: key === null ? null : keyPrefix(key),
    bytes_sent: columns.bytes_sent,
    bytes_received: kind.is_upload ? (columns.object_size ?? 0) : 0,
    object_size: columns.object_size,
    total_ms: columns.total_ms,
    turnaround_ms: columns.turnaround_ms,
    remote_ip: redactColumn(columns.remote_ip),
    requester: columns.requester === null ? null : redactRequester(columns.requester),
    request_id: redactColumn(columns.request_id),
    request_uri: redactColumn(request_uri),
    referer: redactColumn(columns.referer),
    user_agent: redactColumn(columns.user_agent),
    version_id: redactColumn(columns.version_id),
    host: redactColumn(columns.host),
    signature_version: redactColumn(columns.signature_version),
    auth_type: redactColumn(columns.auth_type),
    tls_version: redactColumn(columns.tls_version),
    cipher: redactColumn(columns.cipher),
    cache_result: null,
    edge_location: null,
    line_hash,
  }
}
