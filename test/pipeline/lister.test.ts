import { expect, setDefaultTimeout, test } from 'bun:test'
import { createHashSet } from '../../src/pipeline/hash-set.ts'
import { hashOf } from '../../src/pipeline/ledger.ts'
import { startLister } from '../../src/pipeline/lister.ts'
import type { ListerOptions } from '../../src/pipeline/lister.ts'
import type { ListedObject } from '../../src/spaces/list.ts'
import { testBucket } from '../support/bucket.ts'
import { startListingServer } from '../support/listing-server.ts'
import type { ListingServer } from '../support/listing-server.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(60_000)

const day_ms = 86_400_000

/** A lister whose finds are taken down in `sent`; where it is `held`, each send waits until `letGo`. */
function run({
  held = false,
  ...options
}: Pick<ListerOptions, 'client'> & Partial<ListerOptions> & { held?: boolean }) {
  const abort = new AbortController()
  const known = createHashSet()
  const sent: ListedObject[] = []
  const gate = Promise.withResolvers<void>()
  if (!held) gate.resolve()
  const lister = startLister({
    bucket: 'bucket',
    prefix: '',
    known,
    send: async (object) => {
      sent.push(object)
      await gate.promise
    },
    poll_ms: 10,
    reconcile_ms: 3_600_000,
    lookback_ms: 2 * day_ms,
    signal: abort.signal,
    ...options,
  })
  return {
    lister,
    known,
    sent,
    keys: () => sent.map(({ key }) => key),
    letGo: gate.resolve,
    finish(object: ListedObject) {
      known.add(hashOf(object))
      lister.release(object)
    },
    async end() {
      abort.abort()
      gate.resolve()
      await lister.finished
      expect(lister.status().state).toBe('stopped')
    },
  }
}

/** Two more whole listings of a small bucket have begun, so at least one is through. */
async function listedAgain({ asked }: ListingServer, more = 2): Promise<void> {
  const target = asked.length + more
  await until(() => asked.length >= target)
}

function fill({ objects }: ListingServer, keys: Iterable<string>, modified_ms = 1_790_000_000_000): void {
  for (const key of keys) objects.set(key, { etag: 'e1', modified_ms })
}

const names = (n: number): string[] => Array.from({ length: n }, () => crypto.randomUUID())
const dated = (ms: number, i = 0): string =>
  `logs/${new Date(ms).toISOString().slice(0, 19).replaceAll(/[T:]/g, '-')}-${String(i).padStart(6, '0')}`

test('every object of a real bucket is found once, whatever its name, also those of one second', async () => {
  const { bucket, client, putAll, put } = await testBucket()
  const keys = names(30)
  await putAll(keys.map((key) => [key, 'x']))
  await put('empty', new Uint8Array(0))
  const { sent, keys: found, finish, end } = run({ client, bucket })
  await until(() => sent.length >= 30)
  await put('0 sorts before all others', 'x')
  await until(() => found().includes('0 sorts before all others'))
  sent.forEach(finish)
  await put('last', 'x')
  await until(() => found().includes('last'))
  // The test server lists a file of its own for a moment while it takes an object.
  const expected = [...keys, '0 sorts before all others', 'last'].toSorted()
  expect(
    found()
      .filter((key) => expected.includes(key))
      .toSorted(),
  ).toEqual(expected)
  await end()
})

test('an object is sent once while it is pending, not again when finished, and again when put off', async () => {
  const server = startListingServer()
  fill(server, names(100))
  const { lister, sent, finish, end } = run(server)
  await until(() => sent.length === 100)
  await listedAgain(server)
  expect(sent.length).toBe(100)
  expect(lister.status()).toMatchObject({ backlog: 100, listed: true, state: 'idle' })

  const [putOff, ...finished] = [...sent]
  if (!putOff) throw new Error('nothing was sent')
  finished.forEach(finish)
  await listedAgain(server)
  expect(sent.length).toBe(100)
  lister.release(putOff)
  await until(() => sent.length === 101)
  expect(sent.at(-1)).toEqual(putOff)
  await end()
  await server.stop()
})

test('a replaced object is found again by its new etag', async () => {
  const server = startListingServer()
  fill(server, ['a', 'b'])
  const { sent, finish, end } = run(server)
  await until(() => sent.length === 2)
  sent.forEach(finish)
  server.objects.set('a', { etag: 'e2', modified_ms: 1_790_000_000_000 })
  await until(() => sent.length === 3)
  expect(sent.at(-1)).toMatchObject({ key: 'a', etag: 'e2' })
  await end()
  await server.stop()
})

test('the newest day comes first while there is a backlog', async () => {
  const server = startListingServer()
  names(500).forEach((key, i) => fill(server, [key], 1_790_000_000_000 + ((i * 7919) % 500) * 3_600_000))
  const { lister, sent, letGo, end } = run({ ...server, held: true })
  await until(() => lister.status().listed)
  letGo()
  await until(() => sent.length === 500)
  // The first was on its way before the others were known.
  const days = sent.slice(1).map(({ modified_ms }) => Math.floor(modified_ms / day_ms))
  expect(days).toEqual(days.toSorted((a, b) => b - a))
  await end()
  await server.stop()
})

