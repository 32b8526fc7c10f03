import type { AccessEvent } from './access-event.ts'
import { failure, originRecord, timing, type Change, type Moment } from './origin-record.ts'
import { presigned } from './presigned.ts'
import { createDraw } from './random.ts'
import type { Client } from './world.ts'

const drawGetOutcome = createDraw([
  ['ok', 74], ['range', 7], ['unchanged', 11], ['missing', 4.5], ['denied', 1.6], ['precondition', 0.6], ['range too far', 0.4],
  ['slow down', 0.25], ['broken', 0.05],
] as const) // prettier-ignore

/** A GET with one of the outcomes that real ones have. */
export function get(
  moment: Moment,
  client: Client,
  operation = 'REST.GET.OBJECT',
  change: Change = {},
): AccessEvent {
  const { random, place } = moment
  const { key, size } = place.drawKey(random)
  const common: Change = {
    key,
    referer: client.requester ? null : random.pick(place.pages),
    version_id: random.chance(0.03) ? random.base64(32).replaceAll('/', '_') : null,
    ...change,
  }
  const outcome = drawGetOutcome(random)
  const fail = (status: number, code: string): Change => failure(random, client, status, code)
  switch (outcome) {
    case 'missing': {
      const gone = { key: `${key}.${random.hex(6)}`, ...fail(404, 'NoSuchKey') }
      return originRecord(moment, client, operation, { ...common, ...gone })
    }
    case 'denied':
      return originRecord(moment, client, operation, { ...common, ...fail(403, 'AccessDenied') })
    case 'precondition':
      return originRecord(moment, client, operation, {
        ...common,
        ...fail(412, 'PreconditionFailed'),
        object_size: size,
      })
    case 'range too far':
      return originRecord(moment, client, operation, {
        ...common,
        ...fail(416, 'InvalidRange'),
        object_size: size,
      })
    case 'slow down':
      return originRecord(moment, client, operation, { ...common, ...fail(503, 'SlowDown') })
    case 'broken':
      return originRecord(moment, client, operation, { ...common, ...fail(500, 'InternalError') })
    case 'unchanged': {
      const { total_ms } = timing(random, client, 9, 0)
      return originRecord(moment, client, operation, { ...common, status: 304, object_size: size, total_ms })
    }
    default: {
      const status = outcome === 'ok' ? 200 : 206
      const bytes_sent = status === 200 ? size : Math.min(size, 1 + random.below(2_097_152))
      const times = timing(random, client, 22, bytes_sent)
      return originRecord(moment, client, operation, {
        ...common,
        status,
        bytes_sent,
        object_size: size,
        ...times,
      })
    }
  }
}

/** A GET through the website endpoint, under a host of its own. */
export function website(moment: Moment, client: Client): AccessEvent {
  return get(moment, client, 'WEBSITE.GET.OBJECT', { host: 'docs.example.com' })
}

/** A GET by someone who was given a presigned URL. */
export function presignedGet(moment: Moment, client: Client): AccessEvent {
  return get(moment, client, 'REST.GET.OBJECT', presigned(moment))
}

/** A HEAD, of a missing key now and then. */
export function head(moment: Moment, client: Client): AccessEvent {
  const { random, place } = moment
  const { key, size } = place.drawKey(random)
  const { total_ms } = timing(random, client, 8, 0)
  if (random.chance(0.15)) {
    return originRecord(moment, client, 'REST.HEAD.OBJECT', {
      key,
      status: 404,
      error_code: 'NoSuchKey',
      total_ms,
    })
  }
  const turnaround_ms = random.chance(0.5) ? total_ms : null
  return originRecord(moment, client, 'REST.HEAD.OBJECT', { key, object_size: size, total_ms, turnaround_ms })
}

/** The browser's question before a request from another site. */
export function preflight(moment: Moment, client: Client): AccessEvent {
  const { random, place } = moment
  const { total_ms } = timing(random, client, 3, 0)
  return originRecord(moment, client, 'REST.OPTIONS.PREFLIGHT', { key: place.drawKey(random).key, total_ms })
}

/** One page of a listing. */
export function list(moment: Moment, client: Client): AccessEvent {
  const { random, place } = moment
  const bytes_sent = 400 + random.below(280_000)
  const prefix = encodeURIComponent(place.drawKey(random).key.split('/')[0] ?? '')
  const query = random.chance(0.03)
    ? `prefix="${prefix}" or so`
    : `list-type=2&max-keys=1000&prefix=${prefix}%2F`
  return originRecord(moment, client, 'REST.GET.BUCKET', {
    query,
    bytes_sent,
    ...timing(random, client, 60, bytes_sent),
  })
}
