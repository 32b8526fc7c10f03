import { afterAll, beforeEach, expect, test } from 'bun:test'
import { InvalidError, UnavailableError } from '../../src/errors.ts'
import { Secret } from '../../src/secret.ts'
import { sourceId } from '../../src/source-config.ts'
import type { SourceConfig } from '../../src/source-config.ts'
import { createEndpointPolicy } from '../../src/spaces/endpoint-policy.ts'
import { createProofs } from '../../src/spaces/proof.ts'
import type { Credentials } from '../../src/spaces/proof.ts'
import { testBucket } from '../support/bucket.ts'
import { startCanary } from '../support/canary.ts'
import { startS3Identities } from '../support/s3-identities.ts'
import { testS3 } from '../support/servers.ts'

const upstream = await testS3()
const front = await startS3Identities(upstream)
const otherFront = await startS3Identities(upstream)
const [{ bucket, put }, other, empty] = await Promise.all([testBucket(), testBucket(), testBucket()])
const today = new Date().toISOString().slice(0, 10)
await put(`logs/${today}-10-00-00-A`, 'one')
afterAll(() => Promise.all([front.close(), otherFront.close()]))

let clock_ms = 0
const policy = createEndpointPolicy({ vouched: [front.endpoint, otherFront.endpoint] })
let own: SourceConfig[] = []
let { prove } = createProofs({ policy, own: () => own, now: () => clock_ms })

beforeEach(() => {
  clock_ms = 1_000_000
  own = []
  ;({ prove } = createProofs({ policy, own: () => own, now: () => clock_ms }))
  front.fault = () => null
  front.hold = null
  front.heard.length = 0
  front.own(bucket, 'alice')
  front.own(other.bucket, 'bob')
  front.allow('alice-full', {
    secret: 'a-secret',
    owner: 'alice',
    buckets: { [bucket]: 'full' },
    listBuckets: true,
  })
  front.allow('alice-second', { secret: 'a2-secret', owner: 'alice', buckets: { [bucket]: 'full' } })
  front.allow('alice-limited', { secret: 'al-secret', owner: 'alice', buckets: { [bucket]: 'read' } })
  front.allow('bob-full', {
    secret: 'b-secret',
    owner: 'bob',
    buckets: { [other.bucket]: 'full' },
    listBuckets: true,
  })
})

const alice = (more: Partial<Credentials> = {}): Credentials => ({
  endpoint: front.endpoint,
  key: 'alice-full',
  secret: new Secret('a-secret'),
  logBucket: bucket,
  logPrefix: 'logs/',
  ...more,
})
const limited = { key: 'alice-limited', secret: new Secret('al-secret') }
const code = (proof: Promise<unknown>): Promise<unknown> =>
  proof.then(
    () => 'proven',
    (error: unknown) => (error instanceof InvalidError ? error.code : error),
  )
const source = async (more?: Partial<Credentials>): Promise<string> => (await prove(alice(more))).sources[0]
const listings = () => front.heard.filter(({ url }) => url.includes('list-type=2'))

test('a key that can list and read the log bucket opens it, and the store is asked once in 60 seconds', async () => {
  const scope = await prove(alice())
  expect(scope.sources[0]).toMatch(/^[0-9a-f]{32}$/)
  expect(scope.config).toMatchObject({ endpoint: front.endpoint, key: 'alice-full', bucket, prefix: 'logs/' })
  expect(scope.config).toMatchObject({ region: 'us-east-1', pathStyle: true, guarded: false })
  const heard = front.heard.length
  clock_ms += 59_999
  expect((await prove(alice())).sources).toEqual(scope.sources)
  expect(front.heard.length).toBe(heard)
  clock_ms += 1
  expect((await prove(alice())).sources).toEqual(scope.sources)
  expect(front.heard.length).toBe(2 * heard)
})

test('what proves is a listing of the log prefix and a read of one byte of its newest object', async () => {
  await put('logs/2026-01-01-old', 'old')
  const [listing, read] = (await prove(alice()), front.heard)
  const query = new URLSearchParams(listing?.url.split('?')[1])
  expect([listing?.bucket, query.get('list-type'), query.get('prefix')]).toEqual([bucket, '2', 'logs/'])
  expect([read?.url.split('?')[0], read?.status]).toEqual([`/${bucket}/logs/${today}-10-00-00-A`, 206])
})

test('the newest object is found where no name begins with its date', async () => {
  await put('odd/a', 'old')
  // S3 tells times in whole seconds.
  await Bun.sleep(1_100)
  await put('odd/b-newest', 'new')
  await put('odd/c-empty', '')
  await prove(alice({ logPrefix: 'odd/' }))
  expect(front.heard.find(({ status }) => status === 206)?.url).toContain('/odd/b-newest')
})

