/** `retrying`: the last try met something that is away; `reason` says what. */
export type ActorState = 'idle' | 'busy' | 'retrying' | 'stopped'

export interface ActorStatus {
  name: 'lister' | 'reader' | 'parser' | 'writer' | 'recorder'
  state: ActorState
  /** Messages that wait in the mailbox. */
  queued: number
  reason: string | null
  /** When `state` began, in milliseconds since the epoch. */
  since_ms: number
}

/** What one source's pipeline has done since it was started. */
export interface SourceTotals {
  objects_done: number
  /** Log objects that could not be read to their end, each with a reason in the ledger. */
  objects_refused: number
  lines: number
  rows: number
  refused: number
  blank: number
  /** Records older than the retention. */
  expired: number
  bytes: number
  /** Newest operation seen, and when its log object was delivered; milliseconds since the epoch. */
  newest_event_ms: number | null
  newest_delivery_ms: number | null
}

/** Of a pipeline that has just begun. */
export const nothingDone: SourceTotals = {
  objects_done: 0,
  objects_refused: 0,
  lines: 0,
  rows: 0,
  refused: 0,
  blank: 0,
  expired: 0,
  bytes: 0,
  newest_event_ms: null,
  newest_delivery_ms: null,
}

/** What one source's pipeline has done since it was started, and where it stands. */
export interface SourceStatus extends SourceTotals {
  source: string
  endpoint: string
  bucket: string
  prefix: string
  /** When its pipeline was started; milliseconds since the epoch. */
  started_ms: number
  actors: ActorStatus[]
  /** Log objects found and not yet finished. */
  backlog: number
  /** False until the first whole listing is through: the backlog is still growing. */
  listed: boolean
}
