import Type from 'typebox'
import type { Static } from 'typebox'
import { described, nullable, record, text } from '../schema.ts'

const usd = Type.Number({ minimum: 0 })
const amount = Type.Number({ exclusiveMinimum: 0 })
const source = {
  page: described('where the price stands'),
  date: Type.String({ format: 'date', description: 'of the page, or when it was read there' }),
}

const step = record({
  up_to: nullable(amount),
  usd: Type.Number({ minimum: 0, description: 'for each GB, GB-month or 1,000 requests' }),
})
/** Cumulative amounts, each up to its bound at its price; the last has none. A free first step is an allowance. */
export type Step = Static<typeof step>
export const stepList = Type.Array(step, { minItems: 1 })
const price = record({ steps: stepList, ...source })
const egress = record({
  steps: stepList,
  free_times_stored: Type.Optional(
    Type.Number({ minimum: 0, description: 'as many times what is stored goes out free' }),
  ),
  ...source,
})

/** What one provider asks for; null: not known. A CDN whose steps are `egress` shares the price and the allowance of the origin. */
export const priceList = record({
  provider: Type.String({ minLength: 1, maxLength: 60 }),
  gb_bytes: Type.Union([Type.Literal(1_073_741_824), Type.Literal(1_000_000_000)], {
    description: 'what the provider calls a GB',
  }),
  subscription: nullable(record({ usd, ...source })),
  storage: nullable(price),
  egress: nullable(egress),
  cdn: nullable(record({ steps: Type.Union([Type.Literal('egress'), stepList]), ...source })),
  writes: nullable(price),
  reads: nullable(price),
  cold: nullable(
    record({
      usd_per_gb_month: usd,
      retrieval_usd_per_gb: usd,
      minimum_days: Type.Integer({ minimum: 0 }),
      minimum_object_bytes: Type.Integer({ minimum: 0 }),
      ...source,
    }),
  ),
  notes: Type.Array(text),
})
export type PriceList = Static<typeof priceList>

/** What an amount costs in USD: each part of it at the price of its step. */
export function costOf(steps: readonly Step[], amount: number): number {
  let cost = 0
  let from = 0
  for (const { up_to, usd } of steps) {
    const to = up_to ?? Infinity
    if (amount > from) cost += (Math.min(amount, to) - from) * usd
    from = to
  }
  return cost
}

/** How much is free: the bound of a free first step, 0 without one; null: all of it. */
export function allowanceOf([first]: readonly Step[]): number | null {
  return first?.usd === 0 ? first.up_to : 0
}

/** What one more costs in USD once the allowance is used up; 0 where all is free. */
export function usdBeyondAllowance(steps: readonly Step[]): number {
  return steps.find(({ usd }) => usd > 0)?.usd ?? 0
}

/** Bytes as the provider counts them. */
export function gigabytes({ gb_bytes }: PriceList, bytes: number): number {
  return bytes / gb_bytes
}

/** What bytes that leave the origin cost in USD once the allowance is used up; null: not known. */
export function egressUsdBeyondAllowance(prices: PriceList, bytes: number): number | null {
  return prices.egress && usdBeyondAllowance(prices.egress.steps) * gigabytes(prices, bytes)
}

/** The price of the bytes that leave, of which `stored_gb` may set some free. */
export function egressSteps(
  { steps, free_times_stored = 0 }: NonNullable<PriceList['egress']>,
  stored_gb: number,
): Step[] {
  const free = Math.max(allowanceOf(steps) ?? Infinity, free_times_stored * stored_gb)
  if (free_times_stored === 0 || free === Infinity) return [...steps]
  const charged = steps.filter(({ usd, up_to }) => usd > 0 && (up_to ?? Infinity) > free)
  return free === 0 ? charged : [{ up_to: free, usd: 0 }, ...charged]
}
