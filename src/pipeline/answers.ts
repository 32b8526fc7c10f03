import Type from 'typebox'
import type { Static } from 'typebox'
import { bytes, count, flag, listOf, nullable, oneOf, record, text } from '../schema.ts'
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
