import { constants, keywords } from '@questdb/sql-parser/grammar'
import type { Expression, OrderByItem, SelectStatement } from '@questdb/sql-parser'
import type { SourceText } from './read.ts'
import type { NamedRelation, Relation, Value } from './relation.ts'
import { SqlError } from './sql-error.ts'

/** What an expression may name, and what is counted on the way. */
export interface Surroundings {
  text: SourceText
  relations: readonly NamedRelation[]
  /** Names that the SELECT gives its own columns. */
  aliases: Map<string, Value>
  /** Histograms are written as counts, to ask for the number of groups first. */
  as_counts: boolean
  /** Calls that were met; `texts`: what reads a text from end to end. */
  counted: { histograms: number; aggregates: number; texts: number }
  render(expression: Expression, context: Surroundings): Value
  renderSelect(select: SelectStatement): Relation
}

// Quoted where they are names.
const words = new Set([...keywords, ...constants].map((word) => word.toLowerCase()))

/** The text of a pattern; throws SqlError unless it is one and known to be safe. */
export function checkPattern(
  what: string,
  { literal }: Value,
  bad: (pattern: string) => string | null,
  { text, counted }: Surroundings,
): string {
  // A text is searched for the whole pattern at each of its places; whatever the case, that takes half as long again.
  const weight = what.endsWith('ILIKE') ? 1.5 : 1
  counted.texts += weight * Math.max(1, Math.ceil(String(literal).length / 10))
  if (typeof literal !== 'string')
    throw new SqlError(
      `Cannot use ${what} with a pattern that is no text`,
      "write 'pattern'",
      text.find(what),
    )
  const reason = bad(literal)
  if (reason !== null)
    throw new SqlError(
      `Cannot use the pattern of ${what}: ${reason}`,
      'write several simple conditions with AND and OR',
      text.find(literal.replaceAll("'", "''")),
    )
  return literal
}

/** Writes the items of an ORDER BY. */
export function renderOrder(items: readonly OrderByItem[], context: Surroundings): string {
  return items
    .map((item) => {
      only(item, 'expression', 'direction')
      return `${context.render(item.expression, context).sql}${item.direction === 'desc' ? ' DESC' : ''}`
    })
    .join(', ')
}

/** The size of a value once it is text; only of a literal is it known how short it is. */
export function sizeAsText(value: Value | undefined): number {
  if (typeof value?.literal === 'string') return value.size
  return Math.max(1, value?.size ?? 0)
}

/** The largest size among values. */
export function largest(values: readonly { size: number }[]): number {
  return values.reduce((most, { size }) => Math.max(most, size), 0)
}

/** A name in double quotes; QuestDB knows no way to write a quote in one. */
export function identifier(name: string): string {
  if (/^[A-Za-z_]\w{0,63}$/.test(name) && !words.has(name.toLowerCase())) return name
  if (name.length > 0 && name.length <= 128 && !/["'.\\\p{C}]/u.test(name)) return `"${name}"`
  throw new SqlError(
    'Cannot use this name: it is empty, too long or holds quotes, dots or control characters',
    'write a plain name',
  )
}

/** Throws SqlError when a node says more than is read of it. */
export function only(node: object, ...keys: string[]): void {
  for (const [key, value] of Object.entries(node)) {
    if (key !== 'type' && value !== undefined && value !== false && !keys.includes(key))
      throw new SqlError(`Cannot use ${key} here`)
  }
}
