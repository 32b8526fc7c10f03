import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { detectors } from '../../src/findings/detectors.ts'
import { coldData, neverRead } from '../../src/findings/detectors/cold-data.ts'
import { logsStopped, refusedLines } from '../../src/findings/detectors/logs.ts'
import { openFindingsStore } from './findings-store.ts'
import type { LogPlant, Plant } from './plant.ts'
import { plants } from './plants.ts'
import { logPlants } from './plants/logs.ts'
import { restingPlants } from './plants/resting.ts'
import { month, quietMonth, quietSnapshots } from './quiet-month.ts'

setDefaultTimeout(400_000)

const clock = { now_ms: month.to_ms + 3_600_000 }
const world = await openFindingsStore(clock)
const { findings, put, judge } = world
const plantedFrom_ms = month.to_ms - 16 * 86_400_000

beforeAll(async () => {
  await put('quiet', quietMonth())
  await world.putSnapshots('quiet', quietSnapshots())
  await put('planted', [...quietMonth(plantedFrom_ms), ...plants.flatMap(({ operations }) => operations)])
  await put(
    'resting',
    restingPlants.flatMap(({ operations }) => operations),
  )
  await world.putSnapshots(
    'resting',
    restingPlants.flatMap(({ snapshots = [] }) => snapshots),
  )
})
afterAll(() => world.store.close())

test('every detector is silent over thirty quiet days, in which nothing is left unjudged', async () => {
  await judge.call(world, 'quiet')
  const { findings: found, judged } = await findings.list({ window: '60d' }, ['quiet'])
  expect(found.map(({ says }) => says)).toEqual([])
  expect(judged).toEqual([
    {
      source: 'quiet',
      from: new Date(month.from_ms).toISOString(),
      until: new Date(month.to_ms).toISOString(),
      waiting_days: 0,
    },
  ])
})

async function expectPlants(source: string, planted: readonly Plant[]): Promise<void> {
  const { findings: found } = await findings.list({ window: '60d', limit: 1000 }, [source])
  const told = found.map(({ detector, subject, first_seen }) => ({ detector, subject, first_seen }))
  const expected = planted.flatMap((plant) =>
    plant.findings.map(({ first_seen_ms, ...one }) => ({
      ...one,
      first_seen: new Date(first_seen_ms).toISOString(),
    })),
  )
  const order = (all: typeof told) => all.map((one) => JSON.stringify(one)).toSorted()
  expect(order(told)).toEqual(order(expected))
}

test('every planted incident is found once, with its beginning, and nothing else is', async () => {
  await judge.call(world, 'planted')
  await expectPlants('planted', plants)
})

test('what rests for a month is found once, and nothing else is', async () => {
  await judge.call(world, 'resting', [coldData, neverRead])
  await expectPlants('resting', restingPlants)
})

test.each(logPlants.map(({ what }, at) => [what, at] as const))('it is found once: %s', async (_, at) => {
  const { change, findings: expected } = logPlants[at] as LogPlant
  const source = `logs-${at}`
  await put(source, quietMonth(plantedFrom_ms), change)
  await judge.call(world, source, [logsStopped, refusedLines])
  const { findings: found } = await findings.list({ window: '60d' }, [source])
  expect(found.map(({ detector, subject, first_seen }) => ({ detector, subject, first_seen }))).toEqual(
    expected.map(({ detector, first_seen_ms }) => ({
      detector,
      subject: { source },
      first_seen: new Date(first_seen_ms).toISOString(),
    })),
  )
})

test('every detector finds something that is planted', () => {
  const planted = new Set(
    [...plants, ...logPlants, ...restingPlants].flatMap((plant) =>
      plant.findings.map(({ detector }) => detector),
    ),
  )
  expect(detectors.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual([])
})

test('the evidence of every finding runs as POST /sql takes it, and has rows', async () => {
  const scope = ['planted', 'resting']
  const { findings: found } = await findings.list({ window: '60d', limit: 1000 }, scope)
  for (const { id, detector } of found) {
    const { evidence, remedies, figures, measure } = await findings.read(id, {
      scope,
      turns_of: 'test',
    })
    expect([detector, evidence[0]?.rows.length]).not.toEqual([detector, 0])
    expect([detector, remedies.length]).not.toEqual([detector, 0])
    expect([detector, typeof figures[measure]]).toEqual([detector, 'number'])
    for (const { sql, from, to, rows } of evidence) {
      const again = await world.gate.run({
        sql,
        from,
        to,
        scope: [...scope, 'quiet'],
        turns_of: 'test',
        limit: 100,
      })
      expect(again.rows).toEqual(rows)
    }
  }
})

test('docs/findings.md lists every detector and threshold as they are', async () => {
  const text = await Bun.file(new URL('../../docs/findings.md', import.meta.url)).text()
  const [, , ...rows] = text.split('\n').filter((line) => line.startsWith('|'))
  const cells = rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  const expected = detectors.flatMap(({ name, every, thresholds }) =>
    Object.entries(thresholds).map(([threshold, { default: value, unit, reason, source }]) => [
      name,
      every,
      threshold,
      String(value),
      unit,
      source === null ? reason : `${reason} (${source})`,
    ]),
  )
  expect(cells).toEqual(expected)
})
