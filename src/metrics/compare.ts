import { InvalidError } from '../errors.ts'
import type { Value } from './metric.ts'
import { keyColumns, select } from './select.ts'
import type { Selection } from './select.ts'
import type { Window } from './window.ts'

/** `previous`: the window of the same length just before; `week`: the same window seven days earlier. */
export type Comparison = 'previous' | 'week'

const week_ms = 7 * 86_400_000

export function parseComparison(text: string): Comparison {
  if (text === 'previous' || text === 'week') return text
  throw new InvalidError(`Cannot compare with '${text}'`, 'write previous or week')
}

/** How far back the other window lies, in milliseconds; with a step a multiple of it, so that intervals line up. */
export function comparisonShift({ from_ms, to_ms, step_ms }: Window, comparison: Comparison): number {
  const shift_ms = comparison === 'week' ? week_ms : to_ms - from_ms
  const unit_ms = step_ms ?? 1
  if (comparison === 'week' && week_ms % unit_ms !== 0) {
    throw new InvalidError(
      `Cannot compare with the week before: intervals of ${unit_ms / 1000} s do not divide seven days`,
      'write a step such as 5m, 1h or 1d',
    )
  }
  return Math.ceil(shift_ms / unit_ms) * unit_ms
}

/** The window that lies so far back. */
export function earlier(window: Window, shift_ms: number): Window {
  return { ...window, from_ms: window.from_ms - shift_ms, to_ms: window.to_ms - shift_ms }
}

/** Like `select`, with `previous_X` and `change_X` (percent) beside each value X; rows that either window has. */
export function selectCompared(selection: Selection, shift_ms: number): string {
  const { metric, window } = selection
  const names = keyColumns(metric, window)
  const pairs = metric.values.flatMap((value) => [
    `${of(value, 'current')} ${value.name}`,
    `${of(value, 'previous')} previous_${value.name}`,
  ])
  const compared = metric.values.flatMap((value) => comparedColumns(value).map(({ sql }) => sql))
  return `SELECT ${[...names, ...compared].join(', ')}
FROM (SELECT ${[...names, ...pairs].join(', ')}
FROM (
SELECT 'current' period, * FROM (${select(selection)})
UNION ALL
SELECT 'previous' period, * FROM (${select({ ...selection, window: earlier(window, shift_ms), shift_ms })})
))`
}

/** The columns that stand for a value in a comparison. */
export function comparedColumns({ name, unit }: Value): { name: string; unit: Value['unit']; sql: string }[] {
  const pair = [
    { name, unit, sql: name },
    { name: `previous_${name}`, unit, sql: `previous_${name}` },
  ]
  if (unit === 'Timestamp') return pair
  const change = `100.0 * (${name} - previous_${name}) / previous_${name} change_${name}`
  return [...pair, { name: `change_${name}`, unit: 'Percent', sql: change }]
}

// A window without a row counted nothing; its times and shares stay unknown.
function of({ name, unit }: Value, period: 'current' | 'previous'): string {
  const found = `max(CASE WHEN period = '${period}' THEN ${name} END)`
  return unit === 'Count' || unit === 'Bytes' ? `coalesce(${found}, 0)` : found
}
