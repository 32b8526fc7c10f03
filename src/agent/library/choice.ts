import { objectsIn } from '../written-calls.ts'
import type { LibraryMatch } from './find.ts'

const none = 'none'

/** JSON Schema of which of a few matches is meant. */
export function choiceSchema(matches: readonly LibraryMatch[]): Record<string, unknown> {
  return {
    type: 'object',
    properties: { choice: { enum: [...matches.map(({ entry }) => entry.name), none] } },
    required: ['choice'],
  }
}

/** The match that a text names; null where it names none. */
export function readChoice(text: string, matches: readonly LibraryMatch[]): LibraryMatch | null {
  const [said] = objectsIn(text)
  const named = said ? String(said.value['choice'] ?? '') : text
  const longest = matches.toSorted((a, b) => b.entry.name.length - a.entry.name.length)
  return longest.find(({ entry }) => named.includes(entry.name)) ?? null
}
