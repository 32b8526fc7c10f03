import type { Unit } from '../api.ts'
import { formatShort, formatValue } from '../format.ts'
import type { Palette, SeriesColor } from '../theme.ts'
import type { Option } from './engine.ts'
import { escapeHtml } from './escape.ts'

export interface Categories {
  names: string[]
  bars: { name: string; values: (number | null)[]; color: SeriesColor; unit: Unit | undefined }[]
}

/** What ECharts draws of values by name: lying bars, the first on top. */
export function categoriesOption({ names, bars }: Categories, palette: Palette): Option {
  const label = { color: palette.muted, fontSize: 11 }
  const unit = bars[0]?.unit
  return {
    animation: false,
    textStyle: { fontFamily: palette.font },
    grid: { left: 4, right: 16, top: 8, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      confine: true,
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.text, fontSize: 12 },
      formatter: (params: unknown) => {
        const [first] = params as { dataIndex: number }[]
        const index = first?.dataIndex ?? 0
        const rows = bars.map(
          ({ name, values, color, unit: of }) =>
            `<div class="tip-row"><i class="dot dot-${color}"></i><span>${escapeHtml(name)}</span><b>${escapeHtml(formatValue(values[index], of))}</b></div>`,
        )
        return `<div class="tip-time">${escapeHtml((names[index] ?? '').slice(0, 120))}</div>${rows.join('')}`
      },
    },
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
