import { InvalidError } from '../errors.ts'
import type { Gate } from '../gate/gate.ts'
import type { ReadCoverage } from '../metrics/coverage.ts'
import { parseFilters } from '../metrics/filter.ts'
import type { FilterParams, Scope } from '../metrics/filter.ts'
import { parseWindow } from '../metrics/window.ts'
import type { BaselineName, DimensionAnswer, Explanation, MeasureName, Total, Windows } from './answers.ts'
import { chooseCandidates } from './candidates.ts'
import type { CountedValue } from './candidates.ts'
import { findCauses } from './causes.ts'
import type { MaskedFigures } from './causes.ts'
import { conclude } from './conclude.ts'
import { conditionOf, dimensions, networkOf, termOf } from './dimensions.ts'
import type { Dimension } from './dimensions.ts'
import { measureOf } from './measures.ts'
import { masksSql, thresholdSql, valuesSql } from './sql.ts'
import type { Ask, Counting } from './sql.ts'
import { readWhole } from './whole.ts'
import { hullOf, iso, windowsOf } from './windows.ts'

/** As its asker wrote it; everything is checked here, for HTTP, page and agent alike. */
export interface ExplainParams extends FilterParams {
  /** The selection, as in `WindowParams`. */
  from?: string | undefined
  to?: string | undefined
  /** Default: requests. */
  measure?: MeasureName | undefined
  /** Default: neighbourhood. */
  baseline?: BaselineName | undefined
  /** Of slow requests; default: what three of four requests of the baseline do not exceed. */
  threshold_ms?: number | undefined
}

export interface AskedExplanation {
  params: ExplainParams
  scope: Scope
  /** Whose two turns of the gate it takes, one query at a time. */
  turns_of: string
  signal?: AbortSignal | undefined
}

/** What is found, in this order: the whole, each dimension, and then the explanation. */
export type ExplainEvent =
  | ({ type: 'total'; total: Total } & Windows)
  | ({ type: 'dimension' } & DimensionAnswer)
  | { type: 'explanation'; explanation: Explanation }

/** Throws InvalidError for what is no window, filter or baseline, and what `Gate.run` throws. */
export type Explain = (asked: AskedExplanation) => AsyncGenerator<ExplainEvent, void>

export interface ExplainOptions {
  gate: Pick<Gate, 'run'>
  readCoverage: ReadCoverage
  now: () => number
}

const mostClients = 20_000
const mostValues = 200
const shownValues = 10
const mostMasks = 20_000
/** Log objects come some minutes after what they tell of. */
const lateLogs_ms = 300_000
const longestLookback_ms = 3_600 * 86_400_000
/** Of the baseline's requests, that are not slow: a step of the latency shows in a quarter sooner than in the slowest. */
const usualShare = 0.75

