import { usdBeyondAllowance } from '../cost/price-list.ts'
import type { PriceList, Step } from '../cost/price-list.ts'
import type { Figures } from './detector.ts'

const month_days = 30

/** What the bytes of a month would cost less by the CDN than from the origin. */
export function cdnSavesUsd(
  { bytes }: Figures,
  days: number,
  { egress, cdn, gb_bytes }: PriceList,
): number | null {
  if (!egress || !cdn || cdn.steps === 'egress' || typeof bytes !== 'number') return null
  const saved = usdBeyondAllowance(egress.steps) - usdBeyondAllowance(cdn.steps)
  return saved > 0 ? (saved * bytes * month_days) / days / gb_bytes : null
}

/** What a month of the bytes would cost less in cold storage, once the allowance is used up. */
export function coldSavesUsd(
  { bytes }: Figures,
  _days: number,
  { storage, cold, gb_bytes }: PriceList,
): number | null {
  if (!storage || !cold || typeof bytes !== 'number') return null
  const saved = usdBeyondAllowance(storage.steps) - cold.usd_per_gb_month
  return saved > 0 ? (saved * bytes) / gb_bytes : null
}

/** What it costs to keep the bytes for a month, once the allowance is used up. */
export function keepingUsd(
  { bytes }: Figures,
  _days: number,
  { storage, gb_bytes }: PriceList,
): number | null {
  if (!storage || typeof bytes !== 'number') return null
  return (usdBeyondAllowance(storage.steps) * bytes) / gb_bytes
}

/** What a month of as many HEADs or GETs each day costs; null where they are free. */
export function readsUsd(figures: Figures, days: number, { reads }: PriceList): number | null {
  return requestsUsd(figures, days, reads?.steps)
}

/** What a month of as many listings each day costs: they are billed as writes. */
export function listingsUsd(figures: Figures, days: number, { writes }: PriceList): number | null {
  return requestsUsd(figures, days, writes?.steps)
}

function requestsUsd({ requests }: Figures, days: number, steps: readonly Step[] | undefined): number | null {
  if (!steps || typeof requests !== 'number') return null
  const usd = usdBeyondAllowance(steps)
  return usd > 0 ? (usd * requests * month_days) / days / 1000 : null
}
