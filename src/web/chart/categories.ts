import type { Unit } from '../api.ts'
import { formatShort, formatValue } from '../format.ts'
import type { Palette, SeriesColor } from '../theme.ts'
import type { Option } from './engine.ts'
import { frame, grid, tipRow, tipTime } from './frame.ts'

export interface Categories {
  names: string[]
  bars: { name: string; values: (number | null)[]; color: SeriesColor; unit: Unit | undefined }[]
}

/** What ECharts draws of values by name: lying bars, the first on top. */
export function categoriesOption({ names, bars }: Categories, palette: Palette): Option {
  const label = { color: palette.muted, fontSize: 11 }
  const unit = bars[0]?.unit
  return {
    ...frame(palette, {
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      formatter: ([first]: { dataIndex: number }[]) => {
        const index = first?.dataIndex ?? 0
        const rows = bars.map(({ name, values, color, unit: of }) =>
          tipRow(name, formatValue(values[index], of), color),
        )
        return tipTime((names[index] ?? '').slice(0, 120)) + rows.join('')
      },
    }),
    grid: { ...grid, right: 16 },
    xAxis: {
      type: 'value',
      axisLabel: {
        ...label,
        hideOverlap: true,
        formatter: (value: number) => (unit ? formatValue(value, unit) : formatShort(value)),
      },
      splitLine: { lineStyle: { color: palette.line } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: names,
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: { ...label, width: 180, overflow: 'truncate' },
    },
    series: bars.map(({ name, values, color }) => ({
      name,
      type: 'bar',
      data: values,
      color: palette.series[color],
      barMaxWidth: 18,
      emphasis: { disabled: true },
    })),
  }
}
