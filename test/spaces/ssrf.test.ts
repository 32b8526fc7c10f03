import { afterAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import type { LookupAddress } from 'node:dns'
import { InvalidError } from '../../src/errors.ts'
import { Secret } from '../../src/secret.ts'
import { createSpacesClient } from '../../src/spaces/client.ts'
import { createEndpointPolicy } from '../../src/spaces/endpoint-policy.ts'
import { createGuardedLookup } from '../../src/spaces/guarded-lookup.ts'
import type { Resolve } from '../../src/spaces/guarded-lookup.ts'
import { listObjects } from '../../src/spaces/list.ts'
import { createProofs } from '../../src/spaces/proof.ts'
import { startCanary } from '../support/canary.ts'
import { ssrfCorpus } from './ssrf-corpus.ts'

const canary = await startCanary()
const target = await startCanary()
afterAll(() => Promise.all([canary.close(), target.close()]))
const corpus = ssrfCorpus(canary.port)
const secret = new Secret('s')

/** Answers every name with these, one set after the other, the last for ever. */
function resolver(...answers: string[][]): Resolve & { asked: string[] } {
  const asked: string[] = []
  const resolve: Resolve = (host, _options, callback) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? []
    asked.push(host)
    callback(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
  return Object.assign(resolve, { asked })
}

async function list(
  endpoint: string,
  { guarded = true, resolve = resolver(['127.0.0.1']), isPublic }: ListOptions = {},
) {
  const client = createSpacesClient(
    { endpoint, region: 'us-east-1', key: 'k', secret, pathStyle: true, guarded },
    createGuardedLookup({ resolve, ...(isPublic && { isPublic }) }),
  )
  try {
    await Array.fromAsync(listObjects(client, { bucket: 'logs', prefix: '' }))
  } finally {
    client.destroy()
  }
}

interface ListOptions {
  guarded?: boolean
  resolve?: Resolve
  isPublic?: (address: string) => boolean
}

const refused = (error: unknown) => (error instanceof InvalidError ? error.code : error)

test(`proof sends nothing for any of ${corpus.length} spellings, not even a look-up of the name`, async () => {
  expect(new Set(corpus.map((spelling) => JSON.stringify(spelling))).size).toBe(corpus.length)
  expect(corpus.length).toBeGreaterThanOrEqual(200)
  const resolve = resolver(['127.0.0.1'])
  const { prove } = createProofs({
    policy: createEndpointPolicy({ vouched: [`http://127.0.0.1:${target.port}`] }),
    lookup: createGuardedLookup({ resolve }),
  })
  const wrong: unknown[] = []
  for (const { endpoint, region, bucket } of corpus) {
    const code = await prove({ endpoint, region, key: 'k', secret, logBucket: bucket }).then(
      () => 'proven',
      refused,
    )
    if (code !== 'endpoint_refused' && code !== 'invalid') wrong.push([endpoint, region, bucket, code])
  }
  expect(wrong).toEqual([])
  expect({ looked_up: resolve.asked, canary: canary.connections, target: target.connections }).toEqual({
    looked_up: [],
    canary: 0,
    target: 0,
  })
})

test('even where the policy is passed by, a guarded client opens no socket to what is not public', async () => {
  const endpoints = corpus.flatMap(({ endpoint }) => {
    const url = endpoint && URL.parse(endpoint)
    // Names that are allowed or may exist resolve to loopback here.
    return url && /^https?:$/.test(url.protocol) && url.hostname ? [endpoint] : []
  })
  expect(endpoints.length).toBeGreaterThan(200)
  const codes = new Set<unknown>()
  for (const endpoint of endpoints) codes.add(await list(endpoint).then(() => 'listed', refused))
  expect([...codes]).toEqual(['endpoint_refused'])
  expect(canary.connections).toBe(0)
})

test('without the guard the same listener does count the sockets', async () => {
  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]']) {
    const before = target.connections
    await list(`http://${host}:${target.port}`, { guarded: false }).catch(() => {})
    expect([host, target.connections > before]).toEqual([host, true])
  }
})

