import { expect, test } from 'bun:test'
import { day_ms, dayOf, parseMonth } from '../../src/cost/month.ts'
import { monthDays, monthOutlook, wholeDays } from '../../src/cost/outlook.ts'
import type { Observed } from '../../src/cost/outlook.ts'
import { carried, storedByDay } from '../../src/cost/usage.ts'

const now_ms = Date.UTC(2026, 1, 20, 12)
const month = parseMonth('2026-02', now_ms)
const today = dayOf(now_ms)

/** As many bytes from the origin each day, of which half of today's have been sent. */
function observed(change: Partial<Observed> & { days?: number; bytes?: number } = {}): Observed {
  const { days = 30, bytes = 1_000, ...rest } = change
  const used = Array.from({ length: days }, (_, n) => {
    const day = today - days + 1 + n
    return { day, origin_bytes: day === today ? bytes / 2 : bytes, cdn_bytes: 0, writes: 0, reads: 10 }
  })
  return { month, now_ms, closed_ms: now_ms, used, stored: [], stored_bytes: null, ...rest }
}

test('a steady month ends with what its days bring, today half over', () => {
  const outlook = monthOutlook(observed())
  expect(outlook?.value.origin_bytes).toBeCloseTo(28_000, 3)
  expect(outlook?.low.origin_bytes).toBeCloseTo(28_000, 3)
  expect(outlook?.value.reads).toBeCloseTo(285, 3)
  expect(outlook?.value.stored_bytes).toBeNull()
})

test('what has been sent today is kept, however much it is', () => {
  const { used, ...rest } = observed()
  const spike = used.map((day) => (day.day === today ? { ...day, origin_bytes: 90_000 } : day))
  // 19 days, today's spike and the half of it that is left, 8 to come.
  expect(monthOutlook({ used: spike, ...rest })?.value.origin_bytes).toBeCloseTo(
    19_000 + 90_000 + 500 + 8_000,
    3,
  )
})

test('yesterday is taken for half over while half of its logs may still come', () => {
  const late = observed({ closed_ms: now_ms - day_ms })
  expect(wholeDays(late).at(-1)?.day).toBe(today - 2)
  expect(monthOutlook(late)?.value.origin_bytes).toBeCloseTo(19_000 + 500 + 500 + 1_000 + 8_000, 3)
})

test('a day without requests counts as one that sent nothing, the first one not at all', () => {
  const { used } = observed({ days: 10 })
  const whole = wholeDays({ used: used.filter(({ day }) => day !== today - 3), closed_ms: now_ms })
  expect(whole.map(({ day }) => today - day)).toEqual([8, 7, 6, 5, 4, 3, 2, 1])
  expect(whole.find(({ day }) => day === today - 3)?.origin_bytes).toBe(0)
})

test('too few whole days make no forecast', () => {
  expect(monthOutlook(observed({ days: 6 }))).toBeNull()
  expect(monthOutlook(observed({ days: 7 }))).not.toBeNull()
  expect(monthOutlook(observed({ used: [] }))).toBeNull()
  expect(monthDays(observed({ days: 6 })).every((day) => day.forecast_bytes === null)).toBe(true)
})

test('each day of the month has what it sent or what it will, and those before the logs have neither', () => {
  const days = monthDays(observed({ days: 10 }))
  expect(days).toHaveLength(28)
  expect(days[9]).toMatchObject({
    day: '2026-02-10',
    origin_bytes: null,
    cdn_bytes: null,
    complete: true,
    forecast_bytes: null,
  })
  expect(days[18]).toMatchObject({
    day: '2026-02-19',
    origin_bytes: 1_000,
    complete: true,
    forecast_bytes: null,
  })
  expect(days[19]).toMatchObject({ day: '2026-02-20', origin_bytes: 500, complete: false })
  expect(days[27]).toMatchObject({ day: '2026-02-28', origin_bytes: null, forecast_bytes: 1_000 })
})

test('what is stored is the mean of the days that are known and of those to come', () => {
  const stored = Array.from({ length: 20 }, (_, n) => ({ day: today - 19 + n, value: 100 + n }))
  const stored_bytes = 109.5
  // 20 days at 109.5; the 8 to come grow on from 119: 120 to 127.
  expect(monthOutlook(observed({ stored, stored_bytes }))?.value.stored_bytes).toBeCloseTo(
    (20 * 109.5 + 8 * 123.5) / 28,
    9,
  )
})

test('a month that is over is what it was, and has no forecast in words', () => {
  const over = parseMonth('2026-01', now_ms)
  const used = observed({ days: 45 }).used.filter(({ day }) => day < dayOf(over.to_ms))
  const outlook = monthOutlook(observed({ month: over, used, closed_ms: over.to_ms }))
  expect(outlook).toMatchObject({
    value: { origin_bytes: 25_000 },
    high: { origin_bytes: 25_000 },
    flows: null,
  })
})

test('a snapshot stands for three days after it, and no longer than until the next', () => {
  const held = [
    { day: 10, bytes: 1, objects: 1 },
    { day: 12, bytes: 2, objects: 1 },
    { day: 20, bytes: 3, objects: 1 },
  ]
  expect(carried(held, 11, 22).map(({ day, bytes }) => [day, bytes])).toEqual([
    [11, 1],
    [12, 2],
    [13, 2],
    [14, 2],
    [15, 2],
    [20, 3],
    [21, 3],
  ])
})

test('the buckets of a day are added up, each as far as it is known', () => {
  const buckets = new Map([
    ['a', [{ day: 1, bytes: 10, objects: 1 }]],
    ['b', [{ day: 3, bytes: 5, objects: 1 }]],
  ])
  expect(storedByDay(buckets, 2, 6)).toEqual([
    { day: 2, value: 10 },
    { day: 3, value: 15 },
    { day: 4, value: 15 },
    { day: 5, value: 5 },
  ])
})
