import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { until } from '../support/until.ts'
import { away, sendAll, settled, start, upTo } from './start-actor.ts'

test('an actor delivers every message once, in order, in batches within the limit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      async (count, capacity, batchLimit) => {
        const got: number[] = []
        const receive = async (batch: readonly number[]): Promise<void> => {
          expect(batch.length).toBeGreaterThan(0)
          expect(batch.length).toBeLessThanOrEqual(batchLimit)
          got.push(...batch)
        }
        const { actor } = start({ receive, capacity, batchLimit })
        await sendAll(actor, upTo(count))
        await actor.drain()
        expect(got).toEqual(upTo(count))
        expect(actor.status()).toMatchObject({ state: 'stopped', queued: 0 })
      },
    ),
    { numRuns: 50 },
  )
})

test('send waits while the mailbox is full', async () => {
  const gate = Promise.withResolvers<void>()
  const { actor } = start({ receive: () => gate.promise, capacity: 2, batchLimit: 1 })
  await actor.send(0)
  await until(() => actor.status().state === 'busy')
  await sendAll(actor, [1, 2])
  let sent = 0
  const waiting = [3, 4, 5].map((message) => actor.send(message).then(() => sent++))
  await Bun.sleep(0)
  expect({ sent, queued: actor.status().queued }).toEqual({ sent: 0, queued: 2 })
  gate.resolve()
  await Promise.all(waiting)
  expect(sent).toBe(3)
  await actor.drain()
})

test('a mailbox never holds more than its capacity, however many send at once', async () => {
  let most = 0
  const { actor } = start({
    capacity: 3,
    receive: async () => {
      await Bun.sleep(0)
      most = Math.max(most, actor.status().queued)
    },
  })
  await Promise.all(upTo(200).map((message) => actor.send(message)))
  await actor.drain()
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThanOrEqual(3)
})

test('drain works off what is queued', async () => {
  const got: number[] = []
  const { actor } = start({
    capacity: 50,
    receive: async (batch) => {
      await Bun.sleep(0)
      got.push(...batch)
    },
  })
  await sendAll(actor, upTo(50))
  expect(got.length).toBeLessThan(50)
  await actor.drain()
  expect(got).toEqual(upTo(50))
})

test('abort lets go of a batch that is retried, of the queue, and of those who wait to send', async () => {
  let tries = 0
  const { actor, failed, abort } = start({
    capacity: 1,
    batchLimit: 1,
    receive: async () => {
      tries++
      throw away
    },
  })
  await actor.send(1)
  await until(() => actor.status().state === 'retrying')
  await actor.send(2)
  const waiting = actor.send(3)
  abort()
  const triesAtAbort = tries
  expect(await settled(waiting)).toBe('resolved')
  expect(await settled(actor.finished)).toBe('resolved')
  expect(actor.status().state).toBe('stopped')
  expect({ failed, tries }).toEqual({ failed: [], tries: triesAtAbort })
})

test('abort also ends an idle actor, and one whose onFailed meets an outage', async () => {
  const idle = start({ receive: async () => {} })
  idle.abort()
  expect(await settled(idle.actor.finished)).toBe('resolved')

  const stuck = start({
    receive: async () => {
      throw new Error('a bug')
    },
    onFailed: async () => {
      throw away
    },
  })
  await stuck.actor.send(1)
  await until(() => stuck.actor.status().state === 'retrying')
  stuck.abort()
  expect(await settled(stuck.actor.finished)).toBe('resolved')
})

test('with concurrency that many batches are under way at once, and each message is still delivered once', async () => {
  let running = 0
  let most = 0
  const got: number[] = []
  const { actor } = start({
    concurrency: 4,
    batchLimit: 1,
    receive: async (batch) => {
      most = Math.max(most, ++running)
      await Bun.sleep(0)
      running--
      got.push(...batch)
    },
  })
  await sendAll(actor, upTo(40))
  await actor.drain()
  expect(most).toBe(4)
  expect(got.toSorted((a, b) => a - b)).toEqual(upTo(40))
})

test('the thread is given back between batches', async () => {
  let batches = 0
  const { actor } = start({ capacity: 100, batchLimit: 1, receive: async () => void batches++ })
  await sendAll(actor, upTo(100))
  const drained = actor.drain()
  await new Promise<void>((resolve) => setImmediate(resolve))
  expect(batches).toBeLessThan(100)
  await drained
  expect(batches).toBe(100)
})

test('with a pace what is no complete batch waits while another is under way, and complete ones go at once', async () => {
  const gates: { batch: readonly number[]; open: () => void }[] = []
  const { actor } = start({
    concurrency: 2,
    batchLimit: 3,
    capacity: 3,
    pace_ms: 1,
    receive: (batch) => new Promise<void>((open) => gates.push({ batch, open })),
  })
  const batches = (): number[][] => gates.map(({ batch }) => [...batch])
  await actor.send(0)
  await until(() => gates.length === 1)
  await sendAll(actor, [1, 2])
  await new Promise<void>((resolve) => setImmediate(resolve))
  expect(batches()).toEqual([[0]])
  await actor.send(3)
  await until(() => gates.length === 2)
  await sendAll(actor, [4, 5, 6])
  expect(batches()).toEqual([[0], [1, 2, 3]])
  gates[1]?.open()
  await until(() => gates.length === 3)
  await actor.send(7)
  for (const { open } of gates) open()
  await until(() => gates.length === 4)
  gates[3]?.open()
  await actor.drain()
  expect(batches()).toEqual([[0], [1, 2, 3], [4, 5, 6], [7]])
})