test('a key that may list the log bucket and not read it opens nothing, even within 60 seconds of others', async () => {
  front.allow('lists', { secret: 'l', owner: 'alice', buckets: { [bucket]: 'list' }, listBuckets: true })
  const lists = { key: 'lists', secret: new Secret('l') }
  await prove(alice())
  own = [operators('alice-full', 'a-secret')]
  expect(await code(prove(alice(lists)))).toBe('forbidden')
})

test('a key whose right to read is taken away is refused 60 seconds later at the latest', async () => {
  await prove(alice(limited))
  front.allow('alice-limited', { secret: 'al-secret', owner: 'alice', buckets: { [bucket]: 'list' } })
  expect(await code(prove(alice(limited)))).toBe('proven')
  clock_ms += 60_000
  expect(await code(prove(alice(limited)))).toBe('forbidden')
})

test('while a bucket is empty a key that may only list gets a source of its own, and nothing once there is an object', async () => {
  const { bucket: fresh, put: putFresh } = await testBucket()
  front.own(fresh, 'alice')
  const may = (key: string, right: 'list' | 'read') => {
    front.allow(key, { secret: key, owner: 'alice', buckets: { [fresh]: right }, listBuckets: true })
    return { key, secret: new Secret(key), logBucket: fresh }
  }
  const [lists, reads] = [may('only-lists', 'list'), may('also-reads', 'read')]
  own = [{ ...operators('only-lists', 'only-lists'), bucket: fresh }]
  const before = await source(lists)
  expect(new Set([before, await source(reads), sourceId({ ...operators('', ''), bucket: fresh })]).size).toBe(
    3,
  )
  await putFresh('logs/first', 'x')
  clock_ms += 60_000
  expect(await code(prove(alice(lists)))).toBe('forbidden')
  expect(await source(reads)).not.toBe(before)
})

test('an object that goes while it is looked at proves nothing and refuses nobody', async () => {
  front.fault = ({ url }) => (url.includes('/logs/2') ? { status: 404, code: 'NoSuchKey' } : null)
  expect(await code(prove(alice()))).toBeInstanceOf(UnavailableError)
})

test('a wrong secret gets nothing while the right one is known, and is asked of the store each time', async () => {
  await prove(alice())
  for (let i = 1; i <= 5; i++) {
    const before = listings().length
    expect(await code(prove(alice({ secret: new Secret(`a-secret${i}`) })))).toBe('bad_credentials')
    expect(await code(prove(alice({ secret: new Secret('a-secre') })))).toBe('bad_credentials')
    expect(listings().length).toBe(before + 2)
  }
})

test('a wrong secret that comes together with the right one gets nothing', async () => {
  const gate = Promise.withResolvers<void>()
  front.hold = gate.promise
  const proofs = [prove(alice()), prove(alice({ secret: new Secret('wrong') })), prove(alice())].map(code)
  gate.resolve()
  expect(await Promise.all(proofs)).toEqual(['proven', 'bad_credentials', 'proven'])
})

test('an unknown key, a bucket of others and a bucket that is not there open nothing', async () => {
  expect(await code(prove(alice({ key: 'nobody' })))).toBe('bad_credentials')
  expect(await code(prove(alice({ logBucket: other.bucket })))).toBe('forbidden')
  front.allow('root', { secret: 'r', owner: 'root', buckets: { '*': 'full' } })
  const root = { key: 'root', secret: new Secret('r') }
  expect(await code(prove(alice({ ...root, logBucket: 'no-such-bucket' })))).toBe('not_found')
})

test('a key of one caller with the bucket of another opens nothing, whoever came first', async () => {
  await prove(alice())
  await prove(alice({ key: 'bob-full', secret: new Secret('b-secret'), logBucket: other.bucket }))
  expect(await code(prove(alice({ key: 'bob-full', secret: new Secret('b-secret') })))).toBe('forbidden')
  expect(await code(prove(alice({ key: 'bob-full' })))).toBe('bad_credentials')
  expect(await code(prove(alice({ secret: new Secret('b-secret') })))).toBe('bad_credentials')
})

test('a proof for one endpoint is none for another', async () => {
  await prove(alice())
  expect(await code(prove(alice({ endpoint: otherFront.endpoint })))).toBe('bad_credentials')
  expect(otherFront.heard.length).toBe(1)
})

test('a proof for one prefix is none for another, and they are two sources', async () => {
  const first = await source()
  const before = listings().length
  expect(await source({ logPrefix: '' })).not.toBe(first)
  expect(listings().length).toBe(before + 1)
})

test('parts of a credential that give one text when they are joined are two credentials', async () => {
  front.allow('ab', { secret: 'c', owner: 'x', buckets: { [bucket]: 'read' } })
  await prove(alice({ key: 'ab', secret: new Secret('c') }))
  expect(await code(prove(alice({ key: 'a', secret: new Secret('bc') })))).toBe('bad_credentials')
})

