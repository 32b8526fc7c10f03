import type { Unit } from '../metrics/answers.ts'
import type { Weight } from './weight.ts'

/** A column of a relation: what the gate knows of its values. */
export interface KnownColumn {
  name: string
  unit?: Unit
  /** How many stored texts one of its texts may be as long as. */
  size: number
}

/** What stands in a FROM: SQL that is safe to run and holds rows of the caller alone. */
export interface Relation extends Weight {
  /** Parenthesised. */
  sql: string
  columns: readonly KnownColumn[]
  /** True when it has columns whose names QuestDB makes up. */
  open: boolean
  /** True when it has so few rows that a cross join with it stays small. */
  few: boolean
  /** True when each row is a stored row. */
  stored: boolean
}

/** A relation under the name that columns of it are qualified with. */
export interface NamedRelation {
  alias: string
  relation: Relation
}

/** SQL for an expression, and what the gate knows of its value. */
export interface Value {
  sql: string
  unit?: Unit
  size: number
  /** The text, number or name that stands there, for rules that want one. */
  literal?: string | number
  column?: string
}

/** Names compare as in QuestDB. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
