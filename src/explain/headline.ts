import type { Explanation, Term } from './answers.ts'
import { dimensionOf } from './dimensions.ts'

type Said = Pick<Explanation, 'measure' | 'unit' | 'total' | 'causes'> & {
  /** What is counted, as in `3,120 more errors`. */
  words: string
  /** What narrows it, as in `bucket photos`. */
  filters: readonly string[]
}

const none: Partial<Record<Term['dimension'], string>> = {
  requester: 'no requester (anonymous)',
  user_agent: 'no agent',
  referer: 'no referer',
  tls_version: 'no TLS (plain HTTP)',
}
const longest = 100

/** The answer in one sentence: its figures and the first cause, or that there is none. */
export function headlineOf(said: Said): string {
  const { total, causes, words, unit } = said
  const amount = (value: number): string => amountOf(Math.abs(value), unit)
  const where = said.filters.length === 0 ? '' : ` with ${said.filters.join(', ')}`
  if (total.selection === 0 && total.baseline === 0) return `There are no ${words}${where} in either window`
  const [cause] = causes
  const { difference, selection, expected } = total
  const more = difference >= 0 ? 'more' : 'fewer'
  if (!cause) {
    const figures = `${amount(selection)} ${words}${where}, ${amount(expected)} expected`
    if (total.change === 'none') return `Nothing stands out: ${figures}, which is no more than chance`
    if (total.change === 'trend')
      return `Nothing stands out: ${figures}, which is on the way from what was before to what came after`
    return `Nothing stands out: ${figures}; ${amount(difference)} ${more}, alike in all that was compared`
  }
  const place = cause.difference >= 0 ? 'come from' : 'are missing from'
  const who = cause.terms.map(nameOf).join(' with ')
  const detail = detailOf(cause.within)
  if (cause.share_percent > 100.5)
    return `${amount(cause.difference)} ${more} ${words}${where} ${place} ${who}${detail}; the whole is ${amount(difference)} ${more}`
  const share = `${Math.round(cause.share_percent)} %`
  return `${amount(cause.difference)} of ${amount(difference)} ${more} ${words}${where} (${share}) ${place} ${who}${detail}`
}

const telling: readonly Term['dimension'][] = [
  'operation',
  'key',
  'prefix',
  'referer',
  'requester',
  'client',
  'bucket',
]

function detailOf(within: Explanation['causes'][number]['within']): string {
  const found = telling.flatMap(
    (name) => within.find(({ dimension, value }) => dimension === name && value !== null) ?? [],
  )
  // An object lies under its prefix.
  const said = found.filter(
    ({ dimension }) => dimension !== 'prefix' || !found.some((one) => one.dimension === 'key'),
  )
  if (said.length === 0) return ''
  const kept = said.slice(0, 3)
  const least = Math.min(...kept.map(({ share_percent }) => share_percent))
  return `, ${least >= 99.5 ? 'all' : 'mostly'} ${kept.map(nameOf).join(', ')}`
}

function nameOf({ dimension, value }: Pick<Term, 'dimension' | 'value'>): string {
  const { words } = dimensionOf(dimension)
  if (value === null) return none[dimension] ?? `no ${words}`
  return `${words} ${value.length > longest ? `${value.slice(0, longest)}…` : value}`
}

const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

function amountOf(value: number, unit: Explanation['unit']): string {
  if (unit === 'Count') return Math.round(value).toLocaleString('en-US')
  const step = Math.min(steps.length - 1, Math.max(0, Math.floor(Math.log2(value || 1) / 10)))
  return `${(value / 1024 ** step).toLocaleString('en-US', { maximumFractionDigits: 1 })} ${steps[step]}`
}
