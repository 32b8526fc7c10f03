import { ask } from '../api.ts'
import { Select } from '../choice.tsx'
import { isToldOnce } from '../failures.ts'
import { place } from '../location.ts'
import { Failed, Loading } from '../states.tsx'
import { useAnswer } from '../use-answer.ts'
import { change, monthName } from './asked-cost.ts'
import { Causes } from './causes.tsx'
import { DaysPanel } from './days-panel.tsx'
import { Headline } from './headline.tsx'
import { Allowances, Parts, StoredBuckets } from './parts.tsx'
import { NotKnown, Prices } from './prices.tsx'
import { WhatIfs } from './what-ifs.tsx'

const providerTitles = {
  '': 'Prices: yours',
  spaces: 'Spaces',
  'aws-s3': 'AWS S3',
  wasabi: 'Wasabi',
  'backblaze-b2': 'Backblaze B2',
  'cloudflare-r2': 'Cloudflare R2',
}

/** What the month costs, why, and what would save. The address holds what is asked. */
export default function CostPage() {
  const params = new URLSearchParams(place.value.search)
  const query = Object.fromEntries(
    ['month', 'provider', 'cold_after_days', 'own_sites'].map((name) => [name, params.get(name) ?? '']),
  )
  const asked = useAnswer(`cost ${JSON.stringify(query)}`, (signal) => ask('GET /cost', { query, signal }))
  const cost = asked.data
  return (
    <>
      <header class="page-head">
        <div class="controls">
          <h1>Cost</h1>
          <div class="row">
            <Select
              label="Month"
              options={Object.fromEntries(months().map((month) => [month, monthName(month)]))}
              chosen={query['month'] || (months()[0] ?? '')}
              onChoose={(month) => change('month', month === months()[0] ? '' : month)}
            />
            <Select
              label="Whose prices"
              options={providerTitles}
              chosen={(query['provider'] ?? '') as keyof typeof providerTitles}
              onChoose={(provider) => change('provider', provider)}
            />
          </div>
        </div>
      </header>
      {!cost && asked.error && !isToldOnce(asked.error) && (
        <section class="panel">
          <Failed error={asked.error} />
        </section>
      )}
      {!cost && (!asked.error || isToldOnce(asked.error)) && <Loading height={420} />}
      {cost && (
        <div class="grid">
          <Headline cost={cost} asked={asked} />
          <DaysPanel cost={cost} asked={asked} />
          <Parts cost={cost} asked={asked} />
          <Allowances cost={cost} asked={asked} />
          <StoredBuckets cost={cost} asked={asked} />
          <Causes cost={cost} asked={asked} />
          <WhatIfs cost={cost} asked={asked} coldDays={query['cold_after_days'] || '30'} />
          <Prices cost={cost} asked={asked} />
          <NotKnown cost={cost} />
        </div>
      )}
    </>
  )
}

// As far back as most keep their logs.
const monthsBack = 4

function months(): string[] {
  const now = new Date()
  return Array.from({ length: monthsBack }, (_, n) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - n)).toISOString().slice(0, 7),
  )
}
