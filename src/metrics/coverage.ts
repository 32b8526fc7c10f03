import type { Query } from '../store/query.ts'
import { timestamp } from '../store/sql.ts'
import type { Bound, Coverage } from './answers.ts'
import { inScope } from './filter.ts'
import type { Scope } from './filter.ts'
import type { Window } from './window.ts'

/** What a pipeline tells about one log source. */
export interface SourceProgress {
  source: string
  /** Log objects found and not yet finished. */
  backlog: number
  /** False until the first whole listing is through. */
  listed: boolean
  /** Why it is not being read. */
  stopped?: string | null
}

export interface CoverageOptions {
  query: Query
  progress: () => readonly SourceProgress[]
}

/** What an answer adds to what it rests on. */
export interface AnswerFacts {
  shift_ms?: number | null
  approximate?: boolean
  bound?: Bound | null
  notes?: readonly string[]
}

export type ReadCoverage = (window: Window, scope: Scope, answer?: AnswerFacts) => Promise<Coverage>

/** Reads once what all answers about `[from_ms, to_ms)` rest on; each of them has its step. */
export type ReadBasis = (
  window: Window,
  scope: Scope,
) => Promise<(step_ms: number | null, answer?: AnswerFacts) => Coverage>

export function createCoverage(options: CoverageOptions): ReadCoverage {
  const readBasis = createBasis(options)
  return async (window, scope, answer) => (await readBasis(window, scope))(window.step_ms, answer)
}

export function createBasis({ query, progress }: CoverageOptions): ReadBasis {
  return async (window, scope) => {
    const [newest, refused] = await Promise.all([query(newestSql(scope)), query(refusedSql(window, scope))])
    const { pending, listed, stopped } = summarize(progress(), scope)
    const [lines_refused = 0, objects_refused = 0] = (refused.rows[0] ?? []).map(Number)
    const span = (back_ms: number) => ({
      from: new Date(window.from_ms - back_ms).toISOString(),
      to: new Date(window.to_ms - back_ms).toISOString(),
    })
    return (step_ms, { shift_ms = null, approximate = false, bound = null, notes = [] } = {}) => {
      const said = [...notes]
      if (objects_refused > 0)
        said.push(
          `${objects_refused} log objects of the window could not be read to their end: numbers are too low (log_objects, state 'refused')`,
        )
      if (approximate) said.push('percentiles come from a latency histogram and are within 7 % of the value')
      if (bound)
        said.push(
          `of whole days the largest values alone are counted each: a value may have up to ${bound.requests} requests more`,
        )
      if (stopped.length > 0)
        said.push(...stopped.map((reason) => `a log source is not being read: ${reason}`))
      else if (pending > 0 || !listed) said.push('log objects are still being read: numbers will grow')
      return {
        window: { ...span(0), step_seconds: step_ms === null ? null : step_ms / 1000 },
        compared_with: shift_ms === null ? null : span(shift_ms),
        newest_event: asText(newest.rows[0]?.[0]),
        objects_pending: pending,
        listing_complete: listed,
        lines_refused,
        objects_refused,
        approximate,
        counts_short_by: bound,
        notes: said,
      }
    }
  }
}

/** The log objects pending in the scope's sources. */
export function summarize(
  progress: readonly SourceProgress[],
  scope: Scope,
): { pending: number; listed: boolean; stopped: string[] } {
  // What a caller has brought while as many sources were read as SpaceWatch is set to.
  const absent = (scope ?? []).filter((source) => !progress.some((one) => one.source === source))
  const mine = progress.filter(({ source }) => scope === null || scope.includes(source))
  return {
    pending: mine.reduce((sum, { backlog }) => sum + backlog, 0),
    listed: absent.length === 0 && mine.every(({ listed }) => listed),
    stopped: [
      ...mine.flatMap(({ stopped }) => stopped ?? []),
      ...absent.map(() => 'there is no room for it now'),
    ],
  }
}

function newestSql(scope: Scope): string {
  // Rows of a clock that was wrong may lie in the future from before such lines were refused.
  return `SELECT ts FROM operations WHERE ${inScope(scope)} AND ts < dateadd('d', 1, now()) ORDER BY ts DESC LIMIT 1`
}

// An object is delivered after what it holds; clocks may differ by an hour.
function refusedSql(window: Window, scope: Scope): string {
  return `SELECT sum(refused) lines, sum(CASE WHEN state = 'refused' THEN 1 ELSE 0 END) objects FROM log_objects WHERE ts >= ${timestamp(window.from_ms - 3_600_000)}
AND (newest_event >= ${timestamp(window.from_ms)} OR newest_event IS NULL)
AND (oldest_event < ${timestamp(window.to_ms)} OR (oldest_event IS NULL AND ts < ${timestamp(window.to_ms)}))
AND ${inScope(scope)}`
}

function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
