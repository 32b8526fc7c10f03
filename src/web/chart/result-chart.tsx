import { useMemo } from 'preact/hooks'
import type { Column, Unit } from '../api.ts'
import { isNumber, titleOf } from '../data-table.tsx'
import type { Zone } from '../format.ts'
import { numberOf } from '../records.ts'
import type { Palette, SeriesColor } from '../theme.ts'
import { categoriesOption } from './categories.ts'
import { Chart } from './chart.tsx'
import type { Option } from './engine.ts'
import { timeSeriesOption } from './time-series.ts'

interface Result {
  columns: readonly Column[]
  rows: readonly (readonly unknown[])[]
}

const colors: SeriesColor[] = ['blue', 'green', 'amber', 'violet', 'teal', 'pink', 'red', 'gray']
const linesAtMost = 8
const barsAtMost = 30

/** Draws whatever a query gave, as far as it can be drawn: over time, or by the first column of words. */
export function ResultChart({ result, zone, height = 320 }: { result: Result; zone: Zone; height?: number }) {
  const drawn = useMemo(() => drawingOf(result, zone), [result, zone])
  if (!drawn) {
    return (
      <div class="state">
        <strong>Nothing to draw</strong>
        <p>A chart needs a column of numbers, and one of times or names.</p>
      </div>
    )
  }
  return (
    <>
      <div class="legend" role="group" aria-label="Legend">
        {drawn.legend.map(({ name, color }) => (
          <span key={name}>
            <i class={`dot dot-${color}`} />
            {name}
          </span>
        ))}
      </div>
      <Chart label={drawn.label} data={drawn} draw={drawn.draw} height={height} />
    </>
  )
}

interface Drawing {
  legend: { name: string; color: SeriesColor }[]
  label: string
  draw: (drawing: Drawing, palette: Palette) => Option
}

function drawingOf({ columns, rows }: Result, zone: Zone): Drawing | null {
  const numbers = columns.map((column, place) => ({ column, place })).filter(({ column }) => isNumber(column))
  if (numbers.length === 0 || rows.length === 0) return null
  const time = columns.findIndex(({ type }) => type === 'TIMESTAMP')
  const word = columns.findIndex((column) => !isNumber(column) && column.type !== 'TIMESTAMP')
  if (time >= 0 && rows.length > 1) return overTime({ rows, numbers, time, word, zone })
  const names = rows
    .slice(0, barsAtMost)
    .map((row, index) => String(row[word === -1 ? time : word] ?? `row ${index + 1}`))
  // Bars of different units on one scale would say nothing.
  const unit = numbers[0]?.column.unit
  const shown = numbers.filter(({ column }) => column.unit === unit).slice(0, 3)
  const bars = shown.map(({ column, place }, index) => ({
    name: titleOf(column.name),
    values: rows.slice(0, barsAtMost).map((row) => numberOf(row[place])),
    color: colors[index] ?? 'gray',
    unit: column.unit,
  }))
  return {
    legend: bars,
    label: `${bars.map(({ name }) => name).join(', ')} of ${names.length} values`,
    draw: (_, palette) => categoriesOption({ names, bars }, palette),
  }
}

function overTime(of: {
  rows: Result['rows']
  numbers: { column: Column; place: number }[]
  time: number
  word: number
  zone: Zone
}): Drawing {
  const { rows, numbers, time, word, zone } = of
  const times_ms = [...new Set(rows.map((row) => Date.parse(String(row[time]))))]
    .filter((at_ms) => !Number.isNaN(at_ms))
    .toSorted((a, b) => a - b)
  const unit = numbers[0]?.column.unit
  const same = numbers.filter(({ column }) => column.unit === unit)
  const first = numbers[0]
  const groups =
    word >= 0 && first
      ? [...Map.groupBy(rows, (row) => String(row[word] ?? '(none)'))]
          .slice(0, linesAtMost)
          .map(([name, own]) => ({ name, rows: own, place: first.place }))
      : same.slice(0, linesAtMost).map(({ column, place }) => ({ name: titleOf(column.name), rows, place }))
  const lines = groups.map(({ name, rows: own, place }, index) => {
    const found = new Map(own.map((row) => [Date.parse(String(row[time])), numberOf(row[place])]))
    return {
      name,
      values: times_ms.map((at_ms) => found.get(at_ms) ?? null),
      color: colors[index] ?? 'gray',
      kind: 'line' as const,
    }
  })
  const window = { from_ms: times_ms[0] ?? 0, to_ms: times_ms.at(-1) ?? 0 }
  const known: Unit = unit ?? 'Count'
  return {
    legend: lines,
    label: `${lines.map(({ name }) => name).join(', ')} at ${times_ms.length} times`,
    draw: (_, palette) =>
      timeSeriesOption(
        // Rows are moments, not intervals.
        { times_ms, step_ms: 0, window, unit: known === 'Timestamp' ? 'Count' : known, zone, lines },
        palette,
      ),
  }
}