test('a key that is revoked is refused 60 seconds later at the latest', async () => {
  await prove(alice())
  front.revoke('alice-full')
  clock_ms += 60_000
  expect(await code(prove(alice()))).toBe('bad_credentials')
  clock_ms -= 60_000
  // Once it is known to be wrong, the older proof is forgotten.
  expect(await code(prove(alice()))).toBe('bad_credentials')
})

test('the 60 seconds begin before the listing is sent, not when its answer comes', async () => {
  const gate = Promise.withResolvers<void>()
  front.hold = gate.promise
  const first = prove(alice())
  clock_ms += 50_000
  gate.resolve()
  await first
  front.revoke('alice-full')
  clock_ms += 10_000
  expect(await code(prove(alice()))).toBe('bad_credentials')
})

test('a right that is taken away is a refusal, and one that is given counts at once', async () => {
  await prove(alice())
  front.allow('alice-full', { secret: 'a-secret', owner: 'alice', buckets: {} })
  clock_ms += 60_000
  expect(await code(prove(alice()))).toBe('forbidden')
  front.allow('alice-full', { secret: 'a-secret', owner: 'alice', buckets: { [bucket]: 'read' } })
  expect(await code(prove(alice()))).toBe('proven')
})

test('200 requests at once with the same credentials are one listing', async () => {
  const scopes = await Promise.all(Array.from({ length: 200 }, () => prove(alice())))
  expect(new Set(scopes.map(({ sources }) => sources[0])).size).toBe(1)
  expect(listings().length).toBe(1)
})

test.each([
  [500, 'InternalError'],
  [503, 'SlowDown'],
  [429, 'TooManyRequests'],
])('an object store that answers %d proves nothing, even to who was right before', async (status, name) => {
  await prove(alice())
  clock_ms += 60_000
  front.fault = () => ({ status, code: name })
  expect(await code(prove(alice()))).toBeInstanceOf(UnavailableError)
  front.fault = () => null
  expect(await code(prove(alice()))).toBe('proven')
})

test('an object store that fails when it is asked whose the bucket is proves nothing', async () => {
  front.fault = ({ url }) => (url.includes('acl') ? { status: 503, code: 'SlowDown' } : null)
  expect(await code(prove(alice()))).toBeInstanceOf(UnavailableError)
})

