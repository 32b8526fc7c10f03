import type { Operation } from '../../src/logs/record.ts'
import type { PutObject } from './findings-store.ts'
import { month } from './quiet-month.ts'

const hour_ms = 3_600_000

/** What a bucket held at the end of a day. */
export interface Snapshot {
  at_ms: number
  bucket: string
  objects: number
  bytes: number
}

/** An incident in the second half of the month, and the findings that it must give: no more and no others. */
export interface Plant {
  /** What happened, as a person would tell it. */
  what: string
  operations: readonly Operation[]
  snapshots?: readonly Snapshot[]
  findings: readonly { detector: string; subject: Record<string, string | null>; first_seen_ms: number }[]
}

/** A trouble of the logs themselves, in a source of its own. */
export interface LogPlant {
  what: string
  change: (object: PutObject) => PutObject
  findings: readonly { detector: string; first_seen_ms: number }[]
}

/** The beginning of an hour of a day of the month, from 0; incidents are planted from day 16 on. */
export function at(day: number, hour: number): number {
  return month.from_ms + (day * 24 + hour) * hour_ms
}
