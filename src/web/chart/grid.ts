import type { Coverage } from '../api.ts'
import { numberOf } from '../records.ts'
import type { TableRecord } from '../records.ts'

// Where the intervals of every metric begin: a Monday.
const anchor_ms = Date.UTC(1970, 0, 5)

/** The window of an answer and the starts of all intervals that touch it, in milliseconds since the epoch. */
export function intervalsOf({ window: { from, to, step_seconds } }: Coverage) {
  const window = { from_ms: Date.parse(from), to_ms: Date.parse(to) }
  const step_ms = (step_seconds ?? 60) * 1000
  const first_ms = anchor_ms + Math.floor((window.from_ms - anchor_ms) / step_ms) * step_ms
  const times_ms: number[] = []
  for (let at_ms = first_ms; at_ms < window.to_ms && times_ms.length < 2000; at_ms += step_ms)
    times_ms.push(at_ms)
  return { window, step_ms, times_ms }
}

/** A value for each of the times; `otherwise` where no record is of it, and for what is no number. */
export function alongTimes(
  times_ms: readonly number[],
  records: readonly TableRecord[],
  name: string,
  otherwise: number | null,
): (number | null)[] {
  const found = new Map(records.map((record) => [Date.parse(String(record['ts'])), record]))
  return times_ms.map((at_ms) => numberOf(found.get(at_ms)?.[name]) ?? otherwise)
}

export interface Group {
  name: string
  records: TableRecord[]
}

/** The records of each value of a column. */
export function groupsOf(records: readonly TableRecord[], column: string): Group[] {
  const groups = Map.groupBy(records, (record) => String(record[column] ?? '(none)'))
  return [...groups].map(([name, own]) => ({ name, records: own }))
}
