import type { OperationClass } from './record.ts'

/** What an operation's name alone tells. */
export interface OperationKind {
  class: OperationClass
  /** False for BATCH.* rows, the source half of a copy and lifecycle rows. */
  is_request: boolean
  /** The HTTP method it stands for; null for lifecycle rows and unknown names. */
  method: string | null
  /** Whether the column Object Size of its line is the size of what the client sent. */
  is_upload: boolean
  /** `form`: the logged key is encoded once, space as `+`. `twice`: percent-encoded twice. */
  key_encoding: 'form' | 'twice'
}

const LISTS = new Set([
  'BUCKET',
  'BUCKETVERSIONS',
  'BUCKET_VERSIONS',
  'VERSIONS',
  'UPLOADS',
  'UPLOAD',
  'SERVICE',
])
const UPLOADS = new Set(['PUT.OBJECT', 'PUT.PART', 'POST.OBJECT'])
const CONFIG =
  /ACL|POLICY|LIFECYCLE|LOGGING|LOCATION|VERSIONING|TAGGING|TAGS|NOTIFICATION|ENCRYPTION|CORS|WEBSITE|REPLICATION|ACCELERATE|REQUEST_?PAYMENT|OBJECT_?LOCK|LEGAL_?HOLD|RETENTION|PUBLIC_?ACCESS|OWNERSHIP|ANALYTICS|INVENTORY|METRICS|TIERING/
const METHOD_CLASSES: Record<string, OperationClass> = {
  GET: 'read',
  HEAD: 'read',
  SELECT: 'read',
  PUT: 'write',
  POST: 'write',
  PATCH: 'write',
  DELETE: 'delete',
  COPY: 'copy',
}
const METHODS = new Set(['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS'])

/** The class of a request of which only the HTTP method is known. */
export function classOfMethod(method: string | null): OperationClass {
  return METHOD_CLASSES[method ?? ''] ?? 'other'
}

/** `method` when it is one that object storage knows, null otherwise: clients may send anything. */
export function knownMethod(method: string): string | null {
  return METHODS.has(method) ? method : null
}

/** Reads an operation's name: `REST.GET.OBJECT`, and the names that Ceph, Backblaze and versitygw give. */
export function describeOperation(operation: string): OperationKind {
  const [family = '', method = '', ...rest] = operation.split('.')
  const resource = rest.join('.')
  if (family === 'S3') return kind('lifecycle', null, { is_request: false, key_encoding: 'form' })
  if (family === 'BATCH') {
    return kind(classOfMethod(method), knownMethod(method), { is_request: false, key_encoding: 'form' })
  }
  if (resource === '') return describeAction(/^(?:REST|WEBSITE|SOAP)$/.test(family) ? method : operation)
  if (method === 'COPY') {
    const is_source = resource.endsWith('_GET')
    return kind('copy', is_source ? 'GET' : 'PUT', { is_request: !is_source })
  }
  const is_upload = UPLOADS.has(`${method}.${resource}`)
  return kind(classOfResource(method, resource), knownMethod(method), { is_upload })
}

function classOfResource(method: string, resource: string): OperationClass {
  if (CONFIG.test(resource)) return 'config'
  if (method === 'GET' && LISTS.has(resource)) return 'list'
  if (method === 'PUT' && resource === 'BUCKET') return 'config'
  if (method === 'POST' && resource.includes('DELETE')) return 'delete'
  return classOfMethod(method)
}

// `S3_GET_OBJECT`, `get_obj`, `GetObject`, `s3:GetObject`: the verb is the first word.
function describeAction(name: string): OperationKind {
  const words = name
    .replace(/^s3[_:]/i, '')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase()
  const verb = /^[A-Z]*/.exec(words)?.[0] ?? ''
  if (CONFIG.test(words)) return kind('config', knownMethod(verb))
  if (verb === 'LIST') return kind('list', 'GET')
  if (verb === 'COPY' || words.includes('PART_COPY')) return kind('copy', 'PUT')
  if (verb === 'ABORT' || verb === 'MULTI') return kind('delete', verb === 'ABORT' ? 'DELETE' : 'POST')
  if (verb === 'STAT') return kind('read', 'HEAD')
  if (/^(?:CREATE|INIT|COMPLETE)_/.test(words))
    return kind(words.includes('MULTIPART') ? 'write' : 'config', null)
  const is_upload = /^(?:PUT_OBJ|PUT_OBJECT|UPLOAD_PART|PUT_PART|POST_OBJ|POST_OBJECT)$/.test(words)
  if (verb === 'UPLOAD') return kind('write', 'PUT', { is_upload })
  return kind(classOfMethod(verb), knownMethod(verb), { is_upload })
}

function kind(
  operation_class: OperationClass,
  method: string | null,
  { is_request = true, is_upload = false, key_encoding = 'twice' }: Partial<OperationKind> = {},
): OperationKind {
  return { class: operation_class, is_request, method, is_upload, key_encoding }
}
