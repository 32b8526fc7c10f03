import { libraryEntries } from '../../src/agent/library/entries.ts'
import { createCatalog } from '../../src/metrics/catalog.ts'
import { library } from '../../src/questions/library.ts'
import { parseWindow } from '../../src/metrics/window.ts'
import { createSearch } from '../../src/search/search.ts'
import type { Entry } from '../../src/search/rank.ts'
import type { Match } from '../../src/search/search.ts'
import { now_ms } from '../questions/demo-data.ts'
import { isHeldOut, wordings } from './wordings.ts'
import type { Wording } from './wordings.ts'

const metrics = createCatalog({
  runMetrics: () => Promise.reject(new Error('nothing is asked')),
  slowOperation_ms: 5_000,
}).list()
/** All that the library knows. */
export const entries = libraryEntries(metrics)
const search = createSearch(entries)
const buckets = ['app-uploads', 'db-backups', 'media-assets', 'static-site']

/** How one wording went. `wrong`: what was found first is not what is asked. */
export interface SearchResult {
  words: string
  isRight: boolean
  isFirst: boolean
  isAmongFive: boolean
  isCertain: boolean
  /** What was found first, and how sure. */
  found: string
}

/** Searches for the wordings of a part: tuning, held-out or all. */
export function searchAll(part: string): SearchResult[] {
  const chosen = wordings.filter((_, at) => part === 'all' || isHeldOut(at) === (part === 'held-out'))
  return chosen.map(searchWording)
}

/** What is given as certain to a text; null: nothing. */
export function certainTo(text: string): string | null {
  const { matches, isCertain } = search({ text, buckets, now_ms, zone: 'UTC' })
  return isCertain ? (matches[0]?.entry.name ?? null) : null
}

/** Searches what answers a wording, as /chat does without a model. */
function searchWording({ words, before, asks, parameters = {}, window }: Wording): SearchResult {
  const zone = 'UTC'
  const earlier = before ? search({ text: before, buckets, now_ms, zone }).matches[0] : null
  const { matches, isCertain, certainty } = search({
    text: words,
    buckets,
    now_ms,
    zone,
    before: earlier ?? null,
  })
  const isAsked = ({ entry }: Match<Entry>): boolean => asks.includes(entry.name)
  const [first] = matches
  const isFirst = first !== undefined && isAsked(first)
  const expected = { parameters: shown(parameters, first?.entry), window: spanOf(window, first?.entry) }
  const filled = {
    parameters: shown(first?.parameters ?? {}, first?.entry),
    window: spanOf(first?.window, first?.entry),
  }
  const isFilled = JSON.stringify(expected) === JSON.stringify(filled)
  const isRight = asks.length === 0 ? !isCertain : isFirst && isFilled
  const { coverage, margin, left, isDeed, isTimeRead } = certainty
  return {
    words,
    isRight,
    isFirst: asks.length === 0 ? !isCertain : isFirst,
    isAmongFive: asks.length === 0 || matches.some(isAsked),
    isCertain,
    found: `${first?.entry.name ?? 'nothing'} ${JSON.stringify(filled)}${isFilled ? '' : ` instead of ${JSON.stringify(expected)}`} coverage ${coverage.toFixed(2)} margin ${Math.min(99, margin).toFixed(2)}${left ? ` left ${left}` : ''}${isDeed ? ' a deed' : ''}${isTimeRead ? '' : ' time left'} [${matches.map(({ entry }) => entry.name).join(' ')}]`,
  }
}

/** Without what is given by default, in order. */
function shown(values: NonNullable<Wording['parameters']>, entry: Entry | undefined): [string, string][] {
  return Object.entries(values)
    .filter(([name, value]) => entry?.parameters.find((one) => one.name === name)?.default !== value)
    .map(([name, value]): [string, string] => [name, String(value)])
    .toSorted()
}

function spanOf(window: Wording['window'] | Match<Entry>['window'], entry: Entry | undefined): string {
  const lookback = library.find(({ name }) => name === entry?.name)?.window ?? '24h'
  const [from, to] =
    typeof window === 'string'
      ? [window, undefined]
      : window === undefined || window === null
        ? [lookback, undefined]
        : 'from' in window
          ? [window.from, window.to]
          : window
  const { from_ms, to_ms } = parseWindow({ from, to }, now_ms, false)
  return `${new Date(from_ms).toISOString()} ${new Date(to_ms).toISOString()}`
}
