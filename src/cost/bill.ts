import type { PartName } from './answers.ts'
import { costOf, egressSteps, gigabytes } from './price-list.ts'
import type { PriceList, Step } from './price-list.ts'

/** What a month, or a part of one, has used. */
export interface Usage {
  /** The mean; null: not known. */
  stored_bytes: number | null
  origin_bytes: number
  cdn_bytes: number
  writes: number
  reads: number
}

/** What each part costs in USD; null: not known. */
export type Bill = Record<PartName, number | null>

/** The bill of a month of which `elapsed` (a share) is over; storage is billed by time, the subscription at once. */
export function billOf(prices: PriceList, usage: Usage, elapsed: number): Bill {
  const { stored_bytes, origin_bytes, cdn_bytes, writes, reads } = usage
  const stored_gb = stored_bytes === null ? null : gigabytes(prices, stored_bytes)
  const { storage } = prices
  return {
    subscription: prices.subscription?.usd ?? null,
    storage: storage && stored_gb !== null ? costOf(storage.steps, stored_gb) * elapsed : null,
    ...egressOf(prices, { origin_bytes, cdn_bytes, stored_gb }),
    writes: requestsOf(prices.writes?.steps, writes),
    reads: requestsOf(prices.reads?.steps, reads),
  }
}

/** The sum of what is known, and whether all is. */
export function sumOf(bill: Bill): { usd: number; complete: boolean } {
  const parts = Object.values(bill)
  return {
    usd: parts.reduce<number>((sum, usd) => sum + (usd ?? 0), 0),
    complete: !parts.includes(null),
  }
}

// Where both share one allowance, each bears the cost of its share of the bytes.
function egressOf(
  prices: PriceList,
  {
    origin_bytes,
    cdn_bytes,
    stored_gb,
  }: { origin_bytes: number; cdn_bytes: number; stored_gb: number | null },
): Pick<Bill, 'origin_egress' | 'cdn_egress'> {
  const { egress, cdn } = prices
  const isFreeByStored = (egress?.free_times_stored ?? 0) > 0
  const known = egress && !(isFreeByStored && stored_gb === null)
  const steps = known ? egressSteps(egress, stored_gb ?? 0) : null
  const of = (steps: readonly Step[] | null, bytes: number): number | null => {
    if (bytes === 0) return 0
    return steps && costOf(steps, gigabytes(prices, bytes))
  }
  if (cdn?.steps !== 'egress')
    return { origin_egress: of(steps, origin_bytes), cdn_egress: of(cdn && cdn.steps, cdn_bytes) }
  const all = origin_bytes + cdn_bytes
  const together = of(steps, all)
  const share = (bytes: number): number | null => together && (together * bytes) / all
  return { origin_egress: share(origin_bytes), cdn_egress: share(cdn_bytes) }
}

function requestsOf(steps: readonly Step[] | undefined, requests: number): number | null {
  if (requests === 0) return 0
  return steps ? costOf(steps, requests / 1_000) : null
}
