import { expect, test } from 'bun:test'
import type { Term } from '../../src/explain/answers.ts'
import { findCauses } from '../../src/explain/causes.ts'
import type { MaskedFigures } from '../../src/explain/causes.ts'
import { conditionOf, dimensionOf, networkOf, termOf } from '../../src/explain/dimensions.ts'
import {
  changeOf,
  evidenceOf,
  leastEvidence,
  overdispersionOf,
  surpriseOf,
} from '../../src/explain/statistics.ts'
import { createRandom } from '../../src/demo/random.ts'
import { windowsOf } from '../../src/explain/windows.ts'

const chance = { scale: 1, overdispersion: 1 }
const counted = (selection: number, baseline: number) => ({
  selection,
  baseline,
  squares: selection + baseline,
})
const term = (name: Parameters<typeof dimensionOf>[0], value: string): Term =>
  termOf(dimensionOf(name), value)

/** Rows as [mask, selection, baseline]. */
function explained(candidates: readonly Term[], table: readonly (readonly [number, number, number])[]) {
  const rows = table.map(([mask, selection, baseline]): MaskedFigures => ({
    mask,
    ...counted(selection, baseline),
  }))
  const sum = (name: 'selection' | 'baseline') => rows.reduce((total, row) => total + row[name], 0)
  const whole = counted(sum('selection'), sum('baseline'))
  const direction = Math.sign(whole.selection - whole.baseline)
  const { causes } = findCauses({ rows, candidates, whole, chance, direction })
  return causes.map(({ terms, folded, within }) => ({
    names: terms.map(({ value }) => value),
    folded: folded.flatMap(({ terms: own }) => own.map(({ value }) => value)),
    within: within.map(({ term: { value }, share }) => [value, Math.round(share * 100)]),
  }))
}

test('surprise is the part of the Jensen-Shannon divergence that Adtributor calls so', () => {
  expect(surpriseOf(0.3, 0.3)).toBe(0)
  expect(surpriseOf(0, 1)).toBeCloseTo(0.5 * Math.log(2), 12)
  expect(surpriseOf(0.1, 0.4)).toBeCloseTo(0.5 * (0.1 * Math.log(0.2 / 0.5) + 0.4 * Math.log(0.8 / 0.5)), 12)
})

test('counts that differ by chance alone are no evidence, and such as differ a lot are', () => {
  expect(changeOf(counted(110, 90), chance)).toBeLessThan(leastEvidence)
  expect(changeOf(counted(200, 100), chance)).toBeGreaterThan(leastEvidence)
  // Of twice as long a baseline twice as much is expected.
  expect(changeOf(counted(100, 200), { ...chance, scale: 0.5 })).toBeCloseTo(0, 6)
  // Two bursts of fifty are two events and not a hundred.
  expect(changeOf({ selection: 100, baseline: 0, squares: 5000 }, chance)).toBeLessThan(leastEvidence)
  // All else has doubled too.
  expect(evidenceOf(counted(200, 100), counted(2000, 1000), chance)).toBeLessThan(1)
})

test('a trend makes no baseline restless, and bursts do', () => {
  expect(overdispersionOf([Array.from({ length: 40 }, (_, at) => 100 + at)], 1)).toBe(1)
  expect(
    overdispersionOf([Array.from({ length: 40 }, (_, at) => (at % 10 === 0 ? 500 : 0))], 1),
  ).toBeGreaterThan(100)
})

test('of 2,000 pairs of windows that differ by chance alone at most two have a cause', () => {
  const random = createRandom(11, 'quiet windows')
  const poisson = (mean: number): number => {
    let [count, left] = [0, Math.exp(-mean)]
    for (let product = random.fraction(); product > left; product *= random.fraction()) count++
    return count
  }
  let alarms = 0
  for (let pair = 0; pair < 2_000; pair++) {
    const means = Array.from({ length: 12 }, (_, value) => 60 / (value + 1))
    const table = means.map((mean, value) => [2 ** value, poisson(mean), poisson(mean)] as const)
    const names = means.map((_, value) => term(value % 2 ? 'client' : 'bucket', String(value)))
    const whole = counted(
      table.reduce((sum, [, now]) => sum + now, 0),
      table.reduce((sum, [, , before]) => sum + before, 0),
    )
    if (changeOf(whole, chance) >= leastEvidence) alarms += explained(names, table).length
  }
  expect(alarms).toBeLessThanOrEqual(2)
})

