import type { Share, Shares } from './answers.ts'
import type { ListedObject } from './list.ts'

export interface StorageSummarizer {
  visit(page: readonly ListedObject[]): void
  result(): Shares
}

const day_ms = 86_400_000
const ages: [name: string, days: number][] = [
  ['under 1 day', 1],
  ['1 to 7 days', 7],
  ['7 to 30 days', 30],
  ['30 to 90 days', 90],
  ['90 to 365 days', 365],
  ['over 365 days', Number.POSITIVE_INFINITY],
]
const groupsAtMost = 10_000
const shownAtMost = 100
const none = '(none)'
const others = '(others)'

/** Adds up a listing, page by page. Of more than 10,000 prefixes or extensions the later ones count as `(others)`. */
export function createStorageSummarizer(prefix: string, now_ms: number): StorageSummarizer {
  const byPrefix = new Map<string, Share>()
  const byExtension = new Map<string, Share>()
  const byAge = new Map<string, Share>(ages.map(([name]) => [name, { name, objects: 0, bytes: 0 }]))
  return {
    visit(page) {
      for (const { key, bytes, modified_ms } of page) {
        add(byPrefix, segmentAfter(prefix, key), bytes)
        add(byExtension, extensionOf(key), bytes)
        add(byAge, ageOf(now_ms - modified_ms), bytes)
      }
    },
    result: () => ({
      by_prefix: largest(byPrefix),
      by_extension: largest(byExtension),
      by_age: [...byAge.values()],
    }),
  }
}

/** The first path segment of `key` after `prefix`, with its slash; `(none)` when there is no slash. */
export function segmentAfter(prefix: string, key: string): string {
  const slash = key.indexOf('/', prefix.length)
  return slash === -1 ? none : key.slice(prefix.length, slash + 1)
}

function extensionOf(key: string): string {
  return /[^/]\.(\w{1,10})$/.exec(key)?.[1]?.toLowerCase() ?? none
}

function ageOf(age_ms: number): string {
  return ages.find(([, days]) => age_ms < days * day_ms)?.[0] ?? others
}

function add(groups: Map<string, Share>, wanted: string, bytes: number): void {
  const name = groups.has(wanted) || groups.size < groupsAtMost ? wanted : others
  const share = groups.get(name) ?? { name, objects: 0, bytes: 0 }
  share.objects++
  share.bytes += bytes
  groups.set(name, share)
}

function largest(groups: Map<string, Share>): Share[] {
  const sorted = [...groups.values()].toSorted((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1))
  const rest = sorted.slice(shownAtMost)
  if (rest.length === 0) return sorted
  const sum = (pick: (share: Share) => number): number =>
    rest.reduce((total, share) => total + pick(share), 0)
  const other = { name: others, objects: sum(({ objects }) => objects), bytes: sum(({ bytes }) => bytes) }
  return [...sorted.slice(0, shownAtMost), other]
}
