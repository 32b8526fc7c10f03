import { expect, test } from 'bun:test'
import { poissonTail } from '../../src/watch/normal.ts'
import { latencyStep } from '../../src/watch/rules/latency-step.ts'
import { serverErrors } from '../../src/watch/rules/server-errors.ts'
import { trafficSpike } from '../../src/watch/rules/traffic-spike.ts'
import { trafficZero } from '../../src/watch/rules/traffic-zero.ts'
import { interval_ms, intervalsPerDay as day } from '../../src/watch/series.ts'
import type { Sample, Series } from '../../src/watch/series.ts'

const ordinary: Sample = { requests: 100, errors_5xx: 0, bytes_sent: 1e9, latency_ms: 20, timed: 100 }

/** Two days of the same, save for what `change` says of an interval. */
function series(change: (index: number) => Partial<Sample> = () => ({}), length = 2 * day): Series {
  const samples = Array.from({ length }, (_, index) => ({ ...ordinary, ...change(index) }))
  return { subject: { source: 's', format: 's3', bucket: 'b' }, first_ms: 0, samples }
}

const within = (first: number, end: number, sample: Partial<Sample>) =>
  series((index) => (index >= first && index < end ? sample : {}))

test.each([latencyStep, serverErrors, trafficZero, trafficSpike])(
  '%p finds nothing in what is ordinary',
  (rule) => {
    expect(rule(series())).toEqual([])
    expect(rule(series(undefined, 3))).toEqual([])
    expect(rule(series(undefined, 0))).toEqual([])
  },
)

test.each([
  [10, []],
  [40, ['info']],
  [80, ['warning']],
  [150, ['critical']],
])('%i 5xx among 2,000 requests are %p: more than 1, 2 and 5 %% beyond chance', (errors_5xx, severities) => {
  const found = serverErrors(within(300, 302, { requests: 2000, errors_5xx }))
  expect(found.map(({ severity }) => severity)).toEqual(severities as never)
  for (const breach of found)
    expect(breach).toMatchObject({
      first: 300,
      end: 302,
      before: 0,
      after: errors_5xx / 20,
      unit: 'Percent',
    })
})

test('a few 5xx are no event, but many of them in an hour of a quiet bucket are', () => {
  expect(serverErrors(within(300, 301, { requests: 20, errors_5xx: 1 }))).toEqual([])
  const [found] = serverErrors(within(300, 312, { requests: 20, errors_5xx: 2 }))
  expect(found).toMatchObject({ first: 300, end: 312, after: 10 })
})

test('a latency step needs a quarter of an hour, a doubling and 20 ms', () => {
  expect(latencyStep(within(400, 403, { latency_ms: 60 }))).toMatchObject([
    { first: 400, end: 403, before: 20, after: 60, severity: 'warning' },
  ])
  expect(latencyStep(within(400, 403, { latency_ms: 80 }))).toMatchObject([{ severity: 'critical' }])
  expect(latencyStep(within(400, 401, { latency_ms: 200 }))).toEqual([])
  expect(latencyStep(within(400, 403, { latency_ms: 39 }))).toEqual([])
  expect(latencyStep(within(400, 403, { latency_ms: 60, timed: 5 }))).toEqual([])
})

test('a level that has held for a day is the new normal, and no event goes on for ever', () => {
  const found = latencyStep(series((index) => (index >= day ? { latency_ms: 100 } : {}), 5 * day))
  expect(found.length).toBe(1)
  expect((found[0]?.end ?? 0) - (found[0]?.first ?? 0)).toBeWithin(day - 24, day + 1)
})

test('traffic that grows for good is one spike of a day', () => {
  const found = trafficSpike(series((index) => (index >= 400 ? { requests: 450 } : {}), 6 * day))
  expect(found.map(({ first, end }) => [first, end])).toEqual([[400, 400 + day]])
})

test('bursts that come each day, at another time, are no spikes', () => {
  const isBurst = (index: number) => [40, 41].includes((index % day) - 37 * Math.floor(index / day))
  expect(trafficSpike(series((index) => (isBurst(index) ? { requests: 900 } : {}), 6 * day))).toEqual([])
})

test('traffic that stops is an event after ten minutes, and ends when it comes back', () => {
  const nothing = { requests: 0, timed: 0, latency_ms: null, bytes_sent: 0 }
  expect(trafficZero(within(400, 403, nothing))).toMatchObject([
    { first: 400, end: 403, severity: 'warning', before: 100 / 300, after: 0, unit: 'Count/Second' },
  ])
  expect(trafficZero(within(400, 406, nothing))).toMatchObject([{ severity: 'critical' }])
  expect(trafficZero(within(400, 401, nothing))).toEqual([])
  // Not on the first day: nobody knows yet what is usual.
  expect(trafficZero(within(100, 110, nothing))).toEqual([])
})

test('silence at the same time each day, and between bursts, is no event', () => {
  const byDay = series((index) => (index % day < 100 ? { requests: 0 } : {}), 5 * day)
  expect(trafficZero(byDay)).toEqual([])
  const hourly = series((index) => ({ requests: index % 12 === 0 ? 1000 : 0 }), 5 * day)
  expect([...trafficZero(hourly), ...trafficSpike(hourly)]).toEqual([])
})

test('a spike of requests or of bytes is one, when it lasts ten minutes', () => {
  expect(trafficSpike(within(400, 404, { requests: 450 }))).toMatchObject([
    { measure: 'requests', first: 400, end: 404, severity: 'warning', before: 100 / 300, after: 1.5 },
  ])
  expect(trafficSpike(within(400, 404, { bytes_sent: 12e9 }))).toMatchObject([
    { measure: 'bytes_sent', unit: 'Bytes/Second', first: 400, end: 404, severity: 'critical', after: 4e7 },
  ])
  expect(trafficSpike(within(400, 401, { requests: 450 }))).toEqual([])
  expect(trafficSpike(within(400, 404, { requests: 290 }))).toEqual([])
  // A backup that runs every night is no spike.
  expect(trafficSpike(series((index) => (index % day < 12 ? { requests: 900 } : {}), 4 * day))).toEqual([])
})

test('the Poisson tail is that of the sum of its terms', () => {
  for (const [count, mean] of [
    [1, 0.5],
    [5, 1],
    [12, 3],
    [40, 20],
    [3, 1e-3],
  ] as const) {
    let term = Math.exp(-mean)
    let below = 0
    for (let k = 0; k < count; k++) {
      below += term
      term *= mean / (k + 1)
    }
    expect(Math.abs(poissonTail(count, mean) - (1 - below))).toBeLessThan(3e-3 * (1 - below))
  }
})

test('an interval is five minutes', () => expect([interval_ms, day]).toEqual([300_000, 288]))
