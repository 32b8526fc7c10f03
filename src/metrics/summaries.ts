import { readDays } from '../store/days.ts'
import type { Query } from '../store/query.ts'
import { timestamp } from '../store/sql.ts'
import type { SummaryDimension } from '../store/summarize-day.ts'
import type { Bound } from './answers.ts'
import { inScope } from './filter.ts'
import type { Condition, Scope } from './filter.ts'
import type { Metric } from './metric.ts'
import { heldSpans } from './select.ts'
import type { Span, Summaries } from './select.ts'
import type { Window } from './window.ts'

/** Days, by their midnight, that are counted beforehand, and the bound that each adds; null where it adds none. */
export type SummarizedDays = ReadonlyMap<number, Bound | null>
export type SummaryFacts = ReadonlyMap<SummaryDimension, SummarizedDays>

/**
 * The days around these questions whose summary was made from as many rows as are stored, that is from all of them: rows are
 * only ever added. The bounds are those of the scope's sources.
 */
export async function readSummaryFacts(
  query: Query,
  scope: Scope,
  questions: readonly { windows: readonly Span[] }[],
): Promise<SummaryFacts> {
  const windows = questions.flatMap((question) => question.windows)
  const from_ms = Math.min(...windows.map((window) => window.from_ms))
  const to_ms = Math.max(...windows.map((window) => window.to_ms))
  const sums = ['operations', 'bytes_sent', 'bytes_received', 'errors'].map(
    (count) => `sum(CASE WHEN ${inScope(scope)} THEN most_${count} END)`,
  )
  const [stored, made] = await Promise.all([
    readDays(async (sql) => (await query(sql)).rows, 'operations'),
    query(`SELECT ts, dimension, rows, sum(CASE WHEN source IS NULL THEN 1 ELSE 0 END), ${sums.join(', ')} FROM day_summaries
WHERE ts >= ${timestamp(from_ms)} AND ts < ${timestamp(to_ms)}
GROUP BY ts, dimension, rows`),
  ])
  const rowsOf = new Map(stored.map((day) => [day.from_ms, day.rows]))
  const facts = new Map<SummaryDimension, Map<number, Bound | null>>()
  for (const [ts, name, rows, vouched, ...most] of made.rows) {
    const day = Date.parse(String(ts))
    if (vouched === 0 || rowsOf.get(day) !== Number(rows)) continue
    const dimension = name as SummaryDimension
    const [requests = 0, bytes_downloaded = 0, bytes_uploaded = 0, errors = 0] = most.map(Number)
    const bound = most.every((count) => count === null)
      ? null
      : { requests, bytes_downloaded, bytes_uploaded, errors }
    facts.set(dimension, (facts.get(dimension) ?? new Map<number, Bound | null>()).set(day, bound))
  }
  return facts
}

/** As `readSummaryFacts`, of one window: its days, and by dimension those that need no bound. */
export async function readCountedDays(
  query: Query,
  scope: Scope,
  window: Span,
): Promise<{ whole: number[]; exact: Partial<Record<SummaryDimension, number[]>> }> {
  const facts = await readSummaryFacts(query, scope, [{ windows: [window] }])
  const exact = [...facts].map(([dimension, days]) => [
    dimension,
    [...days].flatMap(([day, bound]) => (bound === null ? day : [])),
  ])
  return {
    whole: [...new Set([...facts.values()].flatMap((days) => [...days.keys()]))],
    exact: Object.fromEntries(exact),
  }
}

export interface SummaryQuestion {
  metric: Metric
  /** With the one that it is compared with. */
  windows: readonly Window[]
  conditions: readonly Condition[]
  /** The value that it is sorted by. */
  order: string
}

/**
 * What a top list reads of summaries, and how exact it is then; null for the rows alone. Where not all values are known
 * beforehand the largest by a share or a time are not known either.
 */
export function chooseSummary(
  { metric, windows, conditions, order }: SummaryQuestion,
  facts: SummaryFacts,
): { rollup: Summaries; bound: Bound | null } | null {
  const days = metric.shape === 'top' && facts.get(metric.by[0] as SummaryDimension)
  // Summaries are of requests.
  if (!days || metric.rows || conditions.some(({ held }) => held !== 'summaries')) return null
  const rollup: Summaries = { unit: '1d', days: new Set(days.keys()) }
  if (windows.every((window) => heldSpans(rollup, window).length === 0)) return null
  const bound = largest(windows.map((window) => boundOf(days, window)))
  return bound === null || order in bound ? { rollup, bound } : null
}

const none: Bound = { requests: 0, bytes_downloaded: 0, bytes_uploaded: 0, errors: 0 }

function boundOf(days: SummarizedDays, { from_ms, to_ms }: Window): Bound | null {
  const within = [...days].filter(([day_ms]) => day_ms >= from_ms && day_ms + 86_400_000 <= to_ms)
  const bounds = within.flatMap(([, bound]) => bound ?? [])
  return bounds.length === 0 ? null : bounds.reduce((sum, bound) => merge(sum, bound, (a, b) => a + b))
}

function largest(bounds: readonly (Bound | null)[]): Bound | null {
  const known = bounds.filter((bound) => bound !== null)
  return known.length === 0 ? null : known.reduce((most, bound) => merge(most, bound, Math.max), none)
}

function merge(a: Bound, b: Bound, of: (a: number, b: number) => number): Bound {
  return {
    requests: of(a.requests, b.requests),
    bytes_downloaded: of(a.bytes_downloaded, b.bytes_downloaded),
    bytes_uploaded: of(a.bytes_uploaded, b.bytes_uploaded),
    errors: of(a.errors, b.errors),
  }
}
