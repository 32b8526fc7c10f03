import { InvalidError } from '../../errors.ts'
import type { Scope } from '../../metrics/filter.ts'
import { inScope } from '../../metrics/filter.ts'
import { createSearch } from '../../search/search.ts'
import type { FoundEntries, Match } from '../../search/search.ts'
import { isZone } from '../../search/zone.ts'
import type { Query } from '../../store/query.ts'
import type { ChatQuestion } from '../question.ts'
import type { LibraryEntry } from './entry.ts'

export type FoundInLibrary = FoundEntries<LibraryEntry>
export type LibraryMatch = Match<LibraryEntry>

/**
 * What of the library the words of a question mean; `before` is what the question before it meant. Throws InvalidError
 * for a zone and for a chosen name that are not known.
 */
export type FindInLibrary = (
  question: ChatQuestion,
  scope: Scope,
  before: LibraryMatch | null,
) => Promise<FoundInLibrary>

export interface FindOptions {
  entries: readonly LibraryEntry[]
  query: Query
  now: () => number
}

export function createFind({ entries, query, now }: FindOptions): FindInLibrary {
  const search = createSearch(entries)
  return async ({ message, bucket, zone = 'UTC', choose }, scope, before) => {
    if (!isZone(zone))
      throw new InvalidError(`Cannot use the zone '${zone}'`, 'write an IANA name such as Europe/Berlin')
    const chosen = entries.find(({ name }) => name === choose)
    if (choose !== undefined && !chosen)
      throw new InvalidError(
        `Cannot find '${choose}' in the library`,
        'write a name of nearest, or leave choose out',
        'unknown_question',
      )
    const buckets = await readBuckets(query, scope)
    const { matches, ...found } = search({ text: message, buckets, now_ms: now(), zone, before, chosen })
    return { ...found, matches: matches.map((match) => lookedAt(match, bucket)) }
  }
}

/** With the bucket that the reader looks at, unless the words name another. */
function lookedAt(match: LibraryMatch, bucket: string | undefined): LibraryMatch {
  const takesIt = match.entry.parameters.some(({ name }) => name === 'bucket')
  return bucket && takesIt ? { ...match, parameters: { bucket, ...match.parameters } } : match
}

/** From the rollups, and from what is too new for them. */
async function readBuckets(query: Query, scope: Scope): Promise<string[]> {
  const tables = ['operations_1h', "operations WHERE ts > dateadd('h', -3, now())", 'snapshots']
  const found = await Promise.all(
    tables.map((table) =>
      query(`SELECT DISTINCT bucket FROM (SELECT bucket, source FROM ${table}) WHERE ${inScope(scope)}`),
    ),
  )
  const names = found.flatMap(({ rows }) =>
    rows.flatMap(([bucket]) => (typeof bucket === 'string' ? [bucket] : [])),
  )
  return [...new Set(names)]
}
