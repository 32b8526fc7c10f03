import { expect, test } from 'bun:test'
import { closedTogether, closedUntil } from '../../src/records/closed.ts'
import type { Delivery } from '../../src/records/closed.ts'

const minute = 60_000
const noon = Date.UTC(2026, 9, 5, 12)

/** Ten log objects, the newest delivered at noon, each so many minutes after its oldest operation. */
const delivered = (...late_minutes: number[]): Delivery[] =>
  late_minutes.map((late, i) => {
    const delivered_ms = noon - i * minute
    return { delivered_ms, oldest_event_ms: delivered_ms - late * minute }
  })

test.each([
  ['logs that come at once close after a minute', Array(10).fill(0.1), 5],
  ['logs that come an hour late close an hour back', Array(10).fill(60), 60],
  ['one log object in ten may be later', [2000, ...Array(9).fill(20)], 20],
  ['nobody waits for more than two hours', Array(10).fill(600), 120],
])('%s', (_, late, back_minutes) => {
  expect(closedUntil(delivered(...late), noon)).toBe(noon - back_minutes * minute)
})

test('the clock alone closes nothing before six hours without a delivery', () => {
  const objects = delivered(...Array<number>(10).fill(60))
  expect(closedUntil(objects, noon + 6.9 * 60 * minute)).toBe(noon + 50 * minute)
  expect(closedUntil(objects, noon + 5 * 60 * minute)).toBe(noon - 60 * minute)
  expect(closedUntil([], noon)).toBeNull()
})

test('sources are closed together at the earliest, save for those that stopped', () => {
  expect(closedTogether([noon, noon - 90 * minute, null])).toBe(noon - 90 * minute)
  expect(closedTogether([noon, noon - 90 * minute, noon - 400 * minute])).toBe(noon - 90 * minute)
  expect(closedTogether([null])).toBeNull()
})
