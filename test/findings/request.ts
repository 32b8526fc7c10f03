import type { Operation } from '../../src/logs/record.ts'
import { describeOperation } from '../../src/logs/operation.ts'

/** What a test says of one record; the rest is that of a plain, signed GET at the origin. */
export type Asked = Partial<Operation> & { at_ms: number; bucket: string }

let made = 0n

/** A record as the parser makes it: class and method follow from the operation, and no two are the same line. */
export function request({ at_ms, operation = 'REST.GET.OBJECT', key = null, ...rest }: Asked): Operation {
  const kind = describeOperation(operation ?? '')
  const slash = key?.indexOf('/') ?? -1
  const isPut = kind.is_upload
  const size = rest.object_size ?? (key === null ? null : 100_000)
  const isSigned = rest.requester !== null
  return {
    ts: Math.floor(at_ms / 1000) * 1_000_000,
    format: 's3',
    operation,
    class: kind.class,
    is_request: kind.is_request,
    method: kind.method,
    status: kind.method === 'DELETE' ? 204 : 200,
    error_code: null,
    key,
    key_prefix: key !== null && slash > 0 ? key.slice(0, slash) : null,
    bytes_sent: kind.method === 'GET' ? (size ?? 300) : 0,
    bytes_received: isPut ? (size ?? 0) : 0,
    object_size: size,
    total_ms: 40,
    turnaround_ms: 20,
    remote_ip: '198.18.0.10',
    requester: 'arn:aws:iam::104220117733:user/app-server',
    request_id: `R${made}`,
    request_uri: null,
    referer: null,
    user_agent: 'aws-sdk-js/3.1175.0 ua/2.1 os/linux lang/js',
    version_id: null,
    host: `${rest.bucket}.sgp1.digitaloceanspaces.com`,
    signature_version: isSigned ? 'SigV4' : null,
    auth_type: isSigned ? 'AuthHeader' : null,
    tls_version: 'TLSv1.3',
    cipher: 'TLS_AES_128_GCM_SHA256',
    cache_result: null,
    edge_location: null,
    line_hash: made++,
    ...rest,
  }
}
