import { useState } from 'preact/hooks'
import { Segments } from '../choice.tsx'
import { formatBytes, formatUsd } from '../format.ts'
import { HowComputed } from '../how-computed.tsx'
import { IconButton } from '../icon.tsx'
import { change } from './asked-cost.ts'
import type { AskedCost, Cost } from './asked-cost.ts'

type WhatIf = Cost['what_if'][number]

const titles: Record<WhatIf['change'], string> = {
  cdn_on: 'CDN on',
  cold_storage: 'Cold storage',
  hotlinks_refused: 'Hotlinks refused',
  crawlers_refused: 'Crawlers refused',
}
const days: Record<string, string> = { 3: '3 d', 7: '7 d', 30: '30 d', 90: '90 d' }

/** What changes would save in a month, each with all that is assumed. */
export function WhatIfs({ cost, asked, coldDays }: { cost: Cost; asked: AskedCost; coldDays: string }) {
  const [told, setTold] = useState<WhatIf | null>(null)
  return (
    <>
      <div class="span-12 section-head">
        <h2>What if</h2>
        <span class="faint">saved in a whole month</span>
      </div>
      {cost.what_if.map((what) => (
        <section
          key={what.change}
          class={`panel span-3${asked.loading ? ' is-stale' : ''}`}
          aria-label={titles[what.change]}
        >
          <header class="panel-head">
            <h2>{titles[what.change]}</h2>
            <div class="panel-tools">
              <IconButton
                label={`${titles[what.change]}: how is this computed?`}
                icon="info"
                onClick={() => setTold(what)}
              />
            </div>
          </header>
          {what.change === 'cold_storage' && (
            <Segments
              label="Days without a read"
              options={days}
              chosen={coldDays}
              onChoose={(chosen) => change('cold_after_days', chosen === '30' ? '' : chosen)}
            />
          )}
          <Saving what={what} />
          <p class="faint cost-assumption">{what.why ? sentence(what.why) : `${what.assumption}.`}</p>
        </section>
      ))}
      {told && (
        <HowComputed
          title={titles[told.change]}
          text={`${told.assumption}.`}
          sql={told.proof?.sql ?? null}
          onClose={() => setTold(null)}
        />
      )}
    </>
  )
}

function Saving({ what: { usd_saved, usd_saved_beyond_allowance, bytes } }: { what: WhatIf }) {
  if (usd_saved === null) return <strong class="cost-saved">not known</strong>
  const isMore = usd_saved < -0.005
  const beyond = usd_saved_beyond_allowance
  return (
    <>
      <strong class={`cost-saved${usd_saved >= 0.005 ? ' good' : isMore ? ' bad' : ''}`}>
        {isMore ? `${formatUsd(-usd_saved)} more` : formatUsd(usd_saved)}
      </strong>
      <span class="faint">
        {bytes !== null && formatBytes(bytes)}
        {beyond !== null && `, ${formatUsd(beyond)} beyond the allowance`}
      </span>
    </>
  )
}

function sentence(text: string): string {
  return `Not known: ${text}.`
}
