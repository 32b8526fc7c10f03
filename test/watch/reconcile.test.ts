import { expect, test } from 'bun:test'
import type { HealthEvent } from '../../src/watch/event.ts'
import type { Breach } from '../../src/watch/breach.ts'
import { reconcile } from '../../src/watch/reconcile.ts'
import { interval_ms, nothing } from '../../src/watch/series.ts'
import type { Series } from '../../src/watch/series.ts'

const hour = 3_600_000
const first_ms = Date.UTC(2026, 9, 1)
const series: Series = {
  subject: { source: 's', format: 's3', bucket: 'photos' },
  first_ms,
  samples: Array.from({ length: 600 }, () => nothing),
}
const closed_ms = first_ms + 600 * interval_ms
const breach: Breach = {
  rule: 'errors_5xx',
  measure: 'share_5xx',
  unit: 'Percent',
  severity: 'warning',
  first: 590,
  end: 593,
  before: 0.1,
  after: 3,
}

/** What is known after these looks, one after the other. */
function after(looks: Breach[][], now_ms = closed_ms + hour): HealthEvent[] {
  const known = new Map<string, HealthEvent>()
  for (const found of looks)
    for (const event of reconcile([...known.values()], series, found, { now_ms, deliver: true }))
      known.set(event.id, event)
  return [...known.values()]
}

test('the same breach is the same event, and is written once', () => {
  const [event] = after([[breach]])
  expect(event).toMatchObject({ bucket: 'photos', state: 'over', before: 0.1, after: 3, delivery: 'pending' })
  expect([event?.started_ms, event?.ended_ms]).toEqual([
    first_ms + 590 * interval_ms,
    first_ms + 593 * interval_ms,
  ])
  expect(after([[breach], [breach]])).toEqual(event ? [event] : [])
  const known = event ? [event] : []
  expect(reconcile(known, series, [breach], { now_ms: closed_ms + 2 * hour, deliver: true })).toEqual([])
})

test('an event that late logs move or lengthen keeps its id and its row', () => {
  const [event] = after([[breach]])
  const moved = after([[breach], [{ ...breach, first: 589, end: 600, after: 4 }]])
  expect(moved).toMatchObject([{ id: event?.id, ts_ms: event?.ts_ms, state: 'open', after: 4 }])
  expect(moved[0]?.started_ms).toBe(first_ms + 589 * interval_ms)
})

test('breaches of another rule, measure or time are other events', () => {
  const others: Breach[] = [
    breach,
    { ...breach, first: 570, end: 572 },
    { ...breach, rule: 'traffic_spike', measure: 'requests' },
    { ...breach, rule: 'traffic_spike', measure: 'bytes_sent' },
  ]
  expect(new Set(after([others]).map(({ id }) => id)).size).toBe(4)
  expect(after([others, others]).length).toBe(4)
})

test('what is no longer found is withdrawn, and told again only if nobody was told', () => {
  expect(after([[breach], []])).toMatchObject([{ state: 'withdrawn', delivery: 'none' }])
  expect(after([[breach], [], [breach]])).toMatchObject([{ state: 'over', delivery: 'pending' }])
  const told = after([[breach]]).map((event): HealthEvent => ({
    ...event,
    delivery: 'delivered',
    delivered_ms: 1,
  }))
  const options = { now_ms: closed_ms + hour, deliver: true }
  const withdrawn = reconcile(told, series, [], options)
  expect(withdrawn).toMatchObject([{ state: 'withdrawn', delivery: 'delivered' }])
  expect(reconcile(withdrawn, series, [breach], options)).toMatchObject([
    { state: 'over', delivery: 'delivered' },
  ])
})

test('an event that has become worse is told again, one that has become milder is not', () => {
  const told = after([[breach]]).map((event): HealthEvent => ({
    ...event,
    delivery: 'delivered',
    delivered_ms: 1,
  }))
  const look = (severity: Breach['severity']) =>
    reconcile(told, series, [{ ...breach, severity }], { now_ms: closed_ms + hour, deliver: true })
  expect(look('critical')).toMatchObject([{ severity: 'critical', delivery: 'pending' }])
  expect(look('info')).toMatchObject([{ severity: 'info', delivery: 'delivered' }])
})

test('events that ended over a day ago, and all while there is no hook, are stored and not told', () => {
  expect(after([[breach]], first_ms + 593 * interval_ms + 24 * hour)).toMatchObject([{ delivery: 'pending' }])
  expect(after([[breach]], first_ms + 593 * interval_ms + 24 * hour + 1)).toMatchObject([
    { delivery: 'none' },
  ])
  const options = { now_ms: closed_ms, deliver: false }
  expect(reconcile([], series, [breach], options)).toMatchObject([{ delivery: 'none' }])
})

test('an event too old to be judged again stays as it is', () => {
  const early = after([[{ ...breach, first: 0, end: 2 }]])
  const later: Series = { ...series, samples: Array.from({ length: 602 }, () => nothing) }
  expect(reconcile(early, later, [], { now_ms: closed_ms, deliver: true })).toEqual([])
})
