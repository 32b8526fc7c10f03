import type { MetricEntry } from '../../metrics/answers.ts'
import { library } from '../../questions/library.ts'
import type { Entry } from '../../search/rank.ts'
import type { Match } from '../../search/search.ts'
import { metricEntries } from './metric-entries.ts'

/** What can be found by words and answered by a tool, without a model. */
export interface LibraryEntry extends Entry {
  /** The call that answers it. */
  callOf(match: Pick<Match<Entry>, 'parameters' | 'window'>): { tool: string; given: Record<string, unknown> }
}

/** All that the words of a question are searched in. What else answers by name adds its entries here. */
export function libraryEntries(metrics: readonly MetricEntry[]): LibraryEntry[] {
  return [
    ...library.map((question) => ({ ...question, callOf: askIt(question.name) })),
    ...metricEntries(metrics),
  ]
}

function askIt(question: string): LibraryEntry['callOf'] {
  return ({ parameters, window }) => ({ tool: 'ask_library', given: { question, parameters, ...window } })
}
