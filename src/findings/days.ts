import type { Query } from '../store/query.ts'
import { text } from '../store/sql.ts'

/** A day of a source, up to `until_ms`, that is to be judged. */
export interface DueDay {
  from_ms: number
  until_ms: number
}

export interface JudgedDay {
  from_ms: number
  until_ms: number
  judged_ms: number
}

/** Log objects whose oldest operation is in the hour of `oldest_ms`: their newest operation, and when the last of them was read. */
export interface Read {
  oldest_ms: number
  newest_ms: number
  read_ms: number
}

export interface DaysOfSource {
  closed_ms: number
  judged: readonly JudgedDay[]
  reads: readonly Read[]
  now_ms: number
}

const hour_ms = 3_600_000
export const day_ms = 24 * hour_ms
/** Older days are as they are. */
const lookback_days = 90
/** Between two judgements of a day because of late logs, of which one comes after the other. */
const rest_ms = 15 * 60_000
/** Rows of `operations` may become visible after their row in the ledger. */
const visibleAfter_ms = 60_000

/** The days whose closed hours have not been judged, or have got late rows since; the newest first. */
export function dueDays({ closed_ms, judged, reads, now_ms }: DaysOfSource): DueDay[] {
  const closedHour_ms = Math.floor(closed_ms / hour_ms) * hour_ms
  const oldest_ms = Math.max(
    reads.reduce((oldest, read) => Math.min(oldest, read.oldest_ms), Infinity),
    closed_ms - lookback_days * day_ms,
  )
  if (oldest_ms > closed_ms) return []
  const known = new Map(judged.map((day) => [day.from_ms, day]))
  const due: DueDay[] = []
  for (let from_ms = dayOf(closedHour_ms); from_ms >= dayOf(oldest_ms); from_ms -= day_ms) {
    const before = known.get(from_ms)
    // The clock of a source may go back when a delivery was later than usual: what is judged stays judged.
    const until_ms = Math.max(Math.min(from_ms + day_ms, closedHour_ms), before?.until_ms ?? 0)
    const isNew = !before || before.until_ms < until_ms
    const isLate = reads.some(
      ({ oldest_ms: first, newest_ms, read_ms }) =>
        first < until_ms && newest_ms >= from_ms && read_ms > (before?.judged_ms ?? 0) - visibleAfter_ms,
    )
    const isRested = before !== undefined && now_ms - before.judged_ms >= rest_ms
    if (until_ms > from_ms && (isNew || (isLate && isRested))) due.push({ from_ms, until_ms })
  }
  return due
}

/** What the ledger tells of a source's log objects by hour. */
export async function readReads(query: Query, source: string): Promise<Read[]> {
  const { rows } =
    await query(`SELECT timestamp_floor('1h', oldest_event) hour, max(newest_event), max(ingested_at)
FROM log_objects WHERE source = ${text(source)} AND oldest_event IS NOT NULL GROUP BY hour`)
  return rows.map((row) => {
    const [oldest_ms = 0, newest_ms = 0, read_ms = 0] = row.map((value) => Date.parse(String(value)))
    return { oldest_ms, newest_ms, read_ms }
  })
}

/** The days that these rules have judged. */
export async function readJudged(query: Query, source: string, rules: string): Promise<JudgedDay[]> {
  const { rows } = await query(`SELECT ts, until, judged_at FROM judged_days
WHERE source = ${text(source)} AND rules = ${text(rules)}`)
  return rows.map((row) => {
    const [from_ms = 0, until_ms = 0, judged_ms = 0] = row.map((value) => Date.parse(String(value)))
    return { from_ms, until_ms, judged_ms }
  })
}

function dayOf(ms: number): number {
  return Math.floor(ms / day_ms) * day_ms
}