export function createExplain({ gate, readCoverage, now }: ExplainOptions): Explain {
  return async function* explain({ params, scope, turns_of, signal }) {
    const { from, to, measure: name = 'requests', baseline: kind = 'neighbourhood', ...rest } = params
    const { threshold_ms: given_ms = null, ...filters } = rest
    const now_ms = now()
    const window = parseWindow({ from, to }, now_ms, false)
    const asking = { scope, turns_of, signal }
    const begins = await gate.run({
      ...asking,
      sql: 'SELECT ts FROM operations ORDER BY ts LIMIT 1',
      from: iso(now_ms - longestLookback_ms),
      to: iso(now_ms),
    })
    const begins_ms = begins.rows[0] ? Date.parse(String(begins.rows[0][0])) : null
    const windows = windowsOf(window, kind, { begins_ms, now_ms })
    const hull = hullOf(windows)
    const ask: Ask = (sql, limit) =>
      gate.run({ ...asking, sql, limit, from: iso(hull.from_ms), to: iso(hull.to_ms) })
    const conditions = parseFilters(filters, null).map(({ sql }) => sql)
    const threshold_ms =
      name === 'slow_requests' ? (given_ms ?? (await usualTime(ask, { windows, conditions }))) : null
    const measure = measureOf(name, threshold_ms)
    const whole = await readWhole(ask, { measure, windows, conditions })
    const counting = whole.format === null ? { measure, windows, conditions } : whole.counting
    const changed = whole.change === 'real'
    const facts = conclude({ counting, whole, threshold_ms, filters })
    yield { type: 'total', ...facts.windows, total: facts.total }

    const notes = [...windows.notes]
    const values: CountedValue[] = []
    let clients: CountedValue[] = []
    const open = dimensions.filter((dimension) => !isFixed(dimension, filters))
    for (const dimension of whole.format === null ? [] : open) {
      const started_ms = performance.now()
      try {
        const found =
          dimension.name === 'network'
            ? networksOf(dimension, clients)
            : await readValues(ask, counting, dimension)
        if (dimension.name === 'client') clients = found
        values.push(...found)
        const shown = found.slice(0, shownValues).map(facts.valueOf)
        const elapsed_ms = Math.round(performance.now() - started_ms)
        yield { type: 'dimension', dimension: dimension.name, values: shown, elapsed_ms }
      } catch (error) {
        if (!isTooMuch(error)) throw error
        notes.push(`${dimension.words} was left out: ${error.message}; a shorter window may have it`)
      }
    }

    const candidates = chooseCandidates(values, whole)
    const terms = candidates.map(({ term }) => term)
    const { rows, truncated } =
      candidates.length === 0
        ? { rows: [], truncated: false }
        : await ask(masksSql(counting, terms.map(conditionOf), mostMasks), mostMasks)
    if (truncated) notes.push('pairs are of the most frequent combinations alone')
    const direction = changed ? Math.sign(facts.total.difference) : 0
    const found = findCauses({
      rows: rows.map(masked),
      candidates: terms,
      whole: whole.figures,
      chance: whole.chance,
      direction,
    })
    const answer = await facts.explain(ask, found, terms)
    const coverage = await readCoverage({ ...windows.selection, step_ms: null }, scope)
    const { newest_event } = coverage
    if (newest_event !== null && Date.parse(newest_event) < windows.selection.to_ms - lateLogs_ms)
      notes.push(
        `the newest row is of ${newest_event}: what was logged later in the selection has not arrived yet`,
      )
    yield { type: 'explanation', explanation: { ...answer, notes, coverage } }
  }
}

/** The last event of an explanation. */
export async function wholeExplanation(events: AsyncGenerator<ExplainEvent, void>): Promise<Explanation> {
  for await (const event of events) if (event.type === 'explanation') return event.explanation
  throw new Error('there is no explanation')
}

async function usualTime(ask: Ask, counting: Omit<Counting, 'measure'>): Promise<number> {
  const [row] = (await ask(thresholdSql(counting, usualShare))).rows
  if (typeof row?.[0] === 'number') return Math.round(row[0])
  throw new InvalidError(
    'Cannot tell which requests are slow: the baseline has none with a time',
    'give threshold_ms, such as threshold_ms=1000, or choose another baseline',
  )
}

async function readValues(ask: Ask, counting: Counting, dimension: Dimension): Promise<CountedValue[]> {
  const limit = dimension.name === 'client' ? mostClients : mostValues
  const { rows } = await ask(valuesSql(counting, dimension.column, limit), limit)
  return rows
    .filter(([value]) => value !== null || dimension.hasNone)
    .map(([value, selection, baseline]) => ({
      term: termOf(dimension, value === null ? null : String(value)),
      selection: Number(selection),
      baseline: Number(baseline),
    }))
}

function networksOf(dimension: Dimension, clients: readonly CountedValue[]): CountedValue[] {
  const networks = Map.groupBy(clients, ({ term }) => networkOf(term.value ?? ''))
  const sum = (all: readonly CountedValue[], name: 'selection' | 'baseline'): number =>
    all.reduce((total, one) => total + one[name], 0)
  return [...networks].flatMap(([value, all]) => {
    // One client says more than the network that it is alone in.
    if (value === null || all.length < 2) return []
    return {
      term: termOf(dimension, value),
      selection: sum(all, 'selection'),
      baseline: sum(all, 'baseline'),
    }
  })
}

function masked([mask, ...figures]: readonly unknown[]): MaskedFigures {
  const [selection = 0, baseline = 0, squares = 0] = figures.map(Number)
  return { mask: Number(mask), selection, baseline, squares }
}

/** Where a filter leaves one value there is nothing to tell apart. */
function isFixed({ name, filter }: Dimension, filters: FilterParams): boolean {
  const given = name === 'network' ? filters.ip : filters[filter as keyof FilterParams]
  return given !== undefined && !/,|^\dxx$/i.test(given)
}

function isTooMuch(error: unknown): error is InvalidError {
  return error instanceof InvalidError && ['query_timeout', 'query_too_large'].includes(error.code)
}
