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

test('of a total each waiting name gets one before any gets a second, and equals take turns', async () => {
  const turns = createTurns({ at_once: 2, waiting: 10, total: 3 })
  const begun: string[] = []
  const running: { name: string; end: () => void }[] = []
  const all: Promise<unknown>[] = []
  const send = (name: string, times: number) => {
    for (let i = 0; i < times; i++)
      all.push(
        turns.take(name, async () => {
          begun.push(name)
          await new Promise<void>((resolve) => running.push({ name, end: resolve }))
        }),
      )
  }
  const endOne = async (name: string) => {
    const at = running.findIndex((one) => one.name === name)
    running.splice(at, 1)[0]?.end()
    await Bun.sleep(0)
  }
  send('hostile', 10)
  // Alone it does not take all.
  expect(begun).toEqual(['hostile', 'hostile'])
  send('other', 3)
  expect(begun.slice(2)).toEqual(['other'])
  send('third', 1)
  await endOne('hostile')
  expect(begun.slice(3)).toEqual(['third'])
  await endOne('hostile')
  expect(begun.slice(4)).toEqual(['hostile'])
  for (let i = 0; i < 4; i++) await endOne('third').then(() => endOne('other'))
  expect(begun.filter((name) => name === 'other').length).toBe(3)
  while (running.length > 0) await endOne(running[0]?.name ?? '')
  await Promise.all(all)
  expect(begun.length).toBe(14)
})

test('who waits for too long is told so, and leaves the queue', async () => {
  const turns = createTurns({ at_once: 1, waiting: 1, total: 1, wait_ms: 5 })
  const held = Promise.withResolvers<void>()
  const first = turns.take('a', () => held.promise)
  for (const name of ['a', 'a', 'b'])
    expect(await turns.take(name, async () => 1).catch((error: unknown) => error)).toMatchObject({
      code: 'too_many_queries',
    })
  held.resolve()
  await first
  expect(await turns.take('b', async () => 2)).toBe(2)
})
