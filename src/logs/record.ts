import type { LogFormat } from '../log-formats.ts'

/** Derived from the operation by a table; the classes that people pay for and audit by. */
export const operationClasses = [
  'read',
  'write',
  'list',
  'delete',
  'copy',
  'config',
  'lifecycle',
  'other',
] as const
export type OperationClass = (typeof operationClasses)[number]

export type { LogFormat } from '../log-formats.ts'

/**
 * One request on a bucket, as an access log recorded it. Names equal the columns of the table `operations`.
 * Text is as logged, hostile bytes and all, save that secrets are redacted and `key` is decoded once, by the rule of its
 * operation. `null` is what the log wrote as `-` or `""`, save bytes, where `-` means 0.
 */
export interface Operation {
  /** Microseconds since the epoch, from the line alone. */
  ts: number
  format: LogFormat
  bucket: string | null
  /** As logged (`REST.GET.OBJECT`); for the CDN `CDN.` and the method (`CDN.GET`). */
  operation: string | null
  class: OperationClass
  /** False for BATCH.* rows, the source half of a copy and lifecycle rows: they are no client requests. */
  is_request: boolean
  method: string | null
  status: number | null
  error_code: string | null
  key: string | null
  /** First path segment of `key`, without the slash; null when `key` has no slash. */
  key_prefix: string | null
  bytes_sent: number
  /** Size of the upload; 0 for anything that is not one. */
  bytes_received: number
  object_size: number | null
  total_ms: number | null
  turnaround_ms: number | null
  remote_ip: string | null
  requester: string | null
  request_id: string | null
  request_uri: string | null
  referer: string | null
  user_agent: string | null
  version_id: string | null
  host: string | null
  signature_version: string | null
  auth_type: string | null
  tls_version: string | null
  cipher: string | null
  cache_result: string | null
  edge_location: string | null
  /** See lineHash. */
  line_hash: bigint
}

/** A line that is no record: counted, and kept with its reason where someone can look. */
export interface Refusal {
  /** 1-based within the log object. */
  line: number
  /** A closed set of short reasons, e.g. `no numeric anchor`. */
  reason: string
  /** The first 512 characters, secrets redacted. */
  excerpt: string
}
