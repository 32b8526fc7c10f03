import { InvalidError } from '../errors.ts'
import type { Query } from '../store/query.ts'
import type { Coverage, Table, TableColumn } from './answers.ts'
import { comparedColumns, comparisonShift, parseComparison, selectCompared } from './compare.ts'
import { createBasis, summarize } from './coverage.ts'
import type { AnswerFacts, SourceProgress } from './coverage.ts'
import { parseFilters, whole } from './filter.ts'
import type { FilterParams, Scope } from './filter.ts'
import type { Metric } from './metric.ts'
import { chooseRollup, countStoredRows, readRollupFacts } from './rollups.ts'
import { keyColumns, select } from './select.ts'
import type { Rollup } from './select.ts'
import { parseWindow } from './window.ts'
import type { Window, WindowParams } from './window.ts'

/** A question as its asker wrote it; everything is checked here, for HTTP, page and agent alike. */
export interface MetricParams extends WindowParams, FilterParams {
  /** `previous` or `week`. */
  compare?: string | undefined
  /** Rows of a top metric; 20 by default, at most 1000. */
  limit?: number | undefined
  /** The value that a top metric is sorted by, largest first. */
  order?: string | undefined
}

export interface MetricQuestion {
  metric: Metric
  params: MetricParams
}

/**
 * Answers questions about one window side by side: a table for each with what it rests on, which is read once, and what
 * all of them rest on together.
 */
export type RunMetrics = (
  questions: readonly [MetricQuestion, ...MetricQuestion[]],
  scope: Scope,
) => Promise<{ tables: (Table & { coverage: Coverage })[]; coverage: Coverage }>

export interface RunMetricsOptions {
  query: Query
  progress: () => readonly SourceProgress[]
  now: () => number
  /** Windows with more rows than this are read from the rollups. */
  rollupAbove_rows: number
}

export function createRunMetrics(options: RunMetricsOptions): RunMetrics {
  const { query, progress, now, rollupAbove_rows } = options
  const readBasis = createBasis({ query, progress })
  return async (questions, scope) => {
    const now_ms = now()
    const [first] = questions
    const window = questionWindow(first, now_ms)
    const read = questions.map((question) => ({
      ...question,
      window: questionWindow(question, now_ms),
      conditions: parseFilters(question.params, scope),
      tail: orderAndLimit(question),
    }))
    const large = (await countStoredRows(query, window)) > rollupAbove_rows
    const facts = large ? await readRollupFacts(query) : null
    const growing = summarize(progress(), scope).pending > 0
    const plans = read.map(({ metric, params, window, conditions, tail }) => {
      const rollup = facts && chooseRollup(metric, window, conditions, facts, growing)
      const selection = { metric, window, conditions, rollup }
      const shift_ms = questionShift(params, window)
      const body = shift_ms === null ? select(selection) : selectCompared(selection, shift_ms)
      return { metric, window, shift_ms, rollup, sql: `${body}\n${tail(window)}` }
    })
    const isBehind = ({ rollup }: { rollup: Rollup | null }): boolean =>
      facts !== null && rollup !== null && rollup.until_ms > facts.complete_until_ms
    const factsOf = (behind: boolean, approximate: boolean, shift_ms: number | null): AnswerFacts => ({
      shift_ms,
      approximate,
      notes: behind ? ['the rollups are catching up with new rows'] : [],
    })
    const [coverageOf, ...results] = await Promise.all([
      readBasis(window, scope),
      ...plans.map(({ sql }) => query(sql)),
    ])
    const tables = plans.map((plan, index) => {
      const { columns, rows } = results[index] ?? { columns: [], rows: [] }
      const answer = factsOf(isBehind(plan), isApproximate(plan), plan.shift_ms)
      const coverage = coverageOf(plan.window.step_ms, answer)
      return { columns: withUnits(plan.metric, columns), rows, sql: plan.sql, coverage }
    })
    const together = factsOf(
      plans.some(isBehind),
      plans.some(isApproximate),
      questionShift(first.params, window),
    )
    return { tables, coverage: coverageOf(window.step_ms, together) }
  }
}

function questionWindow({ metric, params }: MetricQuestion, now_ms: number): Window {
  if (metric.shape === 'top' && params.step !== undefined && params.step !== 'none') {
    throw new InvalidError(`Cannot cut ${metric.name} into intervals`, 'leave step out')
  }
  return parseWindow(params, now_ms, metric.shape === 'series')
}

function questionShift({ compare }: MetricParams, window: Window): number | null {
  return compare === undefined ? null : comparisonShift(window, parseComparison(compare))
}

function isApproximate({ metric, rollup }: { metric: Metric; rollup: Rollup | null }): boolean {
  return rollup !== null && metric.values.some((value) => 'percentile' in value)
}

function orderAndLimit({ metric, params: { limit, order } }: MetricQuestion): (window: Window) => string {
  const names = metric.values.map((value) => value.name)
  if (metric.shape !== 'top') {
    if (limit === undefined && order === undefined) {
      return (window) => `ORDER BY ${keyColumns(metric, window).join(', ')}`
    }
    throw new InvalidError(
      `Cannot limit or order ${metric.name}: it is no top list`,
      'leave limit and order out',
    )
  }
  if (order !== undefined && !names.includes(order)) {
    throw new InvalidError(
      `Cannot order by '${order}'`,
      `write one of ${[...names, ...Object.keys(metric.orderedBy ?? {})].join(', ')}`,
    )
  }
  const rows = whole('limit', limit ?? 20, 1, 1000)
  return (window) => {
    const tieBreak = keyColumns(metric, window).join(', ')
    return `ORDER BY ${order ?? names[0]} DESC, ${tieBreak} LIMIT ${rows}`
  }
}

function withUnits(metric: Metric, columns: readonly { name: string; type: string }[]): TableColumn[] {
  const units = new Map(metric.values.flatMap(comparedColumns).map(({ name, unit }) => [name, unit]))
  return columns.map((column) => {
    const unit = units.get(column.name)
    return unit === undefined ? column : { ...column, unit }
  })
}
