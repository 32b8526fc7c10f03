import { useMemo } from 'preact/hooks'
import type { Coverage, Unit } from '../api.ts'
import { alongTimes, intervalsOf } from '../chart/grid.ts'
import type { Group } from '../chart/grid.ts'
import type { Line, Mark } from '../chart/time-series.ts'
import { ExplainLink, explainedOf } from '../explain/explain-link.tsx'
import type { Explained } from '../explain/explain-link.tsx'
import type { SeriesColor } from '../theme.ts'
import type { View } from '../view.ts'
import { TimePanel } from './time-panel.tsx'
import type { TimePanelProps } from './time-panel.tsx'

export interface LinesPanelProps extends Omit<TimePanelProps, 'series' | 'empty' | 'about'> {
  view: View
  /** Of the answer that the lines are made of; nothing before it has come. */
  coverage: Coverage | undefined
  /** Another answer that they are made of. */
  also?: unknown
  unit: Unit
  lines: (times_ms: number[]) => Line[]
  marks?: Mark[]
  /** What it says instead of no lines. */
  none: string
  text: string
  sql: string | undefined
  /** What of it can be explained; without: nothing. */
  measure?: Explained['measure']
}

/** A panel with lines over the window of an answer. */
export function LinesPanel(props: LinesPanelProps) {
  const { view, coverage, also, unit, lines, marks = noMarks, none, text, sql = null, ...rest } = props
  const { measure, controls, ...panel } = rest
  const series = useMemo(() => {
    if (!coverage) return null
    const intervals = intervalsOf(coverage)
    return { ...intervals, unit, zone: view.zone, marks, lines: lines(intervals.times_ms) }
  }, [coverage, also, view, marks])
  return (
    <TimePanel
      {...panel}
      controls={
        <>
          {controls}
          {measure && <ExplainLink of={panel.title} explained={explainedOf(view, measure)} />}
        </>
      }
      series={series}
      empty={series?.lines.length === 0 && none}
      about={{ text, sql }}
    />
  )
}

const noMarks: Mark[] = []

/** Bars of the requests of each value of a column, one upon the other. */
export function barsOf(
  times_ms: number[],
  groups: readonly Group[],
  colorOf: (name: string) => SeriesColor,
): Line[] {
  return groups.map(({ name, records }) => ({
    name,
    values: alongTimes(times_ms, records, 'requests', 0),
    color: colorOf(name),
    kind: 'bar',
    stacked: true,
  }))
}

const comparedNames = { '': '', previous: 'previous period', week: 'week before' }

/** The line of the time that is compared with, such as `p95, week before`; none while nothing is compared. */
export function comparedLine(view: View, of: string, values: (number | null)[]): Line[] {
  if (!view.compare) return []
  return [
    { name: `${of}, ${comparedNames[view.compare]}`, values, color: 'gray', kind: 'line', dashed: true },
  ]
}
