import { expect, test } from 'bun:test'
import { generate } from '../../src/demo/generate.ts'
import { createTruth } from '../../src/demo/truth.ts'
import { demoWeek, WEEK } from './demo-week.ts'

const hash = (change = {}) => {
  const hasher = new Bun.CryptoHasher('sha256')
  for (const { key, body, delivered_ms } of generate({ ...WEEK, ...change }))
    hasher.update(`${key} ${delivered_ms}\n`).update(body)
  return hasher.digest('hex')
}

test('the same seed makes the same bytes, another seed others', () => {
  expect(hash()).toBe(hash())
  expect(hash({ seed: 8 })).not.toBe(hash())
})

test.each([0, 1, 50, 999, 20_000, 50_001])('exactly %d lines are generated', (lines) => {
  let count = 0
  for (const object of generate({ ...WEEK, lines })) count += object.lines
  expect(count).toBe(lines)
})

test('every line ends in a newline and is counted', () => {
  const { objects, truth } = demoWeek()
  for (const { text, lines } of objects) expect(text.split('\n').length - 1).toBe(lines)
  expect(truth.lines().lines).toBe(WEEK.lines)
})

test('keys are unique and objects come in the order of delivery', () => {
  const { objects } = demoWeek()
  expect(new Set(objects.map(({ key }) => key)).size).toBe(objects.length)
  const delivered = objects.map(({ delivered_ms }) => delivered_ms)
  expect(delivered).toEqual(delivered.toSorted((a, b) => a - b))
})

test('a share of the objects is delivered hours late, never before its records and never after 48 h', () => {
  const { objects } = demoWeek()
  let late = 0
  for (const { text, delivered_ms } of objects) {
    const times = [...text.matchAll(/\[(\d\d)\/(?:Aug)\/2026:([\d:]+) \+0000\]/g)].map(([, day, clock]) =>
      Date.parse(`2026-08-${day}T${clock}Z`),
    )
    for (const at_ms of times) {
      expect(delivered_ms - at_ms).toBeGreaterThanOrEqual(0)
      expect(delivered_ms - at_ms).toBeLessThanOrEqual(48 * 3_600_000)
    }
    if (times.length > 0 && delivered_ms - Math.max(...times) > 2 * 3_600_000) late++
  }
  expect(late / objects.length).toBeWithin(0.06, 0.16)
})

test('deliver_by_ms brings everything forward', () => {
  for (const { delivered_ms } of generate({ ...WEEK, deliver_by_ms: WEEK.to_ms }))
    expect(delivered_ms).toBeLessThanOrEqual(WEEK.to_ms)
})

test('repeated lines come again byte by byte, and only those', () => {
  const { lines, truth } = demoWeek({ repeated_share: 0.05 })
  const records = lines.filter((line) => line !== '' && !line.startsWith('#'))
  const refused = truth.lines().refused
  expect(truth.lines().repeated).toBeWithin(900, 1001)
  expect(records.length - refused).toBe(truth.lines().rows + truth.lines().repeated)
  expect(Math.abs(new Set(records).size - truth.lines().rows - refused)).toBeLessThanOrEqual(refused)
  expect(demoWeek({ repeated_share: 0 }).truth.lines().repeated).toBe(0)
})

test('an object is made when it is asked for, not before', () => {
  const truth = createTruth()
  let lines = 0
  for (const object of generate({ ...WEEK, lines: 50_000 }, truth)) {
    lines += object.lines
    expect(truth.lines().lines).toBe(lines)
  }
})

test('lines are about as long as real ones', () => {
  const { lines } = demoWeek()
  const records = lines.filter((line) => line.includes(' [') && !line.includes('\t'))
  expect(records.reduce((sum, line) => sum + line.length, 0) / records.length).toBeWithin(480, 540)
})