test('the names of a big bucket show where the newest objects are, long before it is listed', async () => {
  const server = startListingServer()
  const now_ms = Date.now()
  for (let i = 0; i < 5_000; i++)
    fill(server, [dated(now_ms - day_ms * 90 + i * 60_000, i)], now_ms - day_ms * 90)
  const newest = dated(now_ms, 1)
  fill(server, [newest], now_ms)
  const { lister, keys, letGo, end } = run({ ...server, held: true })
  await until(() => lister.status().queued > 1_000)
  expect(lister.status().listed).toBe(false)
  letGo()
  await until(() => keys().length > 2)
  expect(keys().slice(0, 2)).toContain(newest)
  await end()
  await server.stop()
})

test('a big bucket is not listed as a whole at every poll, and what is delivered today is found all the same', async () => {
  const server = startListingServer()
  const now_ms = Date.now()
  for (let i = 0; i < 4_500; i++) fill(server, [dated(now_ms - day_ms * 90 + i * 60_000, i)])
  const { lister, sent, keys, finish, end } = run(server)
  await until(() => lister.status().listed && sent.length === 4_500)
  sent.forEach(finish)
  await listedAgain(server)
  server.asked.length = 0
  await listedAgain(server, 5)
  const today = dated(now_ms)
  const yesterday = dated(now_ms - day_ms)
  fill(server, [today, yesterday])
  await until(() => sent.length === 4_502)
  expect(keys().slice(-2).toSorted()).toEqual([yesterday, today])
  const since = `logs/${new Date(now_ms - 2 * day_ms).toISOString().slice(0, 10)}`
  expect(new Set(server.asked.map(({ after }) => after))).toEqual(new Set([since]))
  await end()
  await server.stop()
})

test('what arrives late under an old date, or under no date, is found by the next whole listing', async () => {
  const server = startListingServer()
  const now_ms = Date.now()
  for (let i = 0; i < 4_500; i++) fill(server, [dated(now_ms - day_ms * 90 + i * 60_000, i)])
  const { lister, sent, keys, finish, end } = run({ ...server, reconcile_ms: 1_000 })
  await until(() => lister.status().listed && sent.length === 4_500)
  sent.forEach(finish)
  const late = [dated(now_ms - day_ms * 40, 99), 'no-date-at-all', dated(now_ms - day_ms * 100, 7)]
  fill(server, late)
  await until(() => sent.length === 4_503)
  expect(keys().slice(-3).toSorted()).toEqual(late.toSorted())
  await end()
  await server.stop()
})

test('deleted objects are forgotten by whole listings, and those that stay are not', async () => {
  const server = startListingServer()
  const keys = names(200)
  fill(server, keys)
  const { known, sent, finish, end } = run(server)
  await until(() => sent.length === 200)
  sent.forEach(finish)
  await listedAgain(server)
  expect(known.size).toBe(200)
  for (const key of keys.slice(0, 150)) server.objects.delete(key)
  await until(() => known.size === 50)
  await listedAgain(server, 3)
  expect({ known: known.size, sent: sent.length }).toEqual({ known: 50, sent: 200 })
  await end()
  await server.stop()
})

test('what falls out of a full backlog is found again, and everything is sent once', async () => {
  const server = startListingServer()
  fill(server, names(300))
  const run10 = run({ ...server, backlogCapacity: 10, held: true })
  const { lister, sent, finish, letGo, end } = run10
  await until(() => lister.status().listed)
  expect(lister.status().queued).toBeLessThanOrEqual(10)
  expect(lister.status().backlog).toBeLessThanOrEqual(11)
  letGo()
  let finished = 0
  await until(() => {
    for (; finished < sent.length; finished++) finish(sent[finished] as ListedObject)
    return finished >= 300
  })
  await listedAgain(server)
  expect(new Set(run10.keys()).size).toBe(300)
  expect(sent.length).toBe(300)
  await end()
  await server.stop()
})

test('in a big bucket, too, what fell out is found again as soon as there is room', async () => {
  const server = startListingServer()
  fill(server, names(3_500))
  const { lister, sent, finish, letGo, end } = run({ ...server, backlogCapacity: 1_000, held: true })
  await until(() => lister.status().listed)
  letGo()
  let finished = 0
  await until(() => {
    for (; finished < sent.length; finished++) finish(sent[finished] as ListedObject)
    return finished >= 3_500
  })
  expect(sent.length).toBe(3_500)
  await end()
  await server.stop()
})

test('an outage shows as retrying with its reason, and ends by itself', async () => {
  const server = startListingServer()
  fill(server, ['a'])
  server.away = true
  const { lister, sent, end } = run(server)
  await until(() => lister.status().state === 'retrying')
  expect(lister.status()).toMatchObject({ reason: expect.stringContaining('503'), listed: false })
  server.away = false
  await until(() => lister.status().state === 'idle' && sent.length === 1)
  expect(lister.status().reason).toBeNull()
  await end()
  await server.stop()
})

test('only the prefix is listed', async () => {
  const server = startListingServer()
  fill(server, ['logs/a', 'other/b', 'logs-too/c'])
  const { keys, end } = run({ ...server, prefix: 'logs/' })
  await until(() => keys().length > 0)
  await listedAgain(server)
  expect(keys()).toEqual(['logs/a'])
  await end()
  await server.stop()
})
