import type { MetricEntry } from '../../metrics/answers.ts'
import { library } from '../../questions/library.ts'
import { costEntries } from './cost-entries.ts'
import type { LibraryEntry } from './entry.ts'
import { metricEntries } from './metric-entries.ts'
import { findingEntries } from './finding-entries.ts'

/** All that the words of a question are searched in. What else answers by name adds its entries here. */
export function libraryEntries(metrics: readonly MetricEntry[]): LibraryEntry[] {
  return [
    ...library.map((question) => ({ ...question, callOf: askIt(question.name) })),
    ...costEntries,
    ...metricEntries(metrics),
    ...findingEntries,
  ]
}

function askIt(question: string): LibraryEntry['callOf'] {
  return ({ parameters, window }) => ({ tool: 'ask_library', given: { question, parameters, ...window } })
}
