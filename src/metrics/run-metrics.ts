import { InvalidError } from '../errors.ts'
import type { Query } from '../store/query.ts'
import type { Coverage, Table, TableColumn } from './answers.ts'
import { comparedColumns, comparisonShift, earlier, parseComparison, selectCompared } from './compare.ts'
import { createBasis, summarize } from './coverage.ts'
import type { SourceProgress } from './coverage.ts'
import { parseFilters, whole } from './filter.ts'
import type { Condition, FilterParams, Scope } from './filter.ts'
import type { Metric } from './metric.ts'
import { chooseRollup, countStoredRows, readRollupFacts } from './rollups.ts'
import { keyColumns, select } from './select.ts'
import { chooseSummary, readSummaryFacts } from './summaries.ts'
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
    const [asked, ...others] = questions
    const first = readQuestion(asked, scope, now_ms)
    const { window, shift_ms } = first
    const read = [first, ...others.map((question) => readQuestion(question, scope, now_ms))]
    const large = (await countStoredRows(query, window)) > rollupAbove_rows
    const [facts, summaries] = await Promise.all([
      large ? readRollupFacts(query) : null,
      large && read.some(isTop) ? readSummaryFacts(query, scope, read) : null,
    ])
    const growing = summarize(progress(), scope).pending > 0
    const plans = read.map((question) => {
      const { metric, window, shift_ms, conditions, tail } = question
      const summary = summaries && chooseSummary(question, summaries)
      const minutes = facts && !summary ? chooseRollup(metric, window, conditions, facts, growing) : null
      const selection = { metric, window, conditions, rollup: summary?.rollup ?? minutes }
      const body = shift_ms === null ? select(selection) : selectCompared(selection, shift_ms)
      const behind = minutes !== null && facts !== null && minutes.until_ms > facts.complete_until_ms
      const answer = {
        shift_ms,
        approximate: minutes !== null && metric.values.some((value) => 'percentile' in value),
        bound: summary?.bound ?? null,
        notes: behind ? ['the rollups are catching up with new rows'] : [],
      }
      return { metric, window, answer, sql: `${body}\n${tail}` }
    })
    const [coverageOf, ...results] = await Promise.all([
      readBasis(window, scope),
      ...plans.map(({ sql }) => query(sql)),
    ])
    const tables = plans.map(({ metric, window, answer, sql }, index) => {
      const { columns, rows } = results[index] ?? { columns: [], rows: [] }
      return {
        columns: withUnits(metric, columns),
        rows,
        sql,
        coverage: coverageOf(window.step_ms, answer),
      }
    })
    const together = {
      shift_ms,
      approximate: plans.some(({ answer }) => answer.approximate),
      notes: [...new Set(plans.flatMap(({ answer }) => answer.notes))],
    }
    return { tables, coverage: coverageOf(window.step_ms, together) }
  }
}

interface ReadQuestion {
  metric: Metric
  window: Window
  shift_ms: number | null
  /** `window`, and that which it is compared with. */
  windows: readonly [Window, ...Window[]]
  conditions: readonly Condition[]
  /** The value that a top metric is sorted by. */
  order: string
  tail: string
}

function readQuestion(question: MetricQuestion, scope: Scope, now_ms: number): ReadQuestion {
  const { metric, params } = question
  const window = questionWindow(question, now_ms)
  const conditions = parseFilters(params, scope)
  const shift_ms = questionShift(params, window)
  const windows: ReadQuestion['windows'] = shift_ms === null ? [window] : [window, earlier(window, shift_ms)]
  return { metric, window, shift_ms, windows, conditions, ...orderAndLimit(question, window) }
}

function isTop({ metric }: { metric: Metric }): boolean {
  return metric.shape === 'top'
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

function orderAndLimit(
  { metric, params: { limit, order } }: MetricQuestion,
  window: Window,
): Pick<ReadQuestion, 'order' | 'tail'> {
  const names = metric.values.map((value) => value.name)
  const keys = keyColumns(metric, window).join(', ')
  const sorted = order ?? metric.values[0].name
  if (!isTop({ metric })) {
    if (limit === undefined && order === undefined) return { order: sorted, tail: `ORDER BY ${keys}` }
    throw new InvalidError(
      `Cannot limit or order ${metric.name}: it is no top list`,
      'leave limit and order out',
    )
  }
  if (!names.includes(sorted)) {
    throw new InvalidError(
      `Cannot order by '${sorted}'`,
      `write one of ${[...names, ...Object.keys(metric.orderedBy ?? {})].join(', ')}`,
    )
  }
  const rows = whole('limit', limit ?? 20, 1, 1000)
  return { order: sorted, tail: `ORDER BY ${sorted} DESC, ${keys} LIMIT ${rows}` }
}

function withUnits(metric: Metric, columns: readonly { name: string; type: string }[]): TableColumn[] {
  const units = new Map(metric.values.flatMap(comparedColumns).map(({ name, unit }) => [name, unit]))
  return columns.map((column) => {
    const unit = units.get(column.name)
    return unit === undefined ? column : { ...column, unit }
  })
}
