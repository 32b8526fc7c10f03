import { expect, setDefaultTimeout, test } from 'bun:test'
import { Secret } from '../../src/secret.ts'
import { createSpacesClient } from '../../src/spaces/client.ts'
import { listObjects } from '../../src/spaces/list.ts'
import type { ListOptions, ListedObject } from '../../src/spaces/list.ts'
import type { SpacesClient } from '../../src/spaces/client.ts'
import { testBucket } from '../support/bucket.ts'
import { oddKeys } from './odd-keys.ts'
import { loopbackClient } from '../support/loopback-client.ts'

setDefaultTimeout(60_000)

async function pagesOf(client: SpacesClient, options: ListOptions): Promise<ListedObject[][]> {
  return Array.fromAsync(listObjects(client, options))
}
async function keysOf(client: SpacesClient, options: ListOptions): Promise<string[]> {
  return (await pagesOf(client, options)).flat().map(({ key }) => key)
}

function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no error',
    (error: unknown) => error,
  )
}

test('odd keys are listed as they are', async () => {
  const { bucket, client, putAll } = await testBucket()
  await putAll(oddKeys.map((key) => [`odd/${key}`, `body of ${key}`]))
  const listed = await keysOf(client, { bucket, prefix: 'odd/' })
  expect(listed.toSorted()).toEqual(oddKeys.map((key) => `odd/${key}`).toSorted())
  for (const key of oddKeys)
    expect(await keysOf(client, { bucket, prefix: `odd/${key}` })).toContain(`odd/${key}`)
})

test('a listed object tells its size, etag and time', async () => {
  const { bucket, client, put } = await testBucket()
  const before_ms = Math.floor(Date.now() / 1000) * 1000
  await put('a', 'twelve bytes')
  const [page] = await pagesOf(client, { bucket, prefix: '' })
  const etag = new Bun.CryptoHasher('md5').update('twelve bytes').digest('hex')
  expect(page).toEqual([{ key: 'a', etag, bytes: 12, modified_ms: expect.any(Number) }])
  expect(page?.[0]?.modified_ms).toBeGreaterThanOrEqual(before_ms)
  expect(page?.[0]?.modified_ms).toBeLessThanOrEqual(Date.now() + 1000)
})

test('more than 1,000 objects come in pages, each once, in order, from any key on', async () => {
  const { bucket, client, putAll } = await testBucket()
  const keys = Array.from({ length: 1_003 }, (_, i) => `p/${String(i).padStart(5, '0')}`)
  await putAll([...keys.map((key): [string, string] => [key, 'x']), ['other', 'x']])
  const pages = await pagesOf(client, { bucket, prefix: 'p/' })
  expect(pages.map((page) => page.length)).toEqual([1_000, 3])
  expect(pages.flat().map(({ key }) => key)).toEqual(keys)
  expect(await keysOf(client, { bucket, prefix: 'p/', after: 'p/00999' })).toEqual(keys.slice(1_000))
  expect(await keysOf(client, { bucket, prefix: 'p/', after: 'p/00500x' })).toEqual(keys.slice(501))
  expect(await pagesOf(client, { bucket, prefix: 'none/' })).toEqual([[]])
})

test('wrong keys, a missing bucket and a closed port are told apart', async () => {
  const { bucket, client, source } = await testBucket()
  const wrong = (change: object): SpacesClient => createSpacesClient({ ...source(), ...change })
  const all = { bucket, prefix: '' }
  const bad_credentials = { name: 'InvalidError', code: 'bad_credentials' }
  expect(await failure(keysOf(wrong({ secret: new Secret('wrong') }), all))).toMatchObject(bad_credentials)
  expect(await failure(keysOf(wrong({ key: 'wrong' }), all))).toMatchObject(bad_credentials)
  const missing = await failure(keysOf(client, { bucket: 'no-such-bucket', prefix: '' }))
  expect(missing).toMatchObject({ name: 'InvalidError', code: 'not_found' })
  const closed = await failure(keysOf(wrong({ endpoint: 'http://127.0.0.1:1' }), all))
  expect(closed).toMatchObject({ name: 'UnavailableError' })
})

/** Speaks just enough S3 to list as no real server here does: in pages of two, by a rule of the test's own. */
function oddServer(keys: readonly string[], answer: (page: OddPage, query: URLSearchParams) => string) {
  const asked: string[] = []
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch({ url }) {
      const query = new URL(url).searchParams
      asked.push(query.has('list-type') ? 'V2' : 'V1')
      const after = query.get('continuation-token') ?? query.get('start-after') ?? query.get('marker') ?? ''
      const left = keys.filter((key) => key > after)
      const page = { keys: left.slice(0, 2), truncated: left.length > 2 }
      return new Response(`<ListBucketResult>${answer(page, query)}</ListBucketResult>`)
    },
  })
  const client = loopbackClient(server.port)
  return { client, asked, stop: () => server.stop(true) }
}
interface OddPage {
  keys: string[]
  truncated: boolean
}

function xml({ keys, truncated }: OddPage, { encoded = true, more = '' } = {}): string {
  const contents = keys.map((key) => {
    const text = encoded ? encodeURIComponent(key) : key.replaceAll('&', '&amp;')
    return `<Contents><Key>${text}</Key><ETag>"e"</ETag><Size>1</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>`
  })
  const encoding = encoded ? '<EncodingType>url</EncodingType>' : ''
  return `${encoding}<IsTruncated>${truncated}</IsTruncated>${contents.join('')}${more}`
}

test('a truncated V2 page without a token is gone on with by V1 and Marker', async () => {
  const keys = ['a', 'b c', 'b+d', 'e%', 'ü']
  const { client, asked, stop } = oddServer(keys, (page) => xml(page))
  expect(await keysOf(client, { bucket: 'bucket', prefix: '' })).toEqual(keys)
  expect(asked).toEqual(['V2', 'V1', 'V1'])
  await stop()
})

test('a page without objects that has a token does not end the listing', async () => {
  const { client, stop } = oddServer(['a', 'b', 'c', 'd'], (page, query) =>
    query.has('continuation-token') || query.has('marker')
      ? xml(page)
      : xml({ keys: [], truncated: true }, { more: '<NextContinuationToken>a</NextContinuationToken>' }),
  )
  expect(await keysOf(client, { bucket: 'bucket', prefix: '' })).toEqual(['b', 'c', 'd'])
  await stop()
})

test('keys of a server that does not encode them are taken as they are', async () => {
  const keys = ['100%25', 'a+b', 'c&d']
  const { client, stop } = oddServer(keys, (page) => xml(page, { encoded: false }))
  expect(await keysOf(client, { bucket: 'bucket', prefix: '' })).toEqual(keys)
  await stop()
})

test('an aborted listing ends', async () => {
  const { bucket, client, put } = await testBucket()
  await put('a', 'x')
  const abort = AbortSignal.abort()
  expect(await failure(keysOf(client, { bucket, prefix: '', signal: abort }))).toBeInstanceOf(Error)
})
