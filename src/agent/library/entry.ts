import type { Entry } from '../../search/rank.ts'
import type { Match } from '../../search/search.ts'

/** What can be found by words and answered by a tool, without a model. */
export interface LibraryEntry extends Entry {
  /** The call that answers it. */
  callOf(match: Pick<Match<Entry>, 'parameters' | 'window'>): { tool: string; given: Record<string, unknown> }
}
