import { formatBytes } from '../format.ts'
import type { Palette } from '../theme.ts'
import type { Option } from './engine.ts'
import { frame, grid, tipRow, tipTime } from './frame.ts'
import { byteScale } from './time-series.ts'

/** One day: what was sent, and what it is thought to send. */
export interface DayBar {
  day: string
  origin_bytes: number | null
  cdn_bytes: number | null
  forecast_bytes: number | null
  forecast_low: number | null
  forecast_high: number | null
}

/** What ECharts draws of days: a bar for what was sent, and a band for what is to come. */
export function dayBarsOption(days: readonly DayBar[], palette: Palette): Option {
  const band = { type: 'line', stack: 'band', symbol: 'none', silent: true, lineStyle: { opacity: 0 } }
  const most = days.flatMap(({ origin_bytes, cdn_bytes, forecast_high }) => [
    (origin_bytes ?? 0) + (cdn_bytes ?? 0),
    forecast_high,
  ])
  return {
    ...frame(palette, {
      trigger: 'axis',
      padding: [8, 10],
      axisPointer: { type: 'shadow', shadowStyle: { color: palette.muted, opacity: 0.08 } },
      formatter: (params: unknown) => tooltip(days, params),
    }),
    grid,
    xAxis: {
      type: 'category',
      data: days.map(({ day }) => Number(day.slice(8))),
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: { color: palette.muted, fontSize: 11, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      min: 0,
      ...byteScale([{ values: most }]),
      axisLabel: { color: palette.muted, fontSize: 11, formatter: formatBytes },
      splitLine: { lineStyle: { color: palette.line } },
    },
    series: [
      { ...band, name: 'low', data: days.map(({ forecast_low }) => forecast_low) },
      {
        ...band,
        name: 'range',
        data: days.map(({ forecast_low, forecast_high }) =>
          forecast_high === null ? null : forecast_high - (forecast_low ?? 0),
        ),
        areaStyle: { color: palette.series.violet, opacity: 0.16 },
      },
      {
        type: 'line',
        name: 'forecast',
        symbol: 'circle',
        symbolSize: 4,
        data: days.map(({ forecast_bytes }) => forecast_bytes),
        color: palette.series.violet,
        lineStyle: { width: 1.75, type: 'dashed' },
        emphasis: { disabled: true },
      },
      ...(['origin_bytes', 'cdn_bytes'] as const).map((name) => ({
        type: 'bar',
        name,
        stack: 'sent',
        barCategoryGap: '25%',
        data: days.map((day) => day[name]),
        color: palette.series[name === 'origin_bytes' ? 'blue' : 'teal'],
        emphasis: { disabled: true },
      })),
    ],
  }
}

function tooltip(days: readonly DayBar[], params: unknown): string {
  const [first] = (Array.isArray(params) ? params : [params]) as { dataIndex: number }[]
  const day = days[first?.dataIndex ?? -1]
  if (!day) return ''
  const { origin_bytes, cdn_bytes, forecast_bytes, forecast_low, forecast_high } = day
  return [
    tipTime(day.day),
    origin_bytes === null ? '' : tipRow('Origin', formatBytes(origin_bytes), 'blue'),
    cdn_bytes === null ? '' : tipRow('CDN', formatBytes(cdn_bytes), 'teal'),
    forecast_bytes === null ? '' : tipRow('Forecast', formatBytes(forecast_bytes), 'violet'),
    forecast_low === null || forecast_high === null
      ? ''
      : tipRow('Nine times in ten', `${formatBytes(forecast_low)} to ${formatBytes(forecast_high)}`),
  ].join('')
}
