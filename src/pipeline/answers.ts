import Type from 'typebox'
import type { Static } from 'typebox'
import { formatNames } from '../log-formats.ts'
import { bytes, count, flag, listOf, moment, nullable, oneOf, record, text } from '../schema.ts'
import { placeFields } from '../spaces/answers.ts'

const actorStatus = record({
  name: oneOf(['lister', 'reader', 'parser', 'writer', 'recorder']),
  state: oneOf(
    ['idle', 'busy', 'retrying', 'stopped'],
    'retrying: the last try met something that is away; reason says what',
  ),
  queued: Type.Integer({ minimum: 0, description: 'messages that wait in its mailbox' }),
  reason: nullable(text),
  since_ms: Type.Number({ description: 'when its state began, in milliseconds since the epoch' }),
})
export type ActorStatus = Static<typeof actorStatus>
export type ActorState = ActorStatus['state']
export const actorFields = actorStatus.properties

const totals = {
  objects_done: count,
  objects_refused: Type.Integer({
    minimum: 0,
    description: 'log objects that could not be read to their end, each with a reason in the ledger',
  }),
  lines: count,
  rows: count,
  refused: count,
  blank: count,
  expired: Type.Integer({ minimum: 0, description: 'records older than the retention' }),
  bytes: bytes,
  newest_event_ms: nullable(Type.Number({ description: 'of the newest operation; since the epoch' })),
  newest_delivery_ms: nullable(Type.Number({ description: 'when its log object was delivered' })),
}
const sourceTotals = record(totals)
/** What one source's pipeline has done since it was started. */
export type SourceTotals = Static<typeof sourceTotals>
export const countedTotals = [
  'objects_done',
  'objects_refused',
  'lines',
  'rows',
  'refused',
  'blank',
  'expired',
  'bytes',
] as const satisfies (keyof SourceTotals)[]

export const sourceFields = {
  source: text,
  endpoint: text,
  ...placeFields,
  started_ms: Type.Number({ description: 'when its pipeline was started; milliseconds since the epoch' }),
  actors: listOf(actorStatus),
  backlog: Type.Integer({ minimum: 0, description: 'log objects found and not yet finished' }),
  listed: Type.Boolean({ description: 'false until the first whole listing is through' }),
  ...totals,
}
const sourceStatus = record(sourceFields)
/** What one source's pipeline has done since it was started, and where it stands. */
export type SourceStatus = Static<typeof sourceStatus>

export const leaseFields = {
  state: oneOf(
    ['reading', 'paused', 'refused'],
    'paused: a limit is reached; refused: the object store, or SpaceWatch, does not let it be read',
  ),
  reason: nullable(text),
  backlog: count,
  listed: flag,
  bytes_today: bytes,
}

const leaseStatus = record({
  source: text,
  ...leaseFields,
  expires_ms: Type.Number({ description: 'when it ends if nobody asks any more; since the epoch' }),
})
export type LeaseStatus = Static<typeof leaseStatus>

/** The end of one log object. */
export const logTail = record({
  key: text,
  bytes: bytes,
  modified: moment,
  gzip: flag,
  truncated: Type.Boolean({ description: 'true when there are lines before these' }),
  lines: Type.Array(text, { description: 'secrets redacted, control characters replaced' }),
})
export type LogTail = Static<typeof logTail>

export const logLine = record({
  key: text,
  line_number: Type.Integer({ minimum: 1 }),
  line: text,
})
export type LogLine = Static<typeof logLine>

/** What the newest objects under a log prefix turned out to be. */
export const logSniff = record({
  objects: count,
  truncated: flag,
  objects_read: Type.Integer({
    minimum: 0,
    description: 'how many of the newest were read, each up to 64 KiB',
  }),
  holds_access_logs: flag,
  formats: listOf(oneOf(formatNames)),
  lines: count,
  lines_refused: count,
  buckets: Type.Array(text, { description: 'that the lines are about' }),
  newest_object: nullable(record({ key: text, modified: moment })),
  newest_event: nullable(moment),
  delivery_lag_seconds: nullable(
    Type.Number({ description: 'from the newest operation to the delivery of its log object' }),
  ),
})
export type LogSniff = Static<typeof logSniff>
