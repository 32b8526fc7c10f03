import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Detector } from '../../src/findings/detector.ts'
import { massDeletion } from '../../src/findings/detectors/deletion.ts'
import type { Operation } from '../../src/logs/record.ts'
import { until } from '../support/until.ts'
import { openFindingsStore } from './findings-store.ts'
import { request } from './request.ts'

setDefaultTimeout(60_000)

const hour_ms = 3_600_000
const minute_ms = 60_000
const start_ms = Date.UTC(2026, 8, 9)
const clock = { now_ms: start_ms }
const world = await openFindingsStore(clock)
const { put, findings, store } = world
const all = [massDeletion]
afterAll(() => store.close())

const hours = (n: number): number => start_ms + n * hour_ms

/** One request every five minutes, so that time closes. */
function calm(from_ms: number, to_ms: number): Operation[] {
  const count = Math.ceil((to_ms - from_ms) / (5 * minute_ms))
  return Array.from({ length: count }, (_, n) =>
    request({ at_ms: from_ms + n * 5 * minute_ms, bucket: 'uploads', key: `k${n}` }),
  )
}

function deletion(at_ms: number, objects = 600, requester = 'contractor'): Operation[] {
  return Array.from({ length: objects }, (_, n) =>
    request({
      at_ms: at_ms + n * 1000,
      bucket: 'uploads',
      operation: 'REST.DELETE.OBJECT',
      key: `k${n}`,
      requester,
    }),
  )
}

const deliveredNow = () => ({ delivered_ms: clock.now_ms, refused: 0 })
const judge = (source: string): Promise<void> => world.judge(source, all)
const list = async (source: string) => (await findings.list({ window: '60d' }, [source])).findings
const judgedAt = async (source: string) =>
  (await store.rows(`SELECT judged_at FROM judged_days WHERE source = '${source}' ORDER BY ts`)).map(
    (row) => row['judged_at'],
  )

test('what goes on is one finding, open until a closed hour no longer shows it, and the same when it comes again', async () => {
  const source = 'goes-on'
  await put(source, [...calm(hours(0), hours(12.5)), ...deletion(hours(10)), ...deletion(hours(11))])
  clock.now_ms = hours(12.6)
  await judge(source)
  const [first, ...others] = await list(source)
  expect(others).toEqual([])
  expect(first).toMatchObject({
    state: 'open',
    seen: 2,
    requests: 1200,
    first_seen: new Date(hours(10)).toISOString(),
    last_seen: new Date(hours(11) + 599_000).toISOString(),
    subject: { bucket: 'uploads', requester: 'contractor' },
  })

  await put(source, calm(hours(12.5), hours(13.5)))
  clock.now_ms = hours(13.6)
  await judge(source)
  expect((await list(source)).map(({ id, state }) => ({ id, state }))).toEqual([
    { id: String(first?.id), state: 'over' },
  ])

  await put(source, [...calm(hours(13.5), hours(15.5)), ...deletion(hours(14))])
  clock.now_ms = hours(15.6)
  await judge(source)
  const again = await findings.read(String(first?.id), { scope: [source], turns_of: 'test' })
  expect(again.history.map(({ state }) => state)).toEqual(['open', 'over', 'open'])
  expect(again).toMatchObject({ state: 'open', seen: 3 })
})

test('a day that is closed is judged again when late logs come, and a finding keeps its id when they move its beginning', async () => {
  const source = 'late'
  await put(source, [...calm(hours(0), hours(26)), ...deletion(hours(10))])
  clock.now_ms = hours(26.1)
  await judge(source)
  const [found] = await list(source)
  await put(source, deletion(hours(8), 700), deliveredNow)
  clock.now_ms += 20 * minute_ms
  await judge(source)
  const after = await list(source)
  expect(after.map(({ seen, first_seen }) => ({ seen, first_seen }))).toEqual([
    { seen: 2, first_seen: new Date(hours(8)).toISOString() },
  ])
  const named = await findings.read(String(found?.id), { scope: [source], turns_of: 'test' })
  expect(named.id).toBe(String(after[0]?.id))
})

