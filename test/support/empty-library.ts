import { createSearch } from '../../src/search/search.ts'

/** A library without entries, for tests of the model alone. */
export const emptyLibrary = {
  entries: [],
  find: async () => createSearch<never>([])({ text: '', buckets: [], now_ms: 0, zone: 'UTC' }),
}
