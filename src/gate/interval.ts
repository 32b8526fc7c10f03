import { SqlError } from './sql-error.ts'

/** QuestDB makes all intervals of a text while it compiles, and no time limit ends that: 10^4 take it milliseconds. */
const mostIntervals = 10_000

/**
 * Refuses a text behind IN that stands for too many intervals of time: `2026-[01..12]-[01..28]`, `2026-01;1d;7d;52`.
 * https://questdb.com/docs/query/functions/timestamp-in/
 */
export function checkIntervals(text: string): void {
  const count = intervalsOf(text)
  if (count <= mostIntervals) return
  throw new SqlError(
    'Cannot run the SQL: a text behind IN stands for too many intervals of time',
    `write at most ${mostIntervals}, with numbers on both sides of .. , or compare with ts >= and ts <`,
  )
}

/** Refuses pieces of which such a text could be put together. */
export function checkPieces(expression: unknown): void {
  if (typeof expression !== 'object' || expression === null) return
  const { type, value } = expression as { type?: string; value?: unknown }
  if (type === 'literal' && typeof value === 'string' && /\.\.|[[\];]/.test(value))
    throw new SqlError(
      'Cannot run the SQL: an interval of time is put together behind IN',
      "write it as one text, such as '2026-10-[01..07]'",
    )
  Object.values(expression).forEach(checkPieces)
}

function intervalsOf(text: string): number {
  let count = 1
  for (const [, list = ''] of text.matchAll(/\[([^\]]*)(?:\]|$)/g))
    count *= list.split(',').reduce((sum, item) => sum + itemsOf(item), 0)
  // Beside brackets: `$today-7d..$today` goes by days.
  if (text.replace(/\[[^\]]*(?:\]|$)/g, '').includes('..')) return Infinity
  for (const part of text.split(';').slice(2)) if (/^\s*\d+\s*$/.test(part)) count *= Number(part)
  return count
}

function itemsOf(item: string): number {
  if (!item.includes('..')) return 1
  const [, from, to] = /^\s*(\d{1,6})\s*\.\.\s*(\d{1,6})\s*$/.exec(item) ?? []
  return from === undefined ? Infinity : Math.max(1, Number(to) - Number(from) + 1)
}
