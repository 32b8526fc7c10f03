import { afterAll, expect, test } from 'bun:test'
import { encodingFor } from '../../src/server/compress.ts'
import { apiKey, createTestServer } from './test-app.ts'

const rows = Array.from({ length: 5_000 }, (_, n) => [`photos/${n}.jpg`, n])
const columns = [
  { name: 'key', type: 'VARCHAR' },
  { name: 'n', type: 'LONG' },
]
const app = createTestServer({
  gatePool: { read: async () => ({ columns, rows }) },
}).listen({ port: 0, hostname: '127.0.0.1' })
afterAll(() => app.stop(true))

const ask = (encoding: string, format: string) =>
  fetch(`http://127.0.0.1:${app.server?.port}/sql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey, 'accept-encoding': encoding },
    body: JSON.stringify({ sql: 'SELECT key, status AS n FROM operations', format, limit: 5_000 }),
    // As it is sent.
    decompress: false,
  })
const decoders = { zstd: Bun.zstdDecompressSync, gzip: Bun.gunzipSync }
const steady = (text: string): string => text.replace(/"elapsed_ms":\d+/, '')

test.each([
  ['json', 'zstd'],
  ['json', 'gzip'],
  ['csv', 'zstd'],
  ['csv', 'gzip'],
] as const)('an answer in %s is the same in %s, and a fraction of its size', async (format, encoding) => {
  const plain = await (await ask('identity', format)).text()
  const response = await ask(encoding, format)
  expect([response.headers.get('content-encoding'), response.headers.get('vary')]).toEqual([
    encoding,
    'accept-encoding',
  ])
  const sent = new Uint8Array(await response.arrayBuffer())
  expect(steady(Buffer.from(decoders[encoding](sent)).toString())).toBe(steady(plain))
  expect(sent.length).toBeLessThan(plain.length / 2)
})

test('what is small, and what a client does not take, is sent as it is', async () => {
  const url = `http://127.0.0.1:${app.server?.port}/health/live`
  const small = await fetch(url, { headers: { 'accept-encoding': 'zstd, gzip' } })
  expect([small.headers.get('content-encoding'), await small.json()]).toEqual([null, { status: 'ok' }])
  const plain = await ask('br, zstd;q=0, gzip;q=0.0', 'json')
  expect(plain.headers.get('content-encoding')).toBeNull()
})

test.each([
  ['gzip, deflate, br, zstd', 'zstd'],
  ['gzip, deflate, br', 'gzip'],
  ['GZIP;q=0.5', 'gzip'],
  ['*', 'zstd'],
  ['zstd;q=0, *', 'gzip'],
  ['identity', null],
  ['', null],
  [null, null],
] as const)('Accept-Encoding %p is answered in %p', (header, encoding) => {
  expect(encodingFor(header)).toBe(encoding)
})