test('a 200 that is no listing of the bucket proves nothing', async () => {
  for (const body of ['', '<html>hello</html>', '<ListBucketResult><Name>other</Name></ListBucketResult>']) {
    const page = await startCanary(
      `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    )
    policy.vouch(`http://127.0.0.1:${page.port}`)
    const answer = await code(prove(alice({ endpoint: `http://127.0.0.1:${page.port}` })))
    expect(answer).toBeInstanceOf(UnavailableError)
    await page.close()
  }
})

test('a store that nobody is at proves nothing', async () => {
  const gone = await startCanary()
  await gone.close()
  policy.vouch(`http://127.0.0.1:${gone.port}`)
  expect(await code(prove(alice({ endpoint: `http://127.0.0.1:${gone.port}` })))).toBeInstanceOf(
    UnavailableError,
  )
})

test('a key that was refused ten times in a minute is not asked about again, except with the secret that was right', async () => {
  await prove(alice())
  clock_ms += 60_000
  for (let i = 0; i < 10; i++) await code(prove(alice({ secret: new Secret(`guess-${i}`) })))
  const before = front.heard.length
  expect(await code(prove(alice({ secret: new Secret('guess') })))).toBe('too_many_attempts')
  expect(front.heard.length).toBe(before)
  expect(await code(prove(alice()))).toBe('proven')
  expect(await code(prove(alice(limited)))).toBe('proven')
  clock_ms += 60_000
  expect(await code(prove(alice({ secret: new Secret('guess') })))).toBe('bad_credentials')
})

test('wrong secrets from one address hold up nobody at another, not even with a secret that is new there', async () => {
  const guess = (from: string) => code(prove(alice({ secret: new Secret('guess') }), from))
  for (let i = 0; i < 10; i++) await guess('192.0.2.1')
  expect(await guess('192.0.2.1')).toBe('too_many_attempts')
  expect(await guess('192.0.2.2')).toBe('bad_credentials')
  expect(await code(prove(alice(), '192.0.2.2'))).toBe('proven')
  // And what is proven once is open at any address.
  expect(await code(prove(alice(), '192.0.2.1'))).toBe('proven')
})

test.each<[string, Partial<Credentials>]>([
  ['key', { key: '' }],
  ['key', { key: 'a\r\nHost: x' }],
  ['key', { key: 'a'.repeat(129) }],
  ['secret', { secret: new Secret('') }],
  ['secret', { secret: new Secret('a b') }],
  ['prefix', { logPrefix: 'a\0b' }],
  ['prefix', { logPrefix: 'ä'.repeat(513) }],
  ['bucket', { logBucket: '' }],
])('a %s that cannot be one is refused before anything is sent', async (field, more) => {
  const error = await prove(alice(more)).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(InvalidError)
  expect(`${error}`).toContain(field)
  expect(front.heard).toEqual([])
})

test('two keys of the owner share a source, one asking the ACL and one the list of buckets', async () => {
  const first = await source()
  expect(await source({ key: 'alice-second', secret: new Secret('a2-secret') })).toBe(first)
  front.allow('alice-lists', {
    secret: 's',
    owner: 'alice',
    buckets: { [bucket]: 'read' },
    listBuckets: true,
  })
  expect(await source({ key: 'alice-lists', secret: new Secret('s') })).toBe(first)
})

test('a bucket name that another owner takes over is another source', async () => {
  const before = await source()
  front.own(bucket, 'mallory')
  front.allow('mallory', { secret: 'm', owner: 'mallory', buckets: { [bucket]: 'full' }, listBuckets: true })
  const mallory = await source({ key: 'mallory', secret: new Secret('m') })
  expect(mallory).not.toBe(before)
  clock_ms += 60_000
  expect(await source()).toBe(mallory)
})

test('limited keys that may not ask whose the bucket is have a source each, that of the key', async () => {
  front.allow('mallory-limited', { secret: 'm', owner: 'mallory', buckets: { [bucket]: 'read' } })
  const mine = await source(limited)
  const theirs = await source({ key: 'mallory-limited', secret: new Secret('m') })
  expect(new Set([mine, theirs, await source()]).size).toBe(3)
  clock_ms += 60_000
  expect(await source(limited)).toBe(mine)
})

const operators = (key: string, secret: string, prefix = 'logs/'): SourceConfig => ({
  endpoint: front.endpoint,
  region: 'us-east-1',
  key,
  secret: new Secret(secret),
  bucket,
  prefix,
  pathStyle: true,
})

test('who can read the bucket of the operator’s source shares its rows: by key, by owner, by what is in it', async () => {
  own = [operators('alice-full', 'a-secret')]
  const shared = sourceId(operators('', ''))
  expect(shared).toMatch(/^[0-9a-f]{12}$/)
  expect(await source()).toBe(shared)
  expect(await source({ key: 'alice-second', secret: new Secret('a2-secret') })).toBe(shared)
  expect(await source(limited)).toBe(shared)
  expect(await source({ ...limited, logPrefix: '' })).not.toBe(shared)
})

test('a wrong secret for the operator’s own key opens nothing', async () => {
  own = [operators('alice-full', 'a-secret')]
  expect(await code(prove(alice({ secret: new Secret('wrong') })))).toBe('bad_credentials')
})

test('the operator’s rows stay closed when the operator can no longer read the bucket of that name', async () => {
  front.revoke('alice-full')
  own = [operators('alice-full', 'a-secret')]
  front.own(bucket, 'mallory')
  front.allow('mallory', { secret: 'm', owner: 'mallory', buckets: { [bucket]: 'full' } })
  const shared = sourceId(operators('', ''))
  expect(await source({ key: 'mallory', secret: new Secret('m') })).not.toBe(shared)
  expect(await source(limited)).not.toBe(shared)
})

test('an empty bucket shows nothing that two could share', async () => {
  own = [{ ...operators('bob-full', 'b-secret', ''), bucket: empty.bucket }]
  front.allow('bob-full', { secret: 'b-secret', owner: 'bob', buckets: { [empty.bucket]: 'read' } })
  front.allow('x', { secret: 'x', owner: 'x', buckets: { [empty.bucket]: 'read' } })
  const mine = await source({ key: 'x', secret: new Secret('x'), logBucket: empty.bucket, logPrefix: '' })
  expect(mine).toMatch(/^[0-9a-f]{32}$/)
})

test('while the operator’s own look meets a fault nothing is proven, rather than a source of its own', async () => {
  own = [operators('alice-full', 'a-secret')]
  front.fault = ({ key }) => (key === 'alice-full' ? { status: 503, code: 'SlowDown' } : null)
  expect(await code(prove(alice(limited)))).toBeInstanceOf(UnavailableError)
})

test('no secret is seen in a scope or an error, however it is printed', async () => {
  const scope = await prove(alice())
  const error = await prove(alice({ secret: new Secret('canary-secret') })).catch((caught: unknown) => caught)
  const shown = [scope, error]
    .map((value) => `${JSON.stringify(value)}${Bun.inspect(value, { depth: 20 })}`)
    .join()
  expect(shown).not.toContain('a-secret')
  expect(shown).not.toContain('canary-secret')
})
