import { formatCount, formatTick } from '../format.ts'
import type { Zone } from '../format.ts'
import type { Palette } from '../theme.ts'
import type { Option } from './engine.ts'
import { frame, grid, tipRow, tipTime } from './frame.ts'

export interface HeatMap {
  times_ms: number[]
  /** Names of the rows, from the bottom up. */
  rows: string[]
  /** Place of the time, place of the row, how much. */
  cells: [time: number, row: number, value: number][]
  zone: Zone
  window_ms: number
}

/** What ECharts draws of counts over time and a name; the colour is the logarithm, as few of many would not be seen. */
export function heatMapOption({ times_ms, rows, cells, zone, window_ms }: HeatMap, palette: Palette): Option {
  const most = Math.max(1, ...cells.map(([, , value]) => Math.log10(value + 1)))
  const label = { color: palette.muted, fontSize: 11 }
  return {
    ...frame(palette, {
      formatter: ({ value: [time = 0, row = 0, , count = 0] }: { value: number[] }) =>
        tipTime(formatTick(times_ms[time] ?? 0, zone, window_ms)) +
        tipRow(rows[row] ?? '', formatCount(count)),
    }),
    grid,
    visualMap: { show: false, min: 0, max: most, dimension: 2, inRange: { color: palette.heat } },
    xAxis: {
      type: 'category',
      data: times_ms.map((at_ms) => formatTick(at_ms, zone, window_ms)),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...label, hideOverlap: true, interval: Math.max(0, Math.floor(times_ms.length / 8) - 1) },
    },
    yAxis: {
      type: 'category',
      data: rows,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: label,
    },
    series: [
      {
        name: 'requests',
        type: 'heatmap',
        data: cells.map(([time, row, value]) => [time, row, Math.log10(value + 1), value]),
        itemStyle: { borderColor: palette.surface, borderWidth: 1, borderRadius: 2 },
        emphasis: { itemStyle: { borderColor: palette.accent } },
      },
    ],
  }
}
