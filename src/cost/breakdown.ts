import type { Allowance, CostAnswer, CostPart, PartName, Proof } from './answers.ts'
import { partNames } from './answers.ts'
import { billOf, sumOf } from './bill.ts'
import type { Bill, Usage } from './bill.ts'
import type { MonthOutlook } from './outlook.ts'
import { allowanceOf, egressSteps, gigabytes } from './price-list.ts'
import type { PriceList } from './price-list.ts'

/** A month, priced. */
export interface Shown {
  prices: PriceList
  usage: Usage
  bill: Bill
  outlook: MonthOutlook | null
  is_over: boolean
}

const amounts: Record<Exclude<PartName, 'subscription'>, keyof Usage> = {
  storage: 'stored_bytes',
  origin_egress: 'origin_bytes',
  cdn_egress: 'cdn_bytes',
  writes: 'writes',
  reads: 'reads',
}

/** The sum of all parts, and what it will be at the end of the month. */
export function totalOf({ prices, bill, outlook, is_over }: Shown): CostAnswer['total'] {
  const { usd, complete } = sumOf(bill)
  const of = (usage: Usage): number => sumOf(billOf(prices, usage, 1)).usd
  return {
    usd,
    complete,
    forecast:
      is_over || !outlook
        ? null
        : { usd: of(outlook.value), usd_low: of(outlook.low), usd_high: of(outlook.high) },
    how: is_over
      ? 'the month is over'
      : outlook
        ? `Nine of ten months end within the range. Egress and requests: ${outlook.flows}. Storage: ${outlook.level ?? 'not known, as no snapshot tells of it'}. Ranges of the parts are added up, which makes the sum a wider one.`
        : 'no forecast: it needs five whole days of logs',
  }
}

/** What the bill is made of, each part with what it was counted from. */
export function partsOf(
  { prices, usage, bill, outlook, is_over }: Shown,
  proofs: { used: Proof; stored: Proof; window: { from_ms: number; to_ms: number } },
): CostPart[] {
  const from = new Date(proofs.window.from_ms).toISOString()
  const [low, value, high] = (['low', 'value', 'high'] as const).map(
    (kind) => outlook && { usage: outlook[kind], bill: billOf(prices, outlook[kind], 1) },
  )
  return partNames.map((part): CostPart => {
    if (part === 'subscription')
      return {
        part,
        unit: 'Months',
        amount: 1,
        usd: bill.subscription,
        forecast: null,
        how:
          bill.subscription === null
            ? notKnown(prices, 'subscription')
            : 'for the whole month, at its beginning',
        proof: null,
      }
    const name = amounts[part]
    const price = priceOf(prices, part)
    const now = value?.bill[part] ?? null
    const foreseen = value?.usage[name] ?? null
    return {
      part,
      unit: part === 'writes' || part === 'reads' ? 'Count' : 'Bytes',
      amount: usage[name],
      usd: bill[part],
      forecast:
        is_over || now === null || foreseen === null
          ? null
          : {
              value: foreseen,
              low: low?.usage[name] ?? foreseen,
              high: high?.usage[name] ?? foreseen,
              usd: now,
              usd_low: low?.bill[part] ?? now,
              usd_high: high?.bill[part] ?? now,
            },
      how: howOf(part, { prices, usage, price }),
      proof: { ...(part === 'storage' ? proofs.stored : proofs.used), from },
    }
  })
}

function priceOf(prices: PriceList, part: Exclude<PartName, 'subscription'>): unknown {
  if (part === 'storage') return prices.storage
  if (part === 'origin_egress') return prices.egress
  if (part === 'cdn_egress') return prices.cdn
  return prices[part]
}

function howOf(
  part: Exclude<PartName, 'subscription'>,
  { prices, usage, price }: { prices: PriceList; usage: Usage; price: unknown },
): string {
  if (part === 'storage' && usage.stored_bytes === null)
    return 'not known: no snapshot of this month tells what is stored'
  if (!price && usage[amounts[part]] === 0) return 'there is nothing to bill'
  if (!price) return notKnown(prices, part)
  const isShared = prices.cdn?.steps === 'egress'
  switch (part) {
    case 'storage':
      return 'the mean of the days that have a snapshot, for the share of the month that is over; unfinished uploads count'
    case 'origin_egress':
      return `bytes sent by the origin, also to the CDN${isShared ? '; the CDN shares price and allowance, and each bears its share' : ''}`
    case 'cdn_egress':
      return `bytes sent by the CDN${isShared ? '; the origin shares price and allowance, and each bears its share' : ''}`
    case 'writes':
      return 'requests to the origin that write, copy or list; deletions are free'
    case 'reads':
      return 'all other requests to the origin'
  }
}

const notKnown = (prices: PriceList, part: string): string =>
  `not known: the prices of ${prices.provider} hold none for ${part.replace('_', ' ')}, and PRICES_FILE may give it`

/** What is free each month, and how much of it is used. */
export function allowancesOf({ prices, usage, outlook, is_over }: Shown): Allowance[] {
  const unit = 1 / gigabytes(prices, 1)
  const later = is_over ? null : (outlook?.value ?? null)
  const isShared = prices.cdn?.steps === 'egress'
  const sent = (of: Usage): number => of.origin_bytes + (isShared ? of.cdn_bytes : 0)
  const included = (steps: Parameters<typeof allowanceOf>[0]): number | null => {
    const free = allowanceOf(steps)
    return free === null ? null : free * unit
  }
  const { storage, egress } = prices
  return [
    ...(storage
      ? [
          {
            of: 'storage' as const,
            included: included(storage.steps),
            used: usage.stored_bytes,
            forecast: later?.stored_bytes ?? null,
          },
        ]
      : []),
    ...(egress
      ? [
          {
            of: 'egress' as const,
            included: included(egressSteps(egress, gigabytes(prices, usage.stored_bytes ?? 0))),
            used: sent(usage),
            forecast: later && sent(later),
          },
        ]
      : []),
  ].filter(({ included }) => included !== 0)
}
