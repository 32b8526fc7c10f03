import type { Expression, LimitClause } from '@questdb/sql-parser'
import type { SourceText } from './read.ts'
import { SqlError } from './sql-error.ts'
import { only } from './surroundings.ts'

/** A LIMIT: `low` rows (the last ones, when negative), or those from `low` up to `high`. */
export interface Limit {
  low: number
  high?: number
}

const fewRows = 1_000

/** Reads a LIMIT, whose bounds must be plain numbers; throws SqlError. */
export function readLimit(clause: LimitClause | undefined, text: SourceText): Limit | undefined {
  if (!clause) return undefined
  only(clause, 'lowerBound', 'upperBound')
  const low = bound(clause.lowerBound)
  const high = clause.upperBound && bound(clause.upperBound)
  if (low === null || high === null || (high !== undefined && (low < 0 || high < low)))
    throw new SqlError(
      'Cannot read the LIMIT',
      'write LIMIT 20, or LIMIT 20, 30 for the rows 21 to 30',
      text.find('limit'),
    )
  return { low, ...(high !== undefined && { high }) }
}

/** Writes a LIMIT that gives no more than `atMost` rows, and one for a SELECT that has none; throws SqlError. */
export function writeLimit(limit: Limit | undefined, atMost?: number): string {
  if (!limit) return atMost === undefined ? '' : `LIMIT ${atMost}`
  const { low, high } = limit
  const most = atMost ?? Number.MAX_SAFE_INTEGER
  if (high !== undefined) return `LIMIT ${low}, ${Math.min(high, low + most)}`
  // Cut rows would be the wrong ones.
  if (-low >= most)
    throw new SqlError(`Cannot take the last ${-low} rows`, `write ORDER BY ts DESC LIMIT ${-low}`)
  return `LIMIT ${Math.min(low, most)}`
}

/** True when a cross join with so many rows stays small. */
export function isFewRows(limit: Limit | undefined): boolean {
  if (!limit) return false
  return (limit.high === undefined ? Math.abs(limit.low) : limit.high - limit.low) <= fewRows
}

function bound(expression: Expression): number | null {
  if (expression.type === 'unary' && expression.operator === '-') {
    const value = bound(expression.operand)
    return value === null || value < 0 ? null : -value
  }
  if (expression.type !== 'literal' || !/^\d{1,9}$/.test(expression.raw ?? '')) return null
  return Number(expression.raw)
}
