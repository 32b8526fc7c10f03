import { editDistance } from '../edit-distance.ts'
import { InvalidError } from '../errors.ts'

/** A place in the caller's text: `offset` from 0, `line` and `column` from 1. */
export interface Position {
  offset: number
  line: number
  column: number
}

/** SQL that is not let through or that QuestDB refuses; `position` is null where it is not known. */
export class SqlError extends InvalidError {
  override name = 'SqlError'
  constructor(
    message: string,
    hint?: string,
    readonly position: Position | null = null,
    options?: ErrorOptions,
  ) {
    super(message, hint, 'invalid_sql', options)
  }
}

/** Names closest to a misspelt one, for a hint; empty where none is close. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase().slice(0, 60)
  const near = [...new Set(known)]
    .map((word) => ({ word, away: editDistance(wanted, word.toLowerCase()) }))
    .filter(({ word, away }) => away <= Math.min(3, Math.floor(word.length / 3)))
    .toSorted((a, b) => a.away - b.away)
    .slice(0, 3)
    .map(({ word }) => word)
  return near.length === 0 ? undefined : `did you mean ${near.join(', ')}?`
}
