import { expect, test } from 'bun:test'
import { forecastFlow, forecastLevel } from '../../src/cost/forecast.ts'
import type { Day } from '../../src/cost/forecast.ts'
import { createRandom } from '../../src/demo/random.ts'

const first = 20_000
const weekday = [900, 1_000, 1_100, 1_050, 950, 400, 300]
const shape = (day: number, growth: number): number => (weekday[day % 7] ?? 0) + growth * (day - first)
const days = (from: number, count: number): number[] => Array.from({ length: count }, (_, n) => from + n)
const series = (count: number, valueOf: (day: number) => number): Day[] =>
  days(first, count).map((day) => ({ day, value: valueOf(day) }))
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

test.each([21, 28, 56])(
  'a weekday profile with a trend is carried on exactly, learned from %p days',
  (count) => {
    const ahead = days(first + count, 17)
    const outlook = forecastFlow(
      series(count, (day) => shape(day, 12)),
      ahead,
    )
    expect(outlook?.days.map(({ value }) => Math.round(value))).toEqual(
      ahead.map((day) => Math.round(shape(day, 12))),
    )
    expect(outlook?.sum.value).toBeCloseTo(sum(ahead.map((day) => shape(day, 12))), 3)
    expect(outlook?.sum.high).toBeCloseTo(outlook?.sum.low ?? 0, 3)
    expect(outlook?.how).toBe(`the weekday profile and the trend of ${count} whole days (least squares)`)
  },
)

test.each([
  [21, 10],
  [35, 20],
  [56, 30],
  [8, 10],
])('nine of ten times the range covers what comes: %p noisy days before, %p after', (count, coming) => {
  const random = createRandom(3, `forecast ${count}`)
  const noise = (): number => 120 * (sum(Array.from({ length: 12 }, () => random.below(1_000_001) / 1e6)) - 6)
  // Too few days for a weekday profile are told by their mean, and have none here.
  const growth = count < 21 ? 0 : 4
  const plain = (day: number): number => (count < 21 ? 800 : shape(day, growth)) + noise()
  let covered = 0
  for (let round = 0; round < 400; round++) {
    const ahead = days(first + count, coming)
    const outlook = forecastFlow(series(count, plain), ahead)
    const truth = sum(ahead.map(plain))
    if (outlook && outlook.sum.low <= truth && truth <= outlook.sum.high) covered++
  }
  expect(covered / 400).toBeGreaterThan(0.86)
  expect(covered / 400).toBeLessThan(0.94)
})

test('of few days the mean is taken, and that is said', () => {
  const outlook = forecastFlow(
    series(5, () => 10),
    days(first + 5, 3),
  )
  expect(outlook).toMatchObject({ sum: { value: 30, low: 30, high: 30 } })
  expect(outlook?.how).toBe('the mean of 5 whole days; a weekday profile and a trend need 21')
})

test('of too few days nothing is said, and no number invented', () => {
  expect(
    forecastFlow(
      series(4, () => 10),
      days(first + 4, 3),
    ),
  ).toBeNull()
  expect(forecastFlow([], [first])).toBeNull()
  expect(forecastLevel([], 3)).toBeNull()
})

test('what falls is never below nothing, and no day to come brings nothing', () => {
  const falling = forecastFlow(
    series(28, (day) => 1_000 - 40 * (day - first)),
    days(first + 28, 10),
  )
  expect(falling?.days.every(({ value, low }) => value === 0 && low === 0)).toBe(true)
  expect(
    forecastFlow(
      series(28, () => 5),
      [],
    )?.sum,
  ).toEqual({ value: 0, low: 0, high: 0 })
})

test('what is stored goes on growing as it did, and its mean over the days to come is told', () => {
  expect(forecastLevel([10, 12, 14, 16, 18], 4)?.sum).toEqual({ value: 23, low: 23, high: 23 })
  const { sum: uneven } = forecastLevel([10, 11, 14, 15, 18], 2) ?? {}
  expect(uneven?.value).toBe(21)
  expect(uneven?.low).toBeLessThan(20)
  expect(uneven?.high).toBeGreaterThan(22)
})

test('of few snapshots what is stored stays as it is, and that is said', () => {
  const level = forecastLevel([10, 20], 4)
  expect(level?.sum).toEqual({ value: 20, low: 20, high: 20 })
  expect(level?.how).toMatch(/2 days of snapshots tell no growth/)
})

test('nine of ten times the range of what is stored covers its mean', () => {
  const random = createRandom(5, 'levels')
  const step = (): number =>
    30 + 20 * (sum(Array.from({ length: 12 }, () => random.below(1_000_001) / 1e6)) - 6)
  let covered = 0
  for (let round = 0; round < 400; round++) {
    const past = [10_000]
    for (let day = 1; day < 20; day++) past.push((past.at(-1) ?? 0) + step())
    const level = forecastLevel(past, 12)
    let held = past.at(-1) ?? 0
    const truth = sum(Array.from({ length: 12 }, () => (held += step()))) / 12
    if (level && level.sum.low <= truth && truth <= level.sum.high) covered++
  }
  expect(covered / 400).toBeGreaterThan(0.86)
  expect(covered / 400).toBeLessThan(0.94)
})
