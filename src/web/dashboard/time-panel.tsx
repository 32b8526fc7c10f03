import type { ComponentChildren } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import type { Column } from '../api.ts'
import { Chart } from '../chart/chart.tsx'
import { timeSeriesOption } from '../chart/time-series.ts'
import type { TimeSeries } from '../chart/time-series.ts'
import { formatValue } from '../format.ts'
import { Panel } from '../panel.tsx'
import type { PanelProps } from '../panel.tsx'
import type { Palette } from '../theme.ts'
import { changeView } from '../view.ts'

/** A panel with series over time: a legend that hides and shows, a pointer that all share, and drawing across zooms. */
export function TimePanel({
  series,
  onPick,
  footer,
  ...panel
}: Omit<PanelProps, 'children' | 'table' | 'picture'> & {
  series: TimeSeries | null
  onPick?: (name: string) => void
  footer?: ComponentChildren
}) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const take = useRef<(() => string) | null>(null)
  const shown = useMemo(
    () => series && { ...series, lines: series.lines.filter(({ name }) => !hidden.has(name)) },
    [series, hidden],
  )
  const option = useMemo(() => shown && ((colors: Palette) => timeSeriesOption(shown, colors)), [shown])
  const toggle = (name: string): void => {
    const next = new Set(hidden)
    if (!next.delete(name)) next.add(name)
    setHidden(next)
  }
  return (
    <Panel {...panel} table={series && tableOf(series)} picture={() => take.current?.() ?? 'data:,'}>
      {series && option && (
        <>
          <div class="legend">
            {series.lines.map(({ name, color, dashed }) => (
              <button key={name} aria-pressed={!hidden.has(name)} onClick={() => toggle(name)}>
                <i class={`dot dot-${color}${dashed ? ' dot-dashed' : ''}`} />
                {name}
              </button>
            ))}
          </div>
          <Chart
            label={labelOf(panel.title, series)}
            option={option}
            height={panel.height ?? 220}
            group="time"
            onZoom={(from_ms, to_ms) =>
              changeView({ from: new Date(from_ms).toISOString(), to: new Date(to_ms).toISOString() })
            }
            onPick={onPick}
            picture={(how) => {
              take.current = how
            }}
          />
          {footer}
        </>
      )}
    </Panel>
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
