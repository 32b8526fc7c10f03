import { useMemo, useState } from 'preact/hooks'
import type { Column } from '../api.ts'
import { ChartPanel } from '../chart-panel.tsx'
import type { ChartPanelProps } from '../chart-panel.tsx'
import { timeSeriesOption } from '../chart/time-series.ts'
import type { TimeSeries } from '../chart/time-series.ts'
import { formatValue } from '../format.ts'
import { changeView } from '../view.ts'

export interface TimePanelProps extends Omit<ChartPanelProps<TimeSeries>, 'chart' | 'legend' | 'table'> {
  series: TimeSeries | null
  onPick?: (name: string) => void
}

/** A panel with series over time: a legend that hides and shows, a pointer that all share, and drawing across zooms. */
export function TimePanel({ series, onPick, ...panel }: TimePanelProps) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const shown = useMemo(
    () => series && { ...series, lines: series.lines.filter(({ name }) => !hidden.has(name)) },
    [series, hidden],
  )
  const toggle = (name: string): void => {
    const next = new Set(hidden)
    if (!next.delete(name)) next.add(name)
    setHidden(next)
  }
  return (
    <ChartPanel
      {...panel}
      table={series && tableOf(series)}
      legend={
        <div class="legend">
          {series?.lines.map(({ name, color, dashed }) => (
            <button key={name} aria-pressed={!hidden.has(name)} onClick={() => toggle(name)}>
              <i class={`dot dot-${color}${dashed ? ' dot-dashed' : ''}`} />
              {name}
            </button>
          ))}
        </div>
      }
      chart={
        series &&
        shown && {
          label: labelOf(panel.title, series),
          data: shown,
          draw: timeSeriesOption,
          group: 'time',
          onZoom: (from_ms, to_ms) =>
            changeView({ from: new Date(from_ms).toISOString(), to: new Date(to_ms).toISOString() }),
          onPick,
        }
      }
    />
  )
}

/** The chart as a table: a row for each interval. */
function tableOf({ times_ms, lines, unit }: TimeSeries): { columns: Column[]; rows: unknown[][] } {
  return {
    columns: [
      { name: 'ts', type: 'TIMESTAMP' },
      ...lines.map(({ name }) => ({ name, type: 'DOUBLE', unit })),
    ],
    rows: times_ms.map((at_ms, index) => [
      new Date(at_ms).toISOString(),
      ...lines.map(({ values }) => values[index] ?? null),
    ]),
  }
}

function labelOf(title: string, { lines, unit, times_ms }: TimeSeries): string {
  const parts = lines.map(({ name, values }) => {
    const known = values.filter((value) => value !== null)
    return `${name} up to ${formatValue(Math.max(0, ...known), unit)}`
  })
  return `${title}, ${times_ms.length} intervals: ${parts.join(', ')}`
}
