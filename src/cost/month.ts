import { InvalidError } from '../errors.ts'

export const day_ms = 86_400_000

/** A calendar month in UTC, as providers bill it. `[from_ms, to_ms)`. */
export interface Month {
  /** `2026-11`. */
  name: string
  from_ms: number
  to_ms: number
  days: number
}

/** Reads `2026-11`; the month of `now_ms` by default. Throws InvalidError for no month, and for one that has not begun. */
export function parseMonth(text: string | undefined, now_ms: number): Month {
  const name = text ?? new Date(now_ms).toISOString().slice(0, 7)
  const [, year = '', month = ''] = /^(\d{4})-(\d\d)$/.exec(name) ?? []
  const from_ms = Date.UTC(Number(year), Number(month) - 1)
  const isMonth = Number(year) >= 1970 && Number(month) >= 1 && Number(month) <= 12
  if (!isMonth || from_ms > now_ms)
    throw new InvalidError(
      `Cannot use the month '${name.slice(0, 20)}': ${isMonth ? 'it has not begun' : 'it is none'}`,
      `write one such as ${new Date(now_ms).toISOString().slice(0, 7)}`,
      'invalid_parameter',
    )
  const to_ms = Date.UTC(Number(year), Number(month))
  return { name, from_ms, to_ms, days: (to_ms - from_ms) / day_ms }
}

/** The day of a moment, counted since the epoch. */
export function dayOf(ms: number): number {
  return Math.floor(ms / day_ms)
}
