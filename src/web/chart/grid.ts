import { numberOf } from '../records.ts'
import type { TableRecord } from '../records.ts'

// Where the intervals of every metric begin: a Monday.
const anchor_ms = Date.UTC(1970, 0, 5)

/** The starts of all intervals that touch a window, in milliseconds since the epoch. */
export function timesOf(from_ms: number, to_ms: number, step_ms: number): number[] {
  const times: number[] = []
  const first_ms = anchor_ms + Math.floor((from_ms - anchor_ms) / step_ms) * step_ms
  for (let at_ms = first_ms; at_ms < to_ms && times.length < 2000; at_ms += step_ms) times.push(at_ms)
  return times
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

/** The records of each value of a column, those with the largest sums first. */
export function groupsOf(
  records: readonly TableRecord[],
  column: string,
): { name: string; records: TableRecord[] }[] {
  const groups = Map.groupBy(records, (record) => String(record[column] ?? '(none)'))
  return [...groups].map(([name, own]) => ({ name, records: own }))
}
