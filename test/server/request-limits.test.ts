import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { createRateLimit } from '../../src/server/rate-limit.ts'
import { openWorld } from './spaces-world.ts'
import { apiKey } from './test-app.ts'

setDefaultTimeout(60_000)

type Names = Record<string, string>

describe('a token bucket', () => {
  test('gives the burst at once and then one by one, and says when', () => {
    let now_ms = 0
    const { take } = createRateLimit({ now: () => now_ms })
    const allowance = { per_second: 2, burst: 3 }
    const ask = () => take('a', allowance)
    expect([ask(), ask(), ask()].map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
      [true, 2],
      [true, 1],
      [true, 0],
    ])
    expect(ask()).toEqual({ allowed: false, remaining: 0, reset_seconds: 2, retry_after_seconds: 1 })
    // What is refused costs nothing.
    for (let i = 0; i < 100; i++) ask()
    now_ms += 500
    expect([ask().allowed, ask().allowed]).toEqual([true, false])
    now_ms += 3_600_000
    expect(Array.from({ length: 5 }, () => ask().allowed)).toEqual([true, true, true, false, false])
  })

  test('is one of a bounded number', () => {
    const { take } = createRateLimit({ now: () => 0, capacity: 2 })
    const allowance = { per_second: 1, burst: 1 }
    expect(take('a', allowance).allowed).toBe(true)
    take('b', allowance)
    expect(take('a', allowance).allowed).toBe(false)
    take('c', allowance)
    expect(take('a', allowance).allowed).toBe(false)
    expect(take('b', allowance).allowed).toBe(true)
  })
})

const slow = { per_second: 0.001, burst: 10 }
const limited = await openWorld({ rateLimit: slow, trustProxy: 1 })
afterAll(limited.close)
const { get, as } = limited
let clients = 0
const newClient = (): Names => ({ 'x-forwarded-for': `203.0.113.${++clients}` })

/** How many of these are answered before the first 429. */
async function answered(headers: () => Names, path = '/session', most = 100): Promise<number> {
  for (let n = 0; n < most; n++) {
    const { status, body, headers: answer } = await get(path, {}, headers())
    if (status !== 429) continue
    expect(body.error).toMatchObject({
      code: 'too_many_requests',
      hint: expect.stringContaining('try again'),
    })
    expect(Number(answer.get('retry-after'))).toBeGreaterThan(0)
    expect(answer.get('x-request-id')).toBe(body.error.request_id)
    return n
  }
  return most
}

test('one address has its burst, whatever it claims to be, and another address has its own', async () => {
  const client = newClient()
  expect(await answered(() => client)).toBe(10)
  expect(
    await answered(() => ({ ...client, 'x-spaces-key': `k${Math.random()}`, 'x-spaces-secret': 's' })),
  ).toBe(0)
  expect(await answered(() => ({ ...client, 'x-api-key': 'wrong' }))).toBe(0)
  expect(await answered(() => ({ ...client, cookie: 'spacewatch_session=wrong' }))).toBe(0)
  expect(await answered(newClient, '/session', 12)).toBe(12)
})

test('a proven caller is not starved by another at its address, and has no more than its own burst', async () => {
  const client = newClient()
  const alice = () => as('alice', client)
  expect((await get('/metrics/catalog', {}, alice())).status).toBe(200)
  await answered(() => client)
  expect(await answered(alice, '/metrics/catalog')).toBe(10)
  expect(await answered(() => as('limited', client), '/metrics/catalog')).toBe(0)
})

test('who has signed in, or has the API key, may do more', async () => {
  const client = newClient()
  expect(await answered(() => ({ ...client, 'x-api-key': apiKey }), '/stats')).toBe(60)
  const { headers } = await limited.ask('POST', '/session', {}, client, {
    spaces_key: 'alice',
    spaces_secret: 'alice-secret',
    endpoint: limited.front.endpoint,
  })
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
  expect(await answered(() => ({ ...client, cookie }))).toBe(60)
})

test('health, the scrape and what pages are made of are not limited', async () => {
  const client = newClient()
  await answered(() => client)
  for (const path of [
    '/health',
    '/health/live',
    '/health/ready',
    '/metrics',
    '/assets/nope.js',
    '/favicon.ico',
  ])
    expect([path, await answered(() => client, path, 12)]).toEqual([path, 12])
  expect(await answered(() => client, '/metrics/sources')).toBe(0)
})

test('each limited answer says what is left', async () => {
  const client = newClient()
  const { headers } = await get('/session', {}, client)
  expect(['limit', 'remaining', 'reset'].map((name) => headers.get(`ratelimit-${name}`))).toEqual([
    '10',
    '9',
    '1000',
  ])
})
