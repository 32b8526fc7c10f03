import type { AccessEvent } from './access-event.ts'
import { failure, originRecord, timing, type Change, type Moment } from './origin-record.ts'
import { presigned } from './presigned.ts'
import type { Client } from './world.ts'

/** A PUT of a whole object, refused now and then. */
export function put(moment: Moment, client: Client, change: Change = {}): AccessEvent {
  const { random, place } = moment
  const { key, size } = place.drawKey(random)
  if (random.chance(0.015)) {
    const refused = random.chance(0.5)
      ? failure(random, client, 403, 'AccessDenied')
      : failure(random, client, 503, 'SlowDown')
    return originRecord(moment, client, 'REST.PUT.OBJECT', { key, ...change, ...refused })
  }
  const stored = { bytes_received: size, object_size: size, ...timing(random, client, 45, size) }
  return originRecord(moment, client, 'REST.PUT.OBJECT', { key, ...stored, ...change })
}

/** A PUT by someone who was given a presigned URL. */
export function presignedPut(moment: Moment, client: Client): AccessEvent {
  return put(moment, client, { ...presigned(moment), referer: moment.random.pick(moment.place.pages) })
}

/** The second record is the source's half; in real life it stands in the source bucket's log, here both are one bucket. */
export function copy(moment: Moment, client: Client): AccessEvent[] {
  if (moment.room < 2) return [put(moment, client)]
  const { random, place } = moment
  const from = place.drawKey(random)
  const copied = originRecord(moment, client, 'REST.COPY.OBJECT', {
    method: 'PUT',
    key: `copies/${from.key}`,
    bytes_sent: 234,
    object_size: from.size,
    ...timing(random, client, 90, from.size / 20),
  })
  const status = random.chance(0.5) ? 200 : null
  const half = {
    method: null,
    key: from.key,
    is_request: false,
    status,
    bytes_sent: 0,
    total_ms: null,
    turnaround_ms: null,
  }
  return [copied, { ...copied, ...half, operation: 'REST.COPY.OBJECT_GET', user_agent: null }]
}

/** A DELETE of one object. */
export function remove(moment: Moment, client: Client): AccessEvent {
  const { random, place } = moment
  const { key, size } = place.drawKey(random)
  return originRecord(moment, client, 'REST.DELETE.OBJECT', {
    key,
    status: 204,
    object_size: size,
    ...timing(random, client, 25, 0),
  })
}

/** A multi-object delete of a few keys. */
export function removeMany(moment: Moment, client: Client): AccessEvent[] {
  const { random, place } = moment
  const count = Math.min(moment.room - 1, 1 + random.below(12))
  if (count < 1) return [remove(moment, client)]
  // A key named twice would be the same line twice.
  const keys = new Set(Array.from({ length: count }, () => place.drawKey(random).key))
  return multiObjectDelete(moment, client, [...keys])
}

/** One request, and a BATCH record without times for each key. */
export function multiObjectDelete(
  moment: Moment,
  client: Client,
  keys: readonly string[],
  change: Change = {},
): AccessEvent[] {
  const request = originRecord(moment, client, 'REST.POST.MULTI_OBJECT_DELETE', {
    query: 'delete',
    bytes_sent: 116 + keys.length * 94,
    ...timing(moment.random, client, 40 + keys.length * 2, 0),
    ...change,
  })
  const common = {
    method: null,
    is_request: false,
    query: '',
    status: 204,
    bytes_sent: 0,
    total_ms: null,
    turnaround_ms: null,
  }
  const rows = keys.map((key) => ({
    ...request,
    ...common,
    operation: 'BATCH.DELETE.OBJECT',
    key,
    referer: null,
    user_agent: null,
  }))
  return [request, ...rows]
}

/** A multipart upload: its start, its parts, its end. */
export function multipart(moment: Moment, client: Client): AccessEvent[] {
  const { random, place, room } = moment
  if (room < 3) return [put(moment, client)]
  const { key, size } = place.drawKey(random)
  const parts = Math.min(room - 2, 2 + random.below(6))
  const uploadId = random.base64(43).replaceAll('/', '_').replaceAll('+', '-')
  const part_size = Math.ceil(size / parts)
  const record = (operation: string, query: string, change: Change) =>
    originRecord(moment, client, operation, { key, query, ...change })
  return [
    record('REST.POST.UPLOADS', 'uploads', { bytes_sent: 404, ...timing(random, client, 30, 0) }),
    ...Array.from({ length: parts }, (_, index) =>
      record('REST.PUT.PART', `partNumber=${index + 1}&uploadId=${uploadId}`, {
        bytes_received: part_size,
        object_size: part_size,
        ...timing(random, client, 35, part_size),
      }),
    ),
    record('REST.POST.UPLOAD', `uploadId=${uploadId}`, {
      bytes_sent: 530,
      object_size: part_size * parts,
      ...timing(random, client, 120, 0),
    }),
  ]
}

const CONFIGURATION = [
  ['REST.GET.ACL', 'acl'], ['REST.GET.BUCKETPOLICY', 'policy'], ['REST.GET.VERSIONING', 'versioning'], ['REST.GET.LOCATION', 'location'],
  ['REST.GET.LOGGING_STATUS', 'logging'], ['REST.GET.LIFECYCLE', 'lifecycle'], ['REST.PUT.LIFECYCLE', 'lifecycle'], ['REST.HEAD.BUCKET', ''],
] as const // prettier-ignore

/** A question about the bucket, or a change of it. */
export function configuration(moment: Moment, client: Client): AccessEvent {
  const [operation, query] = moment.random.pick(CONFIGURATION)
  const bytes_sent = operation.includes('.GET.') ? 137 : 0
  return originRecord(moment, client, operation, {
    query,
    bytes_sent,
    ...timing(moment.random, client, 15, 0),
  })
}

const LIFECYCLE = [
  'S3.EXPIRE.OBJECT',
  'S3.EXPIRE.OBJECT',
  'S3.TRANSITION_SIA.OBJECT',
  'S3.CREATE.DELETEMARKER',
  'S3.DELETE.UPLOAD',
] as const

/** The storage's own work: nobody asked, so most columns are empty. */
export function lifecycle(moment: Moment): AccessEvent {
  const { random, place } = moment
  const { key, size } = place.drawKey(random)
  const nobody = {
    remote_ip: null,
    host: null,
    signature_version: null,
    auth_type: null,
    cipher: null,
    tls_version: null,
  } as const
  const client: Client = {
    ip: '',
    user_agent: null,
    requester: 'AmazonS3',
    signature_version: 'SigV4',
    tls: null,
    bytes_per_ms: 1,
  }
  return originRecord(moment, client, random.pick(LIFECYCLE), {
    ...nobody,
    method: null,
    is_request: false,
    key,
    status: null,
    object_size: size,
  })
}