test('a name that turns to a private address after a public one is not connected to', async () => {
  const before = canary.connections
  const resolve = resolver(['127.0.0.1'], ['127.0.0.2'])
  // 127.0.0.1 stands for a public address here, and the canary's for a private one.
  const options = { resolve, isPublic: (address: string) => address === '127.0.0.1' }
  const reached = target.connections
  await list(`http://rebind.example:${target.port}`, options).catch(() => {})
  expect(target.connections).toBeGreaterThan(reached)
  const asked = resolve.asked.length
  for (let i = 0; i < 100; i++) {
    expect(await list(`http://rebind.example:${canary.port}`, options).then(() => 'listed', refused)).toBe(
      'endpoint_refused',
    )
  }
  expect(resolve.asked.length).toBeGreaterThanOrEqual(asked + 100)
  expect(canary.connections).toBe(before)
})

test('a name with one private address among public ones is not connected to', async () => {
  const before = canary.connections
  for (const addresses of [
    ['8.8.8.8', '127.0.0.1'],
    ['::1', '8.8.8.8'],
    ['2606:4700::1', '64:ff9b::7f00:1'],
    ['::ffff:127.0.0.1'],
  ]) {
    const resolve = resolver(addresses)
    expect(await list(`https://many.example:${canary.port}`, { resolve }).then(() => 'listed', refused)).toBe(
      'endpoint_refused',
    )
    expect(resolve.asked.length).toBeGreaterThan(0)
  }
  expect(canary.connections).toBe(before)
})

test('localhost, as this machine resolves it, is not connected to', async () => {
  const client = createSpacesClient({
    endpoint: `http://localhost:${canary.port}`,
    region: 'us-east-1',
    key: 'k',
    secret,
    pathStyle: true,
    guarded: true,
  })
  const before = canary.connections
  const listing = Array.fromAsync(listObjects(client, { bucket: 'logs', prefix: '' }))
  expect(await listing.then(() => 'listed', refused)).toBe('endpoint_refused')
  expect(canary.connections).toBe(before)
})

test.each([301, 302, 303, 307, 308])(
  'a redirect (%d) of an endpoint that is vouched for is not followed',
  async (status) => {
    const before = canary.connections
    const redirecting = await startCanary(
      `HTTP/1.1 ${status} Moved\r\nLocation: http://127.0.0.1:${canary.port}/logs\r\nx-amz-bucket-region: mars\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    )
    const endpoint = `http://127.0.0.1:${redirecting.port}`
    const { prove } = createProofs({ policy: createEndpointPolicy({ vouched: [endpoint] }) })
    const proof = prove({ endpoint, key: 'k', secret, logBucket: 'logs' })
    expect(await proof.then(() => 'proven', refused)).toBe('refused')
    expect(redirecting.connections).toBe(1)
    expect(canary.connections).toBe(before)
    await redirecting.close()
  },
)

test('proxy variables of the environment lead no call to an object store astray', async () => {
  const proxy = await startCanary(
    'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
  )
  const store = await startCanary('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
  const address = `http://127.0.0.1:${proxy.port}`
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']
  const child = Bun.spawn(
    [process.execPath, join(import.meta.dir, '../support/list-through-environment.ts'), `${store.port}`],
    {
      env: {
        PATH: '/usr/bin:/bin',
        NODE_USE_ENV_PROXY: '1',
        ...Object.fromEntries(names.map((name) => [name, address])),
      },
      stdout: 'ignore',
      stderr: 'inherit',
    },
  )
  expect(await child.exited).toBe(0)
  // Only the fetch of the control obeys them.
  expect(proxy.said).toEqual([`GET http://127.0.0.1:${store.port}/fetched HTTP/1.1`])
  expect(store.connections).toBeGreaterThanOrEqual(2)
  await Promise.all([proxy.close(), store.close()])
})
