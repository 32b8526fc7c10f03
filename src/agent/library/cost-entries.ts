import type { LibraryEntry } from './entry.ts'

/** What is asked of money as a whole, each answered by one table of `read_cost`, of the month that the window begins in. */
export const costEntries: readonly LibraryEntry[] = [
  entry(
    'month-cost',
    'parts',
    'What does this month cost, and what will it cost?',
    'what does it cost, total cost, how high is the bill, monthly bill so far, forecast of the cost, how much will we pay; was kostet es, Rechnung, Kosten insgesamt, Prognose der Kosten',
    'Storage, egress of origin and CDN and requests of the calendar month in USD, with its forecast.',
  ),
  entry(
    'storage-cost',
    'storage',
    'What does storage cost?',
    'price of what is stored, by bucket; was kostet der Speicher',
    'What each bucket holds by its snapshots, and its share of what storage costs this month.',
  ),
  entry(
    'cost-savings',
    'what_if',
    'What would save money?',
    'how much would the CDN save, how much would cold storage save; was würde Kosten sparen',
    'What a CDN, cold storage, refused hotlinks and refused crawlers would save in a month.',
  ),
]

function entry(name: string, about: string, title: string, words: string, description: string): LibraryEntry {
  const callOf: LibraryEntry['callOf'] = ({ window }) => ({
    tool: 'read_cost',
    given: { about, ...(window && { month: window.from.slice(0, 7) }) },
  })
  return { name, title, words, description, category: 'cost', parameters: [], windows: 'months', callOf }
}
