import { ChartPanel } from '../chart-panel.tsx'
import { dayBarsOption } from '../chart/day-bars.ts'
import { formatBytes } from '../format.ts'
import type { AskedCost, Cost } from './asked-cost.ts'

const columns = [
  { name: 'day', type: 'VARCHAR' },
  ...(['origin_bytes', 'cdn_bytes', 'forecast_bytes', 'forecast_low', 'forecast_high'] as const).map(
    (name) => ({
      name,
      type: 'DOUBLE',
      unit: 'Bytes' as const,
    }),
  ),
]

/** The days of the month: what was sent, and the band of what is to come. */
export function DaysPanel({ cost, asked }: { cost: Cost; asked: AskedCost }) {
  const { by_day, parts } = cost
  const sent = by_day.reduce((sum, day) => sum + (day.origin_bytes ?? 0) + (day.cdn_bytes ?? 0), 0)
  const coming = by_day.filter((day) => day.forecast_bytes !== null).length
  return (
    <ChartPanel
      title="Egress by day"
      span={8}
      height={236}
      asked={asked}
      empty={sent === 0 && coming === 0 && 'Nothing was sent in this month, as far as the logs tell.'}
      table={{
        columns,
        rows: by_day.map((day) => [
          day.day,
          day.origin_bytes,
          day.cdn_bytes,
          day.forecast_bytes,
          day.forecast_low,
          day.forecast_high,
        ]),
      }}
      about={{
        text: `Bytes sent on each day in UTC; what the CDN fetches from the origin is in both. ${cost.total.how}`,
        sql: parts.find(({ part }) => part === 'origin_egress')?.proof?.sql ?? null,
      }}
      legend={
        <div class="legend">
          <span>
            <i class="dot dot-blue" /> Origin
          </span>
          <span>
            <i class="dot dot-teal" /> CDN
          </span>
          {coming > 0 && (
            <span>
              <i class="dot dot-violet dot-dashed" /> Forecast, nine times in ten within the band
            </span>
          )}
        </div>
      }
      chart={{
        label: `Egress by day: ${formatBytes(sent)} sent, ${coming} days forecast`,
        data: by_day,
        draw: dayBarsOption,
      }}
    />
  )
}
