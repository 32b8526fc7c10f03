/** A value of a day that is over, or is to come: days are counted since the epoch. */
export interface Day {
  day: number
  value: number
}

export interface Range {
  value: number
  low: number
  high: number
}

/** What days to come will bring. */
export interface Outlook {
  days: Range[]
  sum: Range
  /** How it was made, in words. */
  how: string
}

export const leastDays = 5
/** Days from which on weekdays and a trend can be told from chance. */
const weekdayDays = 21
// Of Student's distribution: one in twenty lies above.
const normal = 1.6449

/**
 * What each of the days `ahead` and all together will bring, with the range that nine of ten end in: weekday profile and
 * linear trend by least squares, or the plain mean where there are fewer than `weekdayDays`. Null: too few days.
 */
export function forecastFlow(past: readonly Day[], ahead: readonly number[]): Outlook | null {
  if (past.length < leastDays) return null
  const [first] = past
  const origin = first?.day ?? 0
  const isFull = past.length >= weekdayDays
  const features = (day: number): number[] => {
    if (!isFull) return [1]
    const week = Array.from({ length: 7 }, (_, index) => (day % 7 === index ? 1 : 0))
    return [...week, (day - origin) / past.length]
  }
  const rows = past.map(({ day }) => features(day))
  const size = rows[0]?.length ?? 0
  const inverse = inverted(
    Array.from({ length: size }, (_, i) =>
      Array.from({ length: size }, (_, j) => sumOf(rows, (x) => at(x, i) * at(x, j))),
    ),
  )
  const moments = Array.from({ length: size }, (_, i) =>
    past.reduce((sum, { value }, index) => sum + at(rows[index], i) * value, 0),
  )
  const weights = inverse.map((row) => dot(row, moments))
  const freedom = past.length - size
  const variance =
    past.reduce((sum, { value }, index) => sum + (value - dot(rows[index] ?? [], weights)) ** 2, 0) / freedom
  const rangeOf = (x: readonly number[], days: number): Range => {
    const value = Math.max(0, dot(x, weights))
    const spread = inverse.map((row) => dot(row, x))
    const width = quantile(freedom) * Math.sqrt(variance * (days + dot(x, spread)))
    return { value, low: Math.max(0, value - width), high: value + width }
  }
  const coming = ahead.map(features)
  const all = Array.from({ length: size }, (_, i) => sumOf(coming, (x) => at(x, i)))
  return {
    days: coming.map((x) => rangeOf(x, 1)),
    sum: ahead.length === 0 ? { value: 0, low: 0, high: 0 } : rangeOf(all, ahead.length),
    how: isFull
      ? `the weekday profile and the trend of ${past.length} whole days (least squares)`
      : `the mean of ${past.length} whole days; a weekday profile and a trend need ${weekdayDays}`,
  }
}

/**
 * The mean of what is stored over `count` days after the last of `past`, which follow each other: it goes on changing as it
 * did on average. Without `leastDays` it stays as it is, and nothing is known of the range.
 */
export function forecastLevel(past: readonly number[], count: number): Omit<Outlook, 'days'> | null {
  const last = past.at(-1)
  if (last === undefined) return null
  const steps = past.slice(1).map((value, index) => value - (past[index] ?? 0))
  const n = steps.length
  if (past.length < leastDays)
    return {
      sum: { value: last, low: last, high: last },
      how: `as the newest snapshot: ${past.length} ${past.length === 1 ? 'day' : 'days'} of snapshots tell no growth, ${leastDays} do`,
    }
  const drift = steps.reduce((sum, step) => sum + step, 0) / n
  const variance = steps.reduce((sum, step) => sum + (step - drift) ** 2, 0) / (n - 1)
  // Of the mean of a random walk with drift, and of the drift itself.
  const walk = ((count + 1) * (2 * count + 1)) / (6 * count)
  const middle = (count + 1) / 2
  const value = Math.max(0, last + drift * middle)
  const width = quantile(n - 1) * Math.sqrt(variance * (walk + middle ** 2 / n))
  return {
    sum: { value, low: Math.max(0, value - width), high: value + width },
    how: `the newest snapshot and the mean growth of ${n} days`,
  }
}

/** Student's t that one in twenty is above, by Cornish and Fisher's expansion; within 1 % from four degrees of freedom on. */
function quantile(freedom: number): number {
  const z = normal
  const first = (z ** 3 + z) / (4 * freedom)
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2)
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)
  return z + first + second + third
}

const at = (row: readonly number[] | undefined, index: number): number => row?.[index] ?? 0
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * at(b, index), 0)
const sumOf = (rows: readonly number[][], of: (row: number[]) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0)

/** By Gauss and Jordan with pivots; the matrix is small and regular. */
function inverted(matrix: readonly number[][]): number[][] {
  const size = matrix.length
  const rows = matrix.map((row, i) => [...row, ...Array.from({ length: size }, (_, j) => (i === j ? 1 : 0))])
  for (let column = 0; column < size; column++) {
    const rest = rows.slice(column)
    const most = rest.reduce(
      (best, row, index) => (Math.abs(at(row, column)) > Math.abs(at(rest[best], column)) ? index : best),
      0,
    )
    const pivot = rows[column + most] ?? []
    rows[column + most] = rows[column] ?? []
    const scale = at(pivot, column)
    rows[column] = pivot.map((value) => value / scale)
    for (const [index, row] of rows.entries()) {
      if (index === column) continue
      const factor = at(row, column)
      rows[index] = row.map((value, place) => value - factor * at(rows[column], place))
    }
  }
  return rows.map((row) => row.slice(size))
}
