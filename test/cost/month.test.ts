import { expect, test } from 'bun:test'
import { day_ms, dayOf, parseMonth } from '../../src/cost/month.ts'
import { InvalidError } from '../../src/errors.ts'

const now_ms = Date.UTC(2026, 10, 28, 14)

test.each([
  ['2026-11', 30],
  ['2026-02', 28],
  ['2024-02', 29],
  ['2000-02', 29],
  ['2100-02', 28],
  ['2025-12', 31],
])('%s has %p days, and ends where the next begins', (name, days) => {
  const month = parseMonth(name, Date.UTC(2101, 0))
  expect(month).toMatchObject({ name, days })
  expect(new Date(month.from_ms).toISOString()).toBe(`${name}-01T00:00:00.000Z`)
  const [year = 0, number = 0] = name.split('-').map(Number)
  expect(month.to_ms).toBe(Date.UTC(year, number))
})

test('without a name it is the month of now, by UTC to the millisecond', () => {
  expect(parseMonth(undefined, now_ms).name).toBe('2026-11')
  expect(parseMonth(undefined, Date.UTC(2026, 11) - 1).name).toBe('2026-11')
  expect(parseMonth(undefined, Date.UTC(2026, 11)).name).toBe('2026-12')
})

test.each(['2026-12', '2026-13', '2026-00', '2026-1', '0000-01', '1969-12', 'november', '', '2026-11-01'])(
  '%p is refused, with one that would do',
  (text) => {
    const refused = (): unknown => parseMonth(text, now_ms)
    expect(refused).toThrow(InvalidError)
    expect(refused).toThrow(/^Cannot use the month/)
  },
)

test('days are counted since the epoch, in UTC', () => {
  expect(dayOf(0)).toBe(0)
  expect(dayOf(now_ms) * day_ms).toBe(Date.UTC(2026, 10, 28))
})
