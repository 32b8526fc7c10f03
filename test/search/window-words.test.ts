import { expect, test } from 'bun:test'
import { windowIn } from '../../src/search/window-words.ts'

/** A Friday. */
const now_ms = Date.UTC(2026, 7, 28, 10)
const said = (text: string, zone = 'UTC'): string | null => {
  const window = windowIn(text, { now_ms, zone })
  const short = (ms: number): string => new Date(ms).toISOString().slice(5, 16)
  return window && `${short(window.from_ms)} ${short(window.to_ms)}`
}

test.each([
  ['who did it today?', '08-28T00:00 08-28T10:00'],
  ['gestern', '08-27T00:00 08-28T00:00'],
  ['vorgestern', '08-26T00:00 08-27T00:00'],
  ['last Tuesday', '08-25T00:00 08-26T00:00'],
  ['am Dienstag', '08-25T00:00 08-26T00:00'],
  ['last Friday', '08-21T00:00 08-22T00:00'],
  ['on Friday', '08-28T00:00 08-28T10:00'],
  ['since 5 pm', '08-27T17:00 08-28T10:00'],
  ['since 08:30', '08-28T08:30 08-28T10:00'],
  ['seit Montag', '08-24T00:00 08-28T10:00'],
  ['since yesterday at 3 pm', '08-27T15:00 08-28T10:00'],
  ['letzte Woche', '08-17T00:00 08-24T00:00'],
  ['this week', '08-24T00:00 08-28T10:00'],
  ['last month', '07-01T00:00 08-01T00:00'],
  ['in the last two weeks', '08-14T10:00 08-28T10:00'],
  ['the last 3 hours', '08-28T07:00 08-28T10:00'],
  ['in den letzten 12 Stunden', '08-27T22:00 08-28T10:00'],
  ['in der letzten Stunde', '08-28T09:00 08-28T10:00'],
  ['in November', '11-01T00:00 12-01T00:00'],
  ['im August', '08-01T00:00 08-28T10:00'],
  ['on 27 August', '08-27T00:00 08-28T00:00'],
  ['am 3.8.', '08-03T00:00 08-04T00:00'],
  ['2026-08-20', '08-20T00:00 08-21T00:00'],
  ['between 8 am and 10 am today', '08-28T08:00 08-28T10:00'],
  ['gestern zwischen 9 und 11 Uhr', '08-27T09:00 08-27T11:00'],
])('%p is read as a window of the past', (text, window) => {
  expect(said(text)).toBe(window)
})

test('a month that has not begun yet is that of the year before', () => {
  expect(windowIn('in November', { now_ms, zone: 'UTC' })?.from_ms).toBe(Date.UTC(2025, 10, 1))
})

test('days are those of the clocks of the zone, also where these are changed', () => {
  expect(said('yesterday', 'Europe/Berlin')).toBe('08-26T22:00 08-27T22:00')
  expect(said('today', 'America/New_York')).toBe('08-28T04:00 08-28T10:00')
  const afterChange = { now_ms: Date.UTC(2026, 9, 26, 9), zone: 'Europe/Berlin' }
  const changed = windowIn('yesterday', afterChange)
  expect(changed && changed.to_ms - changed.from_ms).toBe(25 * 3_600_000)
})

test.each([
  'of the week',
  'tomorrow',
  'we may do',
  'in 2 years',
  'videos/last-1.mp4',
  'between 3 and 5 objects',
  '',
])('%p names no window', (text) => {
  expect(said(text)).toBeNull()
})