test('a finding goes when late logs show that there was none', async () => {
  const source = 'withdrawn'
  // Seen where fewer than ten requests came in an hour.
  const few: Detector = {
    ...massDeletion,
    name: 'mass-deletion',
    subject: ['bucket'],
    sql: `SELECT * FROM (
  SELECT timestamp_floor('1h', ts) AS at, bucket, count() AS objects FROM operations GROUP BY at, bucket
)
WHERE objects < 10`,
  }
  const gap = calm(hours(5), hours(6))
  await put(source, [...calm(hours(0), hours(5)), ...gap.slice(0, 3), ...calm(hours(6), hours(8))])
  clock.now_ms = hours(8.1)
  await world.judge(source, [few])
  const reading = world.reading([few])
  expect((await reading.list({ window: '60d' }, [source])).findings.length).toBe(1)
  await put(source, gap.slice(3), deliveredNow)
  clock.now_ms += 20 * minute_ms
  await world.judge(source, [few])
  expect((await reading.list({ window: '60d' }, [source])).findings).toEqual([])
})

test('after a restart nothing is judged again, and with another detector everything is', async () => {
  const source = 'restarted'
  await put(source, calm(hours(0), hours(50)))
  clock.now_ms = hours(50.1)
  await judge(source)
  const before = await judgedAt(source)
  expect(before.length).toBe(3)
  clock.now_ms += 5 * minute_ms
  await judge(source)
  expect(await judgedAt(source)).toEqual(before)
  await world.judge(source, [{ ...massDeletion, past_days: 7 }])
  expect(await judgedAt(source)).toEqual(
    before.map(() => new Date(clock.now_ms).toISOString().replace('Z', '000Z')),
  )
})

test('a detector that fails holds up no other', async () => {
  const source = 'failing'
  await put(source, [...calm(hours(0), hours(12)), ...deletion(hours(10))])
  clock.now_ms = hours(12.1)
  const broken: Detector = { ...massDeletion, name: 'broken', sql: 'SELECT nothing FROM operations' }
  await world.judge(source, [broken, massDeletion])
  expect((await list(source)).map(({ detector }) => detector)).toEqual(['mass-deletion'])
})

test('a finding is acknowledged, muted until an end, and opened again', async () => {
  const source = 'marked'
  await put(source, [...calm(hours(0), hours(12.5)), ...deletion(hours(10))])
  clock.now_ms = hours(12.6)
  await judge(source)
  const reader = { scope: [source], turns_of: 'test' }
  const [{ id = '' } = {}] = await list(source)
  expect((await findings.mark(id, { state: 'acknowledged', note: 'planned' }, reader)).state).toBe(
    'acknowledged',
  )
  await store.visible()
  expect((await list(source))[0]).toMatchObject({ state: 'acknowledged', note: 'planned' })

  clock.now_ms += 1000
  const until_ms = clock.now_ms + hour_ms
  for (const given of [
    { note: 'x' },
    { until: new Date(until_ms).toISOString() },
    { note: 'x', until: '2020-01-01T00:00:00Z' },
  ])
    await expect(findings.mark(id, { state: 'muted', ...given }, reader)).rejects.toThrow(
      'Cannot mute without',
    )
  await findings.mark(
    id,
    { state: 'muted', note: 'moving house', until: new Date(until_ms).toISOString() },
    reader,
  )
  await store.visible()
  expect((await list(source))[0]).toMatchObject({ state: 'muted', note: 'moving house' })
  clock.now_ms = until_ms
  expect((await list(source))[0]).toMatchObject({ state: 'over', note: null })
  const { history } = await findings.read(id, reader)
  expect(history.map(({ state }) => state)).toEqual(['open', 'over', 'acknowledged', 'muted', 'over'])

  await expect(findings.mark(id, { state: 'open' }, { ...reader, scope: ['goes-on'] })).rejects.toThrow(
    'Cannot find',
  )
})

test('the finder tells of days that wait, and goes on by itself as time closes', async () => {
  const source = 'running'
  await put(source, calm(hours(0), hours(6)))
  clock.now_ms = hours(6.1)
  const finder = world.find(source, all)
  await until(() => finder.status().last_look_ms !== null)
  await put(source, [...deletion(hours(6)), ...calm(hours(6), hours(7.5))])
  clock.now_ms = hours(7.6)
  await until(async () => (await list(source)).length === 1, { what: 'the new hour is judged' })
  expect(finder.status()).toMatchObject({ reason: null })
  await finder.stop()
})
