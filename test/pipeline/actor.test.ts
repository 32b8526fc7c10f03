import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { InvalidError, UnavailableError } from '../../src/errors.ts'
import { startActor, untilAvailable } from '../../src/pipeline/actor.ts'
import type { Actor, ActorOptions } from '../../src/pipeline/actor.ts'
import { until } from '../support/until.ts'

const away = new UnavailableError('Cannot write: QuestDB is away')

function start(options: Partial<ActorOptions<number>> & Pick<ActorOptions<number>, 'receive'>) {
  const abort = new AbortController()
  const failed: number[] = []
  const actor = startActor<number>({
    name: 'writer',
    onFailed: async (message) => void failed.push(message),
    capacity: 4,
    batchLimit: 3,
    signal: abort.signal,
    ...options,
  })
  return { actor, failed, abort: () => abort.abort() }
}

async function sendAll(actor: Actor<number>, messages: Iterable<number>): Promise<void> {
  for (const message of messages) await actor.send(message)
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
const settled = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'resolved',
    (error: unknown) => error,
  )

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

test('a batch that meets UnavailableError comes again, the same, until it works, and the status says why', async () => {
  const batches: number[][] = []
  const shown: unknown[] = []
  const queued = Promise.withResolvers<void>()
  const { actor, failed } = start({
    receive: async (batch) => {
      if (batch.includes(9)) return queued.promise
      batches.push([...batch])
      const { state, reason } = actor.status()
      shown.push([state, reason])
      if (batches.length < 4) throw away
    },
  })
  await actor.send(9)
  await until(() => actor.status().state === 'busy')
  await sendAll(actor, upTo(3))
  queued.resolve()
  await actor.drain()
  expect(batches).toEqual([upTo(3), upTo(3), upTo(3), upTo(3)])
  expect(shown).toEqual([
    ['busy', null],
    ['retrying', away.message],
    ['retrying', away.message],
    ['retrying', away.message],
  ])
  expect(failed).toEqual([])
})

test('since_ms of a retrying actor is when the retrying began', async () => {
  let tries = 0
  const seen: number[] = []
  const { actor } = start({
    receive: async () => {
      if (actor.status().state === 'retrying') seen.push(actor.status().since_ms)
      if (++tries < 4) throw away
    },
  })
  await actor.send(1)
  await actor.drain()
  expect(seen.length).toBe(3)
  expect(new Set(seen).size).toBe(1)
})

test('a poison message is set aside alone, and its neighbours are delivered in order', async () => {
  const got: number[] = []
  const errors: unknown[] = []
  const poison = new InvalidError('Cannot take 2')
  const { actor, failed } = start({
    capacity: 10,
    batchLimit: 10,
    receive: async (batch) => {
      if (batch.includes(2)) throw poison
      got.push(...batch)
    },
    onFailed: async (message, error) => void errors.push([message, error]),
  })
  await sendAll(actor, upTo(6))
  await actor.drain()
  expect(got).toEqual([0, 1, 3, 4, 5])
  expect(errors).toEqual([[2, poison]])
  expect(failed).toEqual([])
})

test('neighbours of a poison message that meet an outage are still tried until they work', async () => {
  const got: number[] = []
  let outage = 2
  const { actor, failed } = start({
    receive: async (batch) => {
      if (batch.includes(1)) throw new Error('a bug')
      if (outage-- > 0) throw away
      got.push(...batch)
    },
  })
  await sendAll(actor, upTo(3))
  await actor.drain()
  expect(got).toEqual([0, 2])
  expect(failed).toEqual([1])
})

test('with a number of tries a message is given up after them', async () => {
  let tried = 0
  const { actor, failed } = start({
    tries: 3,
    receive: async () => {
      tried++
      throw away
    },
  })
  await actor.send(7)
  await actor.drain()
  expect({ tried, failed }).toEqual({ tried: 3, failed: [7] })
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

test('the status of a concurrent actor shows its worst loop', async () => {
  const gate = Promise.withResolvers<void>()
  const { actor, abort } = start({
    concurrency: 2,
    batchLimit: 1,
    receive: async ([message]) => {
      if (message === 0) throw away
      await gate.promise
    },
  })
  await sendAll(actor, [0, 1])
  await until(() => actor.status().state === 'retrying')
  expect(actor.status()).toMatchObject({ name: 'writer', reason: away.message })
  gate.resolve()
  abort()
  await actor.finished
})

test('an onFailed that throws breaks the actor: finished rejects with its error', async () => {
  const bug = new Error('a bug in onFailed')
  const { actor } = start({
    receive: async () => {
      throw new Error('a bug')
    },
    onFailed: async () => {
      throw bug
    },
  })
  const finished = settled(actor.finished)
  await actor.send(1)
  expect(await finished).toBe(bug)
})

test('untilAvailable gives the result, passes other errors on, and stops when aborted', async () => {
  const { signal } = new AbortController()
  let tried = 0
  const third = async (): Promise<string> => {
    if (++tried < 3) throw away
    return 'done'
  }
  expect(await untilAvailable(third, { signal })).toBe('done')
  const bug = new Error('a bug')
  expect(await settled(untilAvailable(() => Promise.reject(bug), { signal }))).toBe(bug)

  const abort = new AbortController()
  const work = untilAvailable(() => Promise.reject(away), {
    signal: abort.signal,
    onRetry: () => abort.abort(),
  })
  expect(await settled(work)).toBe(away)
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
