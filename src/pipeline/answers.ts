import Type from 'typebox'
import type { Static } from 'typebox'
import { bytes, count, described, flag, nullable, number, oneOf, record, text } from '../schema.ts'
import { placeFields } from '../spaces/answers.ts'

const actorStatus = record({
  name: oneOf(['lister', 'reader', 'parser', 'writer', 'recorder']),
  state: oneOf(
    ['idle', 'busy', 'retrying', 'stopped'],
    'retrying: the last try met something that is away; reason says what',
  ),
  queued: described('messages that wait in its mailbox', count),
  reason: nullable(text),
  since_ms: described('when its state began, in milliseconds since the epoch', number),
})
export type ActorStatus = Static<typeof actorStatus>
export type ActorState = ActorStatus['state']
export const actorFields = actorStatus.properties

const totals = {
  objects_done: count,
  objects_refused: described(
    'log objects that could not be read to their end, each with a reason in the ledger',
    count,
  ),
  lines: count,
  rows: count,
  refused: count,
  blank: count,
  expired: described('records older than the retention', count),
  bytes: bytes,
  newest_event_ms: nullable(described('of the newest operation; since the epoch', number)),
  newest_delivery_ms: nullable(described('when its log object was delivered', number)),
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
  started_ms: described('when its pipeline was started; milliseconds since the epoch', number),
  actors: Type.Array(actorStatus),
  backlog: described('log objects found and not yet finished', count),
  listed: described('false until the first whole listing is through', flag),
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
  expires_ms: described('when it ends if nobody asks any more; since the epoch', number),
})
export type LeaseStatus = Static<typeof leaseStatus>
