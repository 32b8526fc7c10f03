import { afterAll, expect, test } from 'bun:test'
import { connect } from 'node:net'
import { createClientAddress } from '../../src/server/client-address.ts'
import { until } from '../support/until.ts'
import { apiKey, createTestServer, testApp } from './test-app.ts'

const app = createTestServer({ corsOrigins: ['https://grafana.example'] }).listen({
  port: 0,
  hostname: '127.0.0.1',
})
afterAll(() => app.stop())
const { port } = app.server ?? { port: 0 }
const url = `http://127.0.0.1:${port}`

/** Says exactly these bytes and gives all that is answered. */
function say(text: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let answer = ''
  const socket = connect(port ?? 0, '127.0.0.1', () => socket.write(text))
  socket.setEncoding('utf8')
  socket.on('data', (part: string) => (answer += part))
  socket.on('close', () => resolve(answer))
  socket.on('error', reject)
  return promise
}

test('a body over one MiB is refused before it is read, and so is one whose length is not told', async () => {
  const head =
    'POST /session HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n'
  const large = await say(`${head}Content-Length: ${2 ** 20 + 1}\r\n\r\n{`)
  expect(large).toStartWith('HTTP/1.1 413')
  expect(large).toContain('"code":"too_large"')
  const untold = await say(`${head}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`)
  expect(untold).toStartWith('HTTP/1.1 411')
  const fits = await fetch(`${url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ api_key: 'x'.repeat(1000) }),
  })
  expect(fits.status).toBe(401)
})

test('a request without a usable Host is refused, and no error of ours', async () => {
  for (const head of [
    'GET /health/live HTTP/1.0',
    'GET /session HTTP/1.0\r\nOrigin: null\r\nCookie: spacewatch_session=x',
    'GET /health/live HTTP/1.1\r\nHost:',
    'GET /stats HTTP/1.1\r\nHost: [::1',
  ]) {
    const answer = await say(`${head}\r\nConnection: close\r\n\r\n`)
    expect([head, answer.split('\r\n')[0]]).toEqual([head, expect.stringMatching(/^HTTP\/1\.[01] 400/)])
  }
})

test.each([10_000, 100_000])('a body of %d levels holds nobody up', async (depth) => {
  const bodies = [
    `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
    `{"demo":${'['.repeat(depth)}${']'.repeat(depth)}}`,
    `{"message":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`,
    `${'['.repeat(depth)}${']'.repeat(depth)}`,
  ]
  const headers = { 'content-type': 'application/json', 'x-api-key': apiKey }
  for (const path of ['/session', '/sql', '/sql/validate', '/chat'])
    for (const body of bodies) {
      const begun_ms = performance.now()
      const { status } = await fetch(url + path, { method: 'POST', headers, body })
      expect(status).toBe(400)
      // Elysia's own check took seconds.
      expect(performance.now() - begun_ms).toBeLessThan(1_000)
    }
})

test('of one caller so many answers in CSV are being sent, and a place is free again once one is read or left', async () => {
  const csv = createTestServer({
    gatePool: {
      read: async () => ({
        columns: [{ name: 'key', type: 'VARCHAR' }],
        rows: Array.from({ length: 50_000 }, () => ['x'.repeat(200)]),
      }),
    },
  }).listen({ port: 0, hostname: '127.0.0.1' })
  const ask = () =>
    fetch(`http://127.0.0.1:${csv.server?.port}/sql`, {
      method: 'POST',
      // Packed it would be small, and sent at once.
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey, 'accept-encoding': 'identity' },
      body: JSON.stringify({ sql: 'SELECT key FROM operations', format: 'csv' }),
    })
  const held = [await ask(), await ask()]
  const refused = await ask()
  expect([refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).toEqual([
    429,
    'too_busy',
  ])
  await held[0]?.body?.cancel()
  await held[1]?.text()
  await until(async () => {
    const { status, body } = await ask()
    await body?.cancel()
    return status === 200
  })
  await csv.stop(true)
})

test('an address or a header that is too long is refused', async () => {
  expect((await fetch(`${url}/health/live?a=${'x'.repeat(20_000)}`)).status).toBe(431)
  expect((await fetch(`${url}/health/live`, { headers: { a: 'x'.repeat(20_000) } })).status).toBe(431)
})

test('an address that is known by another method is 405 and says which', async () => {
  const get = testApp()
  const ask = async (method: string, path: string) => {
    const { status, headers } = await fetch(url + path, { method })
    return [status, headers.get('allow')]
  }
  expect(await ask('DELETE', '/metrics/query/AllRequests')).toEqual([405, 'GET, HEAD'])
  expect(await ask('PUT', '/session')).toEqual([405, 'DELETE, GET, HEAD, POST'])
  expect(await ask('OPTIONS', '/stats')).toEqual([405, 'GET, HEAD'])
  expect(await ask('DELETE', '/nope')).toEqual([404, null])
  expect((await get('/metrics/query')).status).toBe(404)
})

test('only pages of the named origins may read answers, and never with a cookie', async () => {
  const from = (origin: string, more = {}) => fetch(`${url}/health/live`, { headers: { origin }, ...more })
  const allowed = await from('https://grafana.example')
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://grafana.example')
  expect(allowed.headers.get('vary')).toBe('origin, accept-encoding')
  for (const origin of [
    'https://evil.example',
    'https://grafana.example.evil.example',
    'http://grafana.example',
    'null',
  ])
    expect((await from(origin)).headers.get('access-control-allow-origin')).toBeNull()
  const preflight = await fetch(`${url}/metrics/operations`, {
    method: 'OPTIONS',
    headers: { origin: 'https://grafana.example', 'access-control-request-method': 'GET' },
  })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-headers')).toContain('X-Spaces-Secret')
  for (const { headers } of [allowed, preflight])
    expect(headers.get('access-control-allow-credentials')).toBeNull()
  const { headers } = await testApp()('/health/live', { origin: 'https://grafana.example' })
  expect(headers.get('access-control-allow-origin')).toBeNull()
})

test('X-Forwarded-For counts only as far as there are proxies', () => {
  const socket = { requestIP: () => ({ address: '10.0.0.1' }) }
  const of = (hops: number, forwarded?: string) =>
    createClientAddress(hops).of(
      new Request(
        'http://localhost/',
        forwarded === undefined ? {} : { headers: { 'x-forwarded-for': forwarded } },
      ),
      socket,
    )
  expect(of(0, '198.51.100.7')).toBe('10.0.0.1')
  expect(of(1)).toBe('10.0.0.1')
  expect(of(1, '1.1.1.1, 198.51.100.7')).toBe('198.51.100.7')
  expect(of(2, '6.6.6.6, 198.51.100.7, 10.0.0.2')).toBe('198.51.100.7')
  expect(of(2, '198.51.100.7')).toBe('198.51.100.7')
  expect(of(1, '198.51.100.7:4711')).toBe('198.51.100.7')
  expect(of(1, '[2001:db8::1]:4711')).toBe('2001:db8::1')
  expect(of(1, 'unknown')).toBe('10.0.0.1')
})

test('https is believed of a proxy that is there', () => {
  const secure = (hops: number) =>
    createClientAddress(hops).isSecure(
      new Request('http://localhost/', { headers: { 'x-forwarded-proto': 'https' } }),
    )
  expect([secure(0), secure(1)]).toEqual([false, true])
})
