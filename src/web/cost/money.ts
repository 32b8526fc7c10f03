import { unknown } from '../format.ts'

const cents = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** US dollars as a person reads them; what is less than a cent and more than nothing says so. */
export function formatUsd(usd: number | null): string {
  if (usd === null) return unknown
  const size = Math.abs(usd)
  const sign = usd < 0 && size >= 0.005 ? '−' : ''
  if (size > 0 && size < 0.005) return 'under $0.01'
  return `${sign}$${(size < 1_000 ? cents : whole).format(size)}`
}

/** `$5.57 to $5.58`, or one amount where both are the same. */
export function formatUsdRange(low: number, high: number): string {
  const [from, to] = [formatUsd(low), formatUsd(high)]
  return from === to ? from : `${from} to ${to}`
}
