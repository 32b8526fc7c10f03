import type { Coverage } from '../metrics/answers.ts'
import { dayOf } from './month.ts'
import type { MonthOutlook, Observed } from './outlook.ts'
import { wholeDays } from './outlook.ts'
import type { PriceList } from './price-list.ts'
import { carriedDays, dayName } from './usage.ts'
import type { StoredDays } from './usage.ts'
import { leastDays } from './forecast.ts'

export interface Known {
  prices: PriceList
  stored: StoredDays
  logged: ReadonlyMap<string, unknown>
  observed: Observed
  outlook: MonthOutlook | null
  /** Of the month: days of which something is known to be stored. */
  days: number
  coverage: Coverage
}

/** All that the figures leave out, in sentences; nothing of it is guessed. */
export function unknownsOf({ prices, stored, logged, observed, outlook, days, coverage }: Known): string[] {
  const { month, now_ms, used } = observed
  const today = dayOf(Math.min(now_ms, month.to_ms - 1))
  const begun = today - dayOf(month.from_ms) + 1
  const isOver = now_ms >= month.to_ms
  const said: string[] = [
    'Only buckets whose access logs or snapshots are read here are counted; taxes, credits and support are not.',
  ]
  if (used.length === 0) said.push('No request is logged in this month or the eight weeks before.')
  else if ((used[0]?.day ?? 0) > dayOf(month.from_ms))
    said.push(
      `Requests are known from ${dayName(used[0]?.day ?? 0)} on: what was sent before in this month is not counted.`,
    )
  if (!isOver && !outlook)
    said.push(
      `There is no forecast: it needs ${leastDays} whole days of logs, and there are ${wholeDays(observed).length}.`,
    )
  if (days === 0)
    said.push(
      'What is stored is not known: there is no snapshot of this month, nor of the three days before it.',
    )
  else if (days < begun)
    said.push(`What is stored is known on ${days} of ${begun} days, and their mean stands for the others.`)
  const without = [...logged.keys()].filter((bucket) => !stored.buckets.has(bucket))
  if (without.length > 0)
    said.push(`There is no snapshot of ${listed(without)}: their storage is not counted.`)
  const old = [...stored.buckets]
    .filter(([, all]) => (all.at(-1)?.day ?? 0) + carriedDays < today)
    .map(([bucket]) => bucket)
  if (old.length > 0)
    said.push(
      `The newest snapshot of ${listed(old)} is older than ${carriedDays} days: nothing is counted after that.`,
    )
  if (stored.cut.length > 0)
    said.push(
      `Snapshots of ${listed(stored.cut)} were ended by a limit and hold too little: they are not counted.`,
    )
  for (const part of ['subscription', 'storage', 'egress', 'cdn', 'writes', 'reads', 'cold'] as const)
    if (prices[part] === null)
      said.push(`The price of ${priceWords[part]} is not known for ${prices.provider}.`)
  return [
    ...said,
    ...prices.notes.map((note) => `${prices.provider}: ${note}.`),
    ...coverage.notes.map(sentence),
  ]
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
}

const priceWords = {
  subscription: 'the subscription',
  storage: 'storage',
  egress: 'egress',
  cdn: 'the CDN',
  writes: 'requests that write',
  reads: 'requests that read',
  cold: 'cold storage',
}

function listed(buckets: readonly string[]): string {
  const some = buckets.slice(0, 5).join(', ')
  return buckets.length > 5 ? `${some} and ${buckets.length - 5} more` : some
}
