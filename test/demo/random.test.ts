import { expect, test } from 'bun:test'
import { createDraw, createRandom, createZipf } from '../../src/demo/random.ts'

const draws = (seed: number, ...path: (number | string)[]) => {
  const random = createRandom(seed, ...path)
  return Array.from({ length: 8 }, () => random.uint32())
}

test('random repeats itself for the same seed and path, and for no other', () => {
  expect(draws(1, 'a', 2)).toEqual(draws(1, 'a', 2))
  for (const other of [
    draws(2, 'a', 2),
    draws(1, 'b', 2),
    draws(1, 'a', 3),
    draws(1, 'a'),
    draws(1, 'a2'),
    draws(2 ** 40, 'a', 2),
  ]) {
    expect(other).not.toEqual(draws(1, 'a', 2))
  }
})

test('random fractions are spread evenly', () => {
  const random = createRandom(3)
  const drawn = Array.from({ length: 100_000 }, () => random.below(10))
  const counts = Map.groupBy(drawn, (digit) => digit)
  expect(counts.size).toBe(10)
  for (const { length } of counts.values()) expect(Math.abs(length - 10_000)).toBeLessThan(500)
})

test('draw honours the weights', () => {
  const draw = createDraw([['rare', 1], ['usual', 3], ['never', 0]] as const) // prettier-ignore
  const random = createRandom(5)
  const counts = { rare: 0, usual: 0, never: 0 }
  for (let n = 0; n < 40_000; n++) counts[draw(random)]++
  expect(counts.never).toBe(0)
  expect(Math.abs(counts.rare - 10_000)).toBeLessThan(400)
})

test('zipf draws rank 1 about ten times as often as rank 10', () => {
  const draw = createZipf(Array.from({ length: 100 }, (_, rank) => rank + 1))
  const random = createRandom(6)
  const counts = new Map<number, number>()
  for (let n = 0; n < 100_000; n++) {
    const rank = draw(random)
    counts.set(rank, (counts.get(rank) ?? 0) + 1)
  }
  expect((counts.get(1) ?? 0) / (counts.get(10) ?? 1)).toBeWithin(8.5, 11.5)
})