test('what has the same rows is folded under whom a person can act on', () => {
  const names = [
    term('user_agent', 'bot/1'),
    term('client', '203.0.113.9'),
    term('bucket', 'photos'),
    term('status', '403'),
  ]
  expect(
    explained(names, [
      [0b1111, 500, 0],
      [0b0100, 400, 390],
      [0b0000, 600, 610],
    ]),
  ).toEqual([
    {
      names: ['203.0.113.9'],
      folded: ['bot/1', '403', 'photos'],
      within: [
        ['bot/1', 100],
        ['photos', 100],
        ['403', 100],
      ],
    },
  ])
})

test('two values are named together where both are usual and only together they are new', () => {
  const names = [term('client', '198.51.100.7'), term('prefix', 'exports'), term('bucket', 'files')]
  const [first] = explained(names, [
    [0b111, 600, 0],
    [0b101, 500, 500],
    [0b110, 500, 500],
    [0b100, 500, 500],
  ])
  expect(first?.names).toEqual(['198.51.100.7', 'exports'])
})

test('two causes are named one after the other', () => {
  const names = [term('client', 'a'), term('client', 'b'), term('status', '403')]
  const causes = explained(names, [
    [0b001, 400, 0],
    [0b110, 300, 0],
    [0b000, 500, 500],
  ])
  expect(causes.map(({ names: [name] }) => name)).toEqual(['a', 'b'])
})

test.each([
  ['203.0.113.66', '203.0.113.0/24', "starts_with(remote_ip, '203.0.113.')"],
  ['2001:db8:5:1::2', '2001:db8:5::/48', "starts_with(remote_ip, '2001:db8:5:')"],
  ['2001:db8:5::2', '2001:db8:5::/48', "starts_with(remote_ip, '2001:db8:5:')"],
  ['2001:db8::2', '2001:db8::/48', "starts_with(remote_ip, '2001:db8::')"],
])('%s is in the network %s', (address, network, condition) => {
  expect(networkOf(address)).toBe(network)
  expect(conditionOf(termOf(dimensionOf('network'), network))).toBe(condition)
})

test('what is no address is in no network', () => {
  for (const text of ['', '-', 'unknown', "1.2.3.4' OR true"]) expect(networkOf(text)).toBeNull()
})

test('a baseline ends now, begins with the logs, and is scaled to the selection', () => {
  const hour = 3_600_000
  const now_ms = 1000 * hour
  const at = (from: number, to: number) => ({ from_ms: from * hour, to_ms: to * hour, step_ms: null })
  const facts = { begins_ms: 0, now_ms }
  expect(windowsOf(at(990, 994), 'neighbourhood', facts)).toMatchObject({
    baseline: [{ from_ms: 986 * hour }, { to_ms: 998 * hour }],
    scale: 0.5,
    notes: [],
  })
  expect(windowsOf(at(996, 1000), 'neighbourhood', facts)).toMatchObject({
    baseline: [{ from_ms: 992 * hour, to_ms: 996 * hour }],
    scale: 1,
  })
  expect(windowsOf(at(990, 994), 'previous', { ...facts, begins_ms: 989 * hour })).toMatchObject({
    baseline: [{ from_ms: 989 * hour, to_ms: 990 * hour }],
    scale: 4,
    notes: [expect.stringContaining('inside the baseline')],
  })
  expect(windowsOf(at(990, 994), 'week', { ...facts, begins_ms: 989 * hour })).toMatchObject({
    baseline: [],
    notes: [expect.stringContaining('the baseline is empty')],
  })
  expect(() => windowsOf(at(1001, 1002), 'week', facts)).toThrow('it lies in the future')
})
