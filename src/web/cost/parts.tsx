import { useState } from 'preact/hooks'
import { Bars } from '../bars.tsx'
import { formatBytes, formatShort, formatUsd, formatUsdRange, unknown } from '../format.ts'
import { HowComputed } from '../how-computed.tsx'
import { IconButton } from '../icon.tsx'
import { Panel } from '../panel.tsx'
import type { AskedCost, Cost } from './asked-cost.ts'

type Part = Cost['parts'][number]

const titles: Record<Part['part'], string> = {
  subscription: 'Subscription',
  storage: 'Storage',
  origin_egress: 'Egress, origin',
  cdn_egress: 'Egress, CDN',
  writes: 'Requests that write',
  reads: 'Requests that read',
}
const colors: Record<Part['part'], string> = {
  subscription: 'gray',
  storage: 'green',
  origin_egress: 'blue',
  cdn_egress: 'teal',
  writes: 'amber',
  reads: 'violet',
}

/** What the bill is made of, each with its amount and what it comes to. */
export function Parts({ cost, asked }: { cost: Cost; asked: AskedCost }) {
  const [told, setTold] = useState<Part | null>(null)
  const { parts, total } = cost
  return (
    <Panel title="What it is made of" span={6} asked={asked}>
      <div class="stack-bar" aria-hidden="true">
        {parts.map(
          ({ part, usd }) =>
            usd !== null &&
            usd > 0 && <i key={part} class={`fill-${colors[part]}`} style={{ flexGrow: usd / total.usd }} />,
        )}
      </div>
      <table class="table cost-table">
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col" class="num">
              Used
            </th>
            <th scope="col" class="num">
              So far
            </th>
            <th scope="col" class="num hide-narrow">
              Forecast
            </th>
            <th scope="col">
              <span class="sr">How</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <tr key={part.part}>
              <td>
                <i class={`dot dot-${colors[part.part]}`} /> {titles[part.part]}
              </td>
              <td class="num">{amountOf(part)}</td>
              <td class="num">{formatUsd(part.usd)}</td>
              <td class="num hide-narrow">
                {part.forecast && (
                  <span title={formatUsdRange(part.forecast.usd_low, part.forecast.usd_high)}>
                    {formatUsd(part.forecast.usd)}
                  </span>
                )}
              </td>
              <td class="num">
                <IconButton
                  label={`${titles[part.part]}: how is this computed?`}
                  icon="info"
                  onClick={() => setTold(part)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {told && (
        <HowComputed
          title={titles[told.part]}
          text={`${sentence(told.how)}${rangeOf(told)}`}
          sql={told.proof?.sql ?? null}
          onClose={() => setTold(null)}
        />
      )}
    </Panel>
  )
}

function amountOf({ unit, amount }: Part): string {
  if (amount === null) return unknown
  if (unit === 'Bytes') return formatBytes(amount)
  return unit === 'Count' ? formatShort(amount) : ''
}

function rangeOf({ forecast }: Part): string {
  return forecast
    ? ` The month will end between ${formatUsdRange(forecast.usd_low, forecast.usd_high).replace(' to ', ' and ')}, nine times in ten.`
    : ''
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

/** How much of what is free is used, and will be. */
export function Allowances({ cost, asked }: { cost: Cost; asked: AskedCost }) {
  const { allowances } = cost
  return (
    <Panel
      title="Included each month"
      span={3}
      asked={asked}
      empty={allowances.length === 0 && `${cost.prices.provider} includes nothing.`}
    >
      <ul class="allowances">
        {allowances.map(({ of, included, used, forecast }) => {
          const scale = Math.max(included ?? 0, used ?? 0, forecast ?? 0, 1)
          const share = (value: number | null): string => `${(100 * (value ?? 0)) / scale}%`
          const isOver = included !== null && used !== null && used > included
          return (
            <li key={of}>
              <span class="row allowance-name">
                <b>{of === 'storage' ? 'Storage' : 'Egress'}</b>
                <span class="num">
                  {used === null ? unknown : formatBytes(used)} of{' '}
                  {included === null ? 'any' : formatBytes(included)}
                </span>
              </span>
              <span class="allowance" aria-hidden="true">
                {forecast !== null && <i class="allowance-later" style={{ width: share(forecast) }} />}
                <i
                  class={isOver ? 'allowance-used allowance-over' : 'allowance-used'}
                  style={{ width: share(used) }}
                />
                {included !== null && <i class="allowance-mark" style={{ left: share(included) }} />}
              </span>
              <span class="faint">
                {included !== null && used !== null && `${Math.round((100 * used) / included)} % used`}
                {forecast !== null && `, ${formatBytes(forecast)} forecast`}
              </span>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}

/** What each bucket holds, by its snapshots. */
export function StoredBuckets({ cost, asked }: { cost: Cost; asked: AskedCost }) {
  const { storage } = cost
  return (
    <Panel
      title="Stored"
      note="mean of the month, by bucket"
      span={3}
      asked={asked}
      empty={
        storage.length === 0 && 'No snapshot tells what is stored: it is not known, and nothing is guessed.'
      }
      table={{
        columns: [
          { name: 'bucket', type: 'VARCHAR' },
          { name: 'bytes', type: 'DOUBLE', unit: 'Bytes' },
          { name: 'days', type: 'LONG' },
          { name: 'newest', type: 'VARCHAR' },
          { name: 'usd', type: 'DOUBLE' },
        ],
        rows: storage.map(({ bucket, bytes, days, newest, usd }) => [bucket, bytes, days, newest, usd]),
      }}
    >
      <Bars
        bars={storage.slice(0, 7).map(({ bucket, bytes, usd }) => ({
          key: bucket,
          name: bucket,
          amount: bytes,
          text: (
            <>
              {formatBytes(bytes)} <small class="faint">{formatUsd(usd)}</small>
            </>
          ),
        }))}
      />
    </Panel>
  )
}
