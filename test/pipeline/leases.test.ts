import { afterAll, afterEach, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { InvalidError } from '../../src/errors.ts'
import { createLog } from '../../src/log.ts'
import { createLeases } from '../../src/pipeline/leases.ts'
import type { LeaseLimits, Leases } from '../../src/pipeline/leases.ts'
import { createSources } from '../../src/pipeline/sources.ts'
import type { Sources } from '../../src/pipeline/sources.ts'
import { Secret } from '../../src/secret.ts'
import { createEndpointPolicy } from '../../src/spaces/endpoint-policy.ts'
import { createProofs } from '../../src/spaces/proof.ts'
import type { ProvenRight } from '../../src/spaces/proof.ts'
import type { Query } from '../../src/store/query.ts'
import { testBucket } from '../support/bucket.ts'
import type { TestBucket } from '../support/bucket.ts'
import { logLines } from '../support/log-lines.ts'
import { startS3Identities } from '../support/s3-identities.ts'
import { testS3 } from '../support/servers.ts'
import { openTestStore } from '../support/store.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(60_000)

const front = await startS3Identities(await testS3())
const store = await openTestStore()
afterAll(async () => {
  await front.close()
  await store.close()
})
const hour_ms = 3_600_000
const lease_ms = 24 * hour_ms
const policy = createEndpointPolicy({ vouched: [front.endpoint] })
const { prove } = createProofs({ policy })

let clock_ms = Date.UTC(2026, 10, 24, 12)
let logs: TestBucket
let sources: Sources
let leases: Leases
let query: Query

function open(limits: Partial<LeaseLimits> = {}): void {
  sources = createSources({
    ...store,
    query: (sql) => query(sql),
    poll_ms: 20,
    reconcile_ms: hour_ms,
    lookback_ms: 48 * hour_ms,
    retention_ms: 0,
    log: createLog('silent'),
  })
  leases = createLeases({
    sources,
    lease_ms,
    limits,
    sweep_ms: 10,
    now: () => clock_ms,
    log: createLog('silent'),
  })
}

beforeEach(async () => {
  front.fault = () => null
  query = store.query
  logs = await testBucket()
  front.own(logs.bucket, 'alice')
  for (const key of ['alice-1', 'alice-2'])
    front.allow(key, { secret: `${key}-secret`, owner: 'alice', buckets: { [logs.bucket]: 'full' } })
  open()
})
afterEach(async () => {
  await leases.stop()
  await sources.stop(5_000)
})

const scope = (key = 'alice-1', logPrefix = '', logBucket = logs.bucket): Promise<ProvenRight> =>
  prove({ endpoint: front.endpoint, key, secret: new Secret(`${key}-secret`), logBucket, logPrefix })
const state = (source: string) => leases.statuses().find((lease) => lease.source === source)?.state ?? 'none'
/** Which objects of a source are in the ledger. */
async function finished(source: string): Promise<unknown[]> {
  await store.visible()
  return (
    await store.rows(`SELECT key FROM log_objects WHERE source = '${source}' AND state = 'done' ORDER BY key`)
  ).map(({ key }) => key)
}
const done = (source: string, objects: number) =>
  until(() => sources.statuses().find((status) => status.source === source)?.objects_done === objects, {
    what: `${objects} log objects are read`,
  })
/** The keys that the bucket is listed with from now on, until there are some. */
async function listedWith(requests = 6): Promise<string[]> {
  const from = front.heard.length
  const seen = () => front.heard.slice(from).filter(({ bucket }) => bucket === logs.bucket)
  await until(() => seen().length >= requests)
  return [...new Set(seen().map(({ key }) => key))]
}

test('a proven scope has its log bucket read, under the name that the scope may read', async () => {
  await logs.put('a', logLines('a', 3))
  const mine = await scope()
  expect(leases.renew(mine)).toMatchObject({ source: mine.sources[0], state: 'reading', listed: false })
  await done(mine.sources[0], 1)
  await logs.put('b', logLines('b', 2))
  await done(mine.sources[0], 2)
  expect(await finished(mine.sources[0])).toEqual(['a', 'b'])
  await until(() => leases.statuses()[0]?.listed === true)
  const rows = await store.rows(`SELECT count() n FROM operations WHERE source = '${mine.sources[0]}'`)
  expect(rows).toEqual([{ n: 5 }])
})

test('a lease ends when nobody has asked for its length, and is not read any more', async () => {
  const mine = await scope()
  const [source] = mine.sources
  leases.renew(mine)
  clock_ms += lease_ms - 1
  leases.renew(mine)
  clock_ms += lease_ms - 1
  await listedWith()
  expect(state(source)).toBe('reading')
  clock_ms += 1
  await until(() => state(source) === 'none' && !sources.has(source))
  await logs.put('late', logLines('late', 1))
  const again = await scope()
  expect(again.sources).toEqual([source])
  const heard = front.heard.length
  const other = await scope('alice-1', 'elsewhere/')
  leases.renew(other)
  await until(
    () => front.heard.slice(heard).filter(({ url }) => url.includes('prefix=elsewhere')).length > 10,
  )
  expect(front.heard.slice(heard).filter(({ url }) => /prefix=(&|$)/.test(url))).toEqual([])
  expect(await finished(source)).toEqual([])
})

test('a lease that has ended begins again with the next request, and reads nothing twice', async () => {
  await logs.put('a', logLines('a', 3))
  const mine = await scope()
  leases.renew(mine)
  await done(mine.sources[0], 1)
  clock_ms += lease_ms
  await until(() => state(mine.sources[0]) === 'none')
  await logs.put('b', logLines('b', 1))
  leases.renew(mine)
  await done(mine.sources[0], 1)
  expect(await finished(mine.sources[0])).toEqual(['a', 'b'])
})

test('the operator’s own source is no lease: it is never ended', async () => {
  await logs.put('a', logLines('a', 1))
  const [config] = [
    { ...logs.source(), endpoint: front.endpoint, key: 'alice-1', secret: new Secret('alice-1-secret') },
  ]
  const source = await sources.start(config)
  const own = createProofs({ policy, own: () => [config] })
  const mine = await own.prove({
    endpoint: front.endpoint,
    key: 'alice-2',
    secret: new Secret('alice-2-secret'),
    logBucket: logs.bucket,
  })
  expect(mine.sources).toEqual([source])
  expect(leases.renew(mine)).toBeNull()
  clock_ms += 10 * lease_ms
  front.revoke('alice-1')
  await until(() => (sources.usage(source)?.listings_refused ?? 0) > 10)
  expect(sources.has(source)).toBe(true)
  expect(leases.statuses()).toEqual([])
})

test('two keys for one log bucket are one reading, and the second takes over when the first is refused', async () => {
  await logs.put('a', logLines('a', 1))
  const first = await scope('alice-1')
  const second = await scope('alice-2')
  expect(second.sources).toEqual(first.sources)
  leases.renew(first)
  leases.renew(second)
  leases.renew(second)
  expect(await listedWith()).toEqual(['alice-1'])
  expect(sources.statuses().length).toBe(1)
  front.revoke('alice-1')
  await until(async () => (await listedWith()).join() === 'alice-2')
  expect(state(first.sources[0])).toBe('reading')
  await logs.put('b', logLines('b', 2))
  // Which of the two has read the first object is left to chance.
  await until(async () => (await finished(first.sources[0])).join() === 'a,b')
})

test('a key whose secret was changed is taken over by the same key with the new one', async () => {
  const before = await scope('alice-1')
  leases.renew(before)
  await listedWith()
  front.allow('alice-1', { secret: 'new', owner: 'alice', buckets: { [logs.bucket]: 'full' } })
  const after = await prove({
    endpoint: front.endpoint,
    key: 'alice-1',
    secret: new Secret('new'),
    logBucket: logs.bucket,
  })
  expect(after.sources).toEqual(before.sources)
  leases.renew(after)
  await logs.put('a', logLines('a', 1))
  await done(before.sources[0], 1)
})

test('a lease whose key is refused stops and says so, until the key has been right again for a request', async () => {
  const mine = await scope()
  const [source] = mine.sources
  leases.renew(mine)
  await listedWith()
  front.revoke('alice-1')
  await until(() => state(source) === 'refused' && !sources.has(source))
  expect(leases.statuses()[0]?.reason).toContain('list the log bucket')
  expect(leases.renew(mine)?.state).toBe('refused')
  expect(sources.has(source)).toBe(false)
  front.allow('alice-1', { secret: 'alice-1-secret', owner: 'alice', buckets: { [logs.bucket]: 'full' } })
  clock_ms += 60_000
  expect(leases.renew(mine)?.state).toBe('reading')
  await logs.put('a', logLines('a', 1))
  await done(source, 1)
})

test('a key that may list but not read stops as well', async () => {
  const may = (right: 'read' | 'list') =>
    front.allow('lists', { secret: 'lists-secret', owner: 'alice', buckets: { [logs.bucket]: right } })
  await logs.putAll(Array.from({ length: 5 }, (_, i) => [`o${i}`, logLines('x', 1)] as [string, string]))
  may('read')
  const mine = await scope('lists')
  may('list')
  leases.renew(mine)
  await until(() => state(mine.sources[0]) === 'refused')
  expect(leases.statuses()[0]?.reason).toContain('read its log objects')
})

test('a fault of the object store ends no lease', async () => {
  const mine = await scope()
  leases.renew(mine)
  await listedWith()
  front.fault = () => ({ status: 500, code: 'InternalError' })
  // Each listing is tried three times.
  await listedWith(21)
  expect(sources.statuses()[0]?.actors[0]?.state).toBe('retrying')
  front.fault = () => null
  await logs.put('a', logLines('a', 1))
  await done(mine.sources[0], 1)
})

test('a source that has read its bytes of the day pauses, says so, and goes on the next day', async () => {
  await leases.stop()
  open({ bytes_a_day: 100 })
  await logs.put('a', logLines('a', 3))
  const mine = await scope()
  const [source] = mine.sources
  leases.renew(mine)
  await until(() => state(source) === 'paused' && !sources.has(source))
  expect(leases.statuses()[0]?.reason).toContain('100 bytes')
  expect(leases.statuses()[0]?.bytes_today).toBe(logLines('a', 3).length)
  await until(async () => (await finished(source)).length === 1)
  await logs.put('b', logLines('b', 3))
  expect(leases.renew(mine)?.state).toBe('paused')
  // What is not being read is not complete, whatever its last listing was.
  expect(leases.progress()).toMatchObject([{ source, listed: false }])
  clock_ms += 24 * hour_ms - 1
  expect(leases.renew(mine)).toMatchObject({ source })
  await until(async () => (await finished(source)).join() === 'a,b')
})

test('a log bucket with more objects than may be tracked is not read on', async () => {
  await leases.stop()
  open({ tracked_objects: 3 })
  await logs.putAll(Array.from({ length: 5 }, (_, i) => [`o${i}`, logLines('x', 1)] as [string, string]))
  const mine = await scope()
  leases.renew(mine)
  await until(() => state(mine.sources[0]) === 'refused')
  expect(leases.statuses()[0]?.reason).toContain('more than 3 log objects')
})

test('one key has no more than its number of sources, and another key has room', async () => {
  await leases.stop()
  open({ leases_per_key: 2 })
  for (const prefix of ['a', 'b']) expect(leases.renew(await scope('alice-1', prefix))?.state).toBe('reading')
  expect(leases.renew(await scope('alice-1', 'c'))).toMatchObject({ state: 'refused', listed: false })
  expect(leases.statuses().length).toBe(2)
  expect(leases.renew(await scope('alice-1', 'a'))?.state).toBe('reading')
  expect(leases.renew(await scope('alice-2', 'c'))?.state).toBe('reading')
})

test('where all leases are taken, the one that nobody asks for makes room, and none that is in use', async () => {
  await leases.stop()
  open({ leases: 2 })
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((prefix) => scope('alice-1', prefix)))
  if (!a || !b || !c) throw new Error('no scopes')
  leases.renew(a)
  leases.renew(b)
  expect(leases.renew(c)?.state).toBe('refused')
  clock_ms += 601_000
  leases.renew(a)
  expect(leases.renew(c)?.state).toBe('reading')
  expect(leases.statuses().map(({ source }) => source)).toEqual([a.sources[0], c.sources[0]])
})

test('a leased source that cannot be started is refused, and brings nothing else down', async () => {
  query = async () => {
    throw new InvalidError('Cannot run the query: a table is missing')
  }
  const mine = await scope()
  leases.renew(mine)
  await until(() => state(mine.sources[0]) === 'refused')
  let failed = false
  sources.failed.catch(() => (failed = true))
  query = store.query
  clock_ms += 60_000
  await logs.put('a', logLines('a', 1))
  leases.renew(mine)
  await done(mine.sources[0], 1)
  expect(failed).toBe(false)
})

test('no status of a lease shows its credentials', async () => {
  leases.renew(await scope())
  const shown =
    Bun.inspect([leases.statuses(), leases.progress()], { depth: 20 }) + JSON.stringify(leases.statuses())
  expect(shown).not.toContain('alice-1')
})
