import { describeOperation, type OperationKind } from './operation.ts'

/** The columns behind Host Id, which few clients and endpoints vary: one value for many lines. */
export interface Connection {
  signature_version: string | null
  cipher: string | null
  auth_type: string | null
  host: string | null
  tls_version: string | null
}

/**
 * One line's columns as far as an operation needs them: text as logged, numbers read. One such object is written over
 * and over, as a second object for each line would cost a third of the parser's speed.
 */
export interface Columns extends Connection {
  ts: number
  bucket: string | null
  remote_ip: string | null
  requester: string | null
  request_id: string | null
  operation: string | null
  kind: OperationKind
  key: string | null
  key_prefix: string | null
  /** False when `key` is sure to be what it says. */
  key_is_encoded: boolean
  request_uri: string | null
  status: number | null
  error_code: string | null
  bytes_sent: number
  object_size: number | null
  total_ms: number | null
  turnaround_ms: number | null
  referer: string | null
  user_agent: string | null
  version_id: string | null
  /** False when neither request_uri nor referer can hold a parameter. */
  has_parameters: boolean
}

/** Columns with nothing in them yet. */
export function createColumns(): Columns {
  return {
    ts: 0,
    bucket: null,
    remote_ip: null,
    requester: null,
    request_id: null,
    operation: null,
    kind: describeOperation(''),
    key: null,
    key_prefix: null,
    key_is_encoded: false,
    request_uri: null,
    status: null,
    error_code: null,
    bytes_sent: 0,
    object_size: null,
    total_ms: null,
    turnaround_ms: null,
    referer: null,
    user_agent: null,
    version_id: null,
    has_parameters: false,
    signature_version: null,
    cipher: null,
    auth_type: null,
    host: null,
    tls_version: null,
  }
}
