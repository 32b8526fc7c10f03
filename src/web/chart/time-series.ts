import type { Unit } from '../api.ts'
import {
  formatBytes,
  formatCount,
  formatMs,
  formatShort,
  formatTick,
  formatTime,
  formatValue,
} from '../format.ts'
import type { Zone } from '../format.ts'
import type { Palette, SeriesColor } from '../theme.ts'
import type { Option } from './engine.ts'
import { escapeHtml } from './escape.ts'
import { frame, grid, tipRow, tipTime } from './frame.ts'

export interface Line {
  name: string
  values: (number | null)[]
  color: SeriesColor
  kind: 'bar' | 'line' | 'area'
  /** Lies on top of the others that say so. */
  stacked?: boolean
  /** What was before, to compare with. */
  dashed?: boolean
}

/** A span of time to point at. */
export interface Mark {
  name: string
  from_ms: number
  to_ms: number
  severity: string
}

export interface TimeSeries {
  /** Starts of the intervals, in milliseconds since the epoch. */
  times_ms: number[]
  step_ms: number
  window: { from_ms: number; to_ms: number }
  unit: Unit
  zone: Zone
  lines: Line[]
  marks?: Mark[]
}

const axisValue: Record<Unit, (value: number) => string> = {
  Count: formatShort,
  Bytes: formatBytes,
  // Powers of ten stay powers of ten.
  Milliseconds: (value) => (value < 1000 ? formatMs(value) : `${formatCount(value / 1000)} s`),
  Percent: (value) => `${value} %`,
  Timestamp: String,
}

/** What ECharts draws of series over time. */
export function timeSeriesOption(data: TimeSeries, palette: Palette): Option {
  const { times_ms, step_ms, window, unit, zone, lines, marks = [] } = data
  const window_ms = window.to_ms - window.from_ms
  const first_ms = times_ms[0] ?? window.from_ms
  const markArea = {
    silent: true,
    itemStyle: { color: palette.series.red, opacity: 0.09 },
    data: marks.map(({ from_ms, to_ms }) => [
      { xAxis: Math.max(from_ms, first_ms) },
      { xAxis: Math.min(to_ms, window.to_ms) },
    ]),
  }
  return {
    ...frame(palette, {
      trigger: 'axis',
      padding: [8, 10],
      axisPointer: {
        type: 'line',
        lineStyle: { color: palette.muted, type: 'dashed', width: 1 },
      },
      formatter: (params: unknown) => tooltip(params, data),
    }),
    grid,
    xAxis: {
      type: 'time',
      min: Math.min(first_ms, window.from_ms),
      max: window.to_ms,
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        color: palette.muted,
        fontSize: 11,
        hideOverlap: true,
        formatter: (value: number) => formatTick(value, zone, window_ms),
      },
    },
    yAxis: {
      // Percentiles lie far apart: on a plain scale the slowest request would hide the others.
      ...(unit === 'Milliseconds' ? { type: 'log', min: 1 } : { type: 'value', min: 0 }),
      splitNumber: 4,
      ...(unit === 'Count' && { minInterval: 1 }),
      ...(unit === 'Bytes' && byteScale(lines)),
      axisLabel: { color: palette.muted, fontSize: 11, formatter: axisValue[unit] },
      splitLine: { lineStyle: { color: palette.line } },
    },
    series: lines.map(({ name, values, color, kind, stacked, dashed }, place) => ({
      name,
      type: kind === 'bar' ? 'bar' : 'line',
      data: times_ms.map((at_ms, index) => [
        // All kinds stand in the middle of their interval, so that linked pointers agree.
        at_ms + step_ms / 2,
        scaled(values[index], unit),
      ]),
      color: palette.series[color],
      ...(stacked && { stack: 'all' }),
      ...(kind === 'bar'
        ? { barCategoryGap: '18%', barMaxWidth: 28 }
        : {
            showSymbol: times_ms.length === 1,
            symbolSize: 5,
            lineStyle: { width: dashed ? 1.25 : 1.75, ...(dashed && { type: 'dashed', opacity: 0.8 }) },
          }),
      ...(kind === 'area' && { areaStyle: { opacity: 0.16 } }),
      emphasis: { disabled: true },
      ...(place === 0 && marks.length > 0 && { markArea }),
    })),
  }
}

/** On a scale of logarithms nothing is below one. */
function scaled(value: number | null | undefined, unit: Unit): number | null | undefined {
  return unit === 'Milliseconds' && typeof value === 'number' ? Math.max(1, value) : value
}

/** Up to the largest value in about four steps that a person would write in KiB, MiB, GiB. */
export function byteScale(lines: readonly Pick<Line, 'values'>[]): { interval: number; max: number } {
  const most = Math.max(1, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)))
  const unit = 1024 ** Math.floor(Math.log2(most) / 10)
  const nice = [0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 5, 10, 20, 25, 50, 100, 200, 250, 256]
  const interval = unit * (nice.find((step) => step >= most / unit / 4) ?? 256)
  return { interval, max: interval * Math.ceil(most / interval) }
}

function tooltip(params: unknown, { times_ms, lines, unit, zone, step_ms, marks = [] }: TimeSeries): string {
  const [first] = (Array.isArray(params) ? params : [params]) as { dataIndex: number }[]
  const index = first?.dataIndex ?? -1
  const at_ms = times_ms[index]
  if (at_ms === undefined) return ''
  const rows = lines
    .filter(({ values }) => values[index] !== null && values[index] !== undefined)
    .map(({ name, values, color }) => tipRow(name, formatValue(values[index], unit), color))
  const events = marks
    .filter(({ from_ms, to_ms }) => from_ms < at_ms + step_ms && to_ms > at_ms)
    .map(({ name }) => `<div class="tip-event">${escapeHtml(name)}</div>`)
  return [tipTime(formatTime(at_ms, zone, step_ms < 60_000)), ...rows, ...events].join('')
}
