import { Panel } from '../panel.tsx'
import type { AskedCost, Cost } from './asked-cost.ts'

type Prices = Cost['prices']
type Step = NonNullable<Prices['storage']>['steps'][number]

const meters: { part: 'storage' | 'egress' | 'cdn' | 'writes' | 'reads'; title: string; per: string }[] = [
  { part: 'storage', title: 'Storage', per: 'GB-month' },
  { part: 'egress', title: 'Egress, origin', per: 'GB' },
  { part: 'cdn', title: 'Egress, CDN', per: 'GB' },
  { part: 'writes', title: 'Requests that write', per: '1,000' },
  { part: 'reads', title: 'Requests that read', per: '1,000' },
]

/** Every price that was counted with, where it stands and when it was read there. */
export function Prices({ cost, asked }: { cost: Cost; asked: AskedCost }) {
  const { prices } = cost
  const rows = rowsOf(prices)
  const sources = [...new Set(rows.flatMap(({ source }) => (source ? [nameOf(source)] : [])))]
  return (
    <Panel
      title="Prices"
      note={`${prices.provider}, a GB of ${prices.gb_bytes === 1_000_000_000 ? '1,000' : '1,024'}³ bytes`}
      span={6}
      asked={asked}
    >
      <table class="table cost-prices">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">USD</th>
            <th scope="col">Source</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ title, usd, source }) => (
            <tr key={title}>
              <td>{title}</td>
              <td class={usd === null ? 'bad' : ''}>{usd ?? 'not known'}</td>
              <td class="num">{source && sources.indexOf(nameOf(source)) + 1}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ol class="cost-sources faint" aria-label="Sources of the prices">
        {sources.map((source) => (
          <li key={source}>{source}</li>
        ))}
      </ol>
    </Panel>
  )
}

/** What the figures leave out. */
export function NotKnown({ cost }: { cost: Cost }) {
  return (
    <section class="panel span-6" aria-label="What is not known">
      <header class="panel-head">
        <h2>What is not known</h2>
      </header>
      <ul class="cost-unknowns">
        {cost.not_known.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  )
}

interface Row {
  title: string
  usd: string | null
  source: { page: string; date: string } | null
}

function rowsOf(prices: Prices): Row[] {
  const { subscription, cold } = prices
  return [
    {
      title: 'Subscription',
      usd: subscription && `${money(subscription.usd)} a month`,
      source: subscription,
    },
    ...meters.map(({ part, title, per }) => {
      const price = prices[part]
      const usd =
        price && (price.steps === 'egress' ? 'as the origin, one allowance' : stepsOf(price.steps, per))
      const free = part === 'egress' && prices.egress?.free_times_stored
      return {
        title,
        usd: free && usd ? `free up to ${free} times what is stored, then ${usd}` : usd,
        source: price,
      }
    }),
    {
      title: 'Cold storage',
      usd:
        cold &&
        `${money(cold.usd_per_gb_month)} per GB-month, ${money(cold.retrieval_usd_per_gb)} per GB read, ${cold.minimum_days} days at least`,
      source: cold,
    },
  ]
}

function nameOf({ page, date }: { page: string; date: string }): string {
  return `${page}, ${date}`
}

function stepsOf(steps: readonly Step[], per: string): string {
  const words = steps.map(({ up_to, usd }) => {
    const price = usd === 0 ? 'free' : `${money(usd)} per ${per}`
    return up_to === null ? price : `${price} up to ${up_to.toLocaleString('en')}`
  })
  return words.join(', then ')
}

function money(usd: number): string {
  return `$${Number(usd.toPrecision(4))}`
}
