import { egressUsdBeyondAllowance } from '../cost/price-list.ts'
import type { PriceList } from '../cost/price-list.ts'
import type { Figures } from './detector.ts'

const month_days = 30

/** What the bytes of an incident cost to send. */
export function egressUsd({ bytes }: Figures, _days: number, prices: PriceList): number | null {
  return typeof bytes === 'number' ? egressUsdBeyondAllowance(prices, bytes) : null
}

/** What a month costs in which as many bytes are sent each day as were in these. */
export function monthlyEgressUsd({ bytes }: Figures, days: number, prices: PriceList): number | null {
  return typeof bytes === 'number' ? egressUsdBeyondAllowance(prices, (bytes / days) * month_days) : null
}
