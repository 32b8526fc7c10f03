import { formatTime, formatUsd, formatUsdRange } from '../format.ts'
import { Panel } from '../panel.tsx'
import { view } from '../view.ts'
import { monthName } from './asked-cost.ts'
import type { AskedCost, Cost } from './asked-cost.ts'

/** What the month has cost so far, and what it will have cost at its end. */
export function Headline({ cost, asked }: { cost: Cost; asked: AskedCost }) {
  const { total, month, is_over, to } = cost
  const { forecast } = total
  return (
    <Panel title={monthName(month)} span={4} asked={asked} about={{ text: total.how, sql: null }}>
      <div class="cost-head">
        <div>
          <span class="cost-label">{is_over ? 'The whole month' : 'So far'}</span>
          <strong class="cost-sum">
            {!total.complete && <small>at least </small>}
            {formatUsd(total.usd)}
          </strong>
          {!is_over && <span class="faint">until {formatTime(to, view.value.zone, false)}</span>}
        </div>
        {!is_over && (
          <div>
            <span class="cost-label">Forecast for the month</span>
            <strong class="cost-sum cost-forecast">{forecast ? formatUsd(forecast.usd) : 'none yet'}</strong>
            {forecast && (
              <span class="faint">
                {formatUsdRange(forecast.usd_low, forecast.usd_high)}, nine times in ten
              </span>
            )}
          </div>
        )}
        <p class="faint cost-how">{total.how}</p>
      </div>
    </Panel>
  )
}
