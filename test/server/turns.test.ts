import { expect, test } from 'bun:test'
import { createTurns } from '../../src/server/turns.ts'

test('turns are given in order, to so many at once, and a failure gives its turn back', async () => {
  const turns = createTurns({ at_once: 2, waiting: 3 })
  const begun: number[] = []
  const ends = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
  const all = ends.map(({ promise }, i) =>
    turns.take('a', () => (begun.push(i), promise)).catch(() => 'failed'),
  )
  expect(turns.take('a', async () => 1)).rejects.toMatchObject({ code: 'too_busy' })
  expect(await turns.take('b', async () => 1)).toBe(1)
  expect(begun).toEqual([0, 1])
  ends[1]?.reject(new Error('no'))
  await all[1]
  expect(begun).toEqual([0, 1, 2])
  for (const { resolve } of ends) resolve()
  expect(await Promise.all(all)).toEqual([undefined, 'failed', undefined, undefined, undefined])
  expect(begun).toEqual([0, 1, 2, 3, 4])
  expect(await turns.take('a', async () => 2)).toBe(2)
})
