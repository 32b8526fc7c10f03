import { expect, test } from 'bun:test'
import { InvalidError } from '../../src/errors.ts'
import { untilAvailable } from '../../src/retry.ts'
import { until } from '../support/until.ts'
import { away, sendAll, settled, start, upTo } from './start-actor.ts'

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
