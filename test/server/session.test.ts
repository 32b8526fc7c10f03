import { afterAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { Secret } from '../../src/secret.ts'
import type { SourceConfig } from '../../src/source-config.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { openWorld } from './spaces-world.ts'
import { apiKey } from './test-app.ts'

setDefaultTimeout(60_000)

let clock_ms = Date.now()
let demo: SourceConfig | null = null
const world = await openWorld({
  now: () => clock_ms,
  clock: () => clock_ms,
  demo: () => demo,
  demoProgress: () => '12 of 168 log objects written',
})
afterAll(world.close)
const { ask, front, photos, logs } = world
await world.deliver('one', [s3LogLine({ bucket: photos.bucket, key: 'seen', at_ms: clock_ms - 600_000 })])
front.allow('demo', { secret: 'demo-secret', owner: 'alice', buckets: { [logs.bucket]: 'full' } })

type Names = Record<string, string>
const own = { 'sec-fetch-site': 'same-origin' }
const alice = {
  spaces_key: 'alice',
  spaces_secret: 'alice-secret',
  endpoint: front.endpoint,
  log_bucket: logs.bucket,
  log_prefix: 'access/',
}
const signIn = (body: unknown, headers: Names = own) => ask('POST', '/session', {}, headers, body)
/** The headers of a page that has signed in. */
async function sessionOf(body: unknown): Promise<Names> {
  const { status, headers } = await signIn(body)
  expect(status).toBe(200)
  return { cookie: headers.get('set-cookie')?.split(';')[0] ?? '', ...own }
}
const get = (path: string, headers: Names) => ask('GET', path, {}, headers)
const kind = async (headers: Names) => (await get('/session', headers)).body.kind

beforeEach(() => {
  demo = { ...logs.source('access/', front.endpoint), key: 'demo', secret: new Secret('demo-secret') }
  // Failures of one minute do not count in the next.
  clock_ms += 61_000
})

test('a session stands for Spaces credentials at every endpoint that takes them', async () => {
  const { status, headers, body } = await signIn(alice)
  expect([status, body]).toEqual([
    200,
    {
      kind: 'caller',
      log_bucket: logs.bucket,
      log_prefix: 'access/',
      region: 'us-east-1',
      endpoint: front.endpoint,
      expires_at: new Date(clock_ms + 900_000).toISOString(),
      demo_available: true,
      agent_available: false,
    },
  ])
  expect(headers.get('set-cookie')).toMatch(
    /^spacewatch_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
  )
  const page = { cookie: headers.get('set-cookie')?.split(';')[0] ?? '', ...own }
  expect((await get('/logs/operations', page)).body.rows.length).toBe(1)
  expect((await get('/tools/buckets', page)).body.can_list).toBe(true)
  expect((await ask('POST', '/validate-credentials', {}, page)).body.valid).toBe(true)
  expect((await ask('POST', '/metrics/snapshot', { bucket: photos.bucket }, page)).status).toBe(200)
  expect((await get('/stats', page)).status).toBe(401)
  expect((await get('/session', page)).text).not.toContain('alice-secret')
})

test('a session begun with the API key sees what the key sees', async () => {
  const page = await sessionOf({ api_key: apiKey })
  expect(await kind(page)).toBe('admin')
  expect((await get('/stats', page)).status).toBe(200)
  expect((await get('/health', page)).body.sources).toBeArray()
  expect((await get('/metrics/sources', page)).body.sources).toBeArray()
  expect((await get('/tools/buckets', page)).status).toBe(401)
})

test('a session of the demo reads the log source of the demo with its key, and changes nothing', async () => {
  const page = await sessionOf({ demo: true })
  expect((await get('/logs/operations', page)).body.rows.length).toBe(1)
  expect((await get('/tools/list-access-logs', page)).body.log_objects.length).toBe(1)
  expect((await get('/stats', page)).status).toBe(401)
  const refused = await ask('POST', '/metrics/snapshot', { bucket: photos.bucket }, page)
  expect([refused.status, refused.body.error.code]).toEqual([403, 'forbidden'])
  expect((await ask('POST', '/trigger-snapshot-all', {}, page)).status).toBe(403)
  expect((await get('/findings', page)).body.findings).toEqual([])
  const mark = '/findings/0123456789abcdef0123-a/mark'
  expect((await ask('POST', mark, {}, page, { state: 'acknowledged' })).status).toBe(403)
})

test('the demo is there only in demo mode, once it has been made', async () => {
  demo = null
  const early = await signIn({ demo: true })
  expect([early.status, early.body.error.code]).toEqual([503, 'demo_starting'])
  // And says how far it is, and when to come again.
  expect(early.body.error.message).toContain('12 of 168 log objects written')
  expect(early.body.error.hint).toContain('some minutes')
  expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0)
})

describe('signing in', () => {
  test.each([
    [{ ...alice, spaces_secret: 'wrong' }, 403, 'bad_credentials'],
    [{ ...alice, spaces_key: 'nobody' }, 403, 'bad_credentials'],
    [{ ...alice, log_bucket: '', spaces_secret: 'wrong' }, 403, 'bad_credentials'],
    [{ ...alice, spaces_key: 'limited', spaces_secret: 'limited-secret', log_bucket: '' }, 403, 'forbidden'],
    [{ ...alice, spaces_key: 'stranger', spaces_secret: 'stranger-secret' }, 403, 'forbidden'],
    [{ ...alice, endpoint: 'http://169.254.169.254' }, 400, 'endpoint_refused'],
    [{ spaces_key: 'alice' }, 401, 'unauthorized'],
    [{ api_key: 'wrong' }, 401, 'unauthorized'],
    [{ api_key: '' }, 401, 'unauthorized'],
    [{}, 400, 'invalid'],
    [{ api_key: apiKey, demo: true }, 400, 'invalid'],
    [{ api_key: apiKey, spaces_key: 'alice' }, 400, 'invalid'],
    [{ demo: false }, 400, 'invalid'],
    [{ secret_word: 'x' }, 400, 'invalid_parameter'],
    [['x'], 400, 'invalid_parameter'],
  ])('with %p is answered %i and makes no session', async (body, status, code) => {
    const answer = await signIn(body)
    expect([answer.status, answer.body.error.code]).toEqual([status, code])
    expect(answer.headers.get('set-cookie')).toBeNull()
  })

  test('without a log bucket is proven by listing the buckets', async () => {
    const { body } = await signIn({ ...alice, log_bucket: '', log_prefix: '' })
    expect(body).toMatchObject({ kind: 'caller', log_bucket: null })
  })

  test('is refused from another site', async () => {
    for (const from of [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'http://evil.example' },
      { origin: 'null' },
    ])
      expect((await signIn(alice, from as Names)).status).toBe(403)
    expect((await signIn(alice, {})).status).toBe(200)
  })

  test('is throttled once it has failed ten times in a minute, for the right key too', async () => {
    for (let i = 0; i < 10; i++) expect((await signIn({ api_key: `wrong${i}` })).status).toBe(401)
    expect((await signIn({ api_key: apiKey })).status).toBe(429)
    clock_ms += 60_000
    expect((await signIn({ api_key: apiKey })).status).toBe(200)
  })
})

test('what changes something is done only for a page of our own', async () => {
  const { cookie = '' } = await sessionOf(alice)
  const snapshot = (headers: Names) =>
    ask('POST', '/metrics/snapshot', { bucket: photos.bucket }, { cookie, ...headers })
  for (const from of [
    {},
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: 'http://localhost' },
    { 'sec-fetch-site': 'none' },
    { origin: 'http://localhost:81' },
    { origin: 'null' },
  ])
    expect((await snapshot(from as Names)).status).toBe(401)
  expect((await snapshot({ origin: 'http://localhost' })).status).toBe(200)
  expect((await get('/logs/operations', { cookie })).status).toBe(200)
})

test('credentials in headers go before a session', async () => {
  const page = await sessionOf({ api_key: apiKey })
  expect((await get('/stats', { ...page, 'x-api-key': 'wrong' })).status).toBe(401)
  const stranger = { 'x-spaces-key': 'stranger', 'x-spaces-secret': 'stranger-secret' }
  expect((await get('/logs/operations', { ...page, ...stranger, 'x-endpoint': front.endpoint })).status).toBe(
    400,
  )
})

test('a session lives for 15 minutes after the last request, and ends when it is told to', async () => {
  const page = await sessionOf(alice)
  clock_ms += 899_999
  expect((await get('/logs/operations', page)).status).toBe(200)
  clock_ms += 899_999
  expect(await kind(page)).toBe('caller')
  clock_ms += 900_000
  const ended = await get('/logs/operations', page)
  expect([ended.status, ended.body.error.message]).toEqual([401, expect.stringContaining('has ended')])
  expect(await kind(page)).toBe('none')

  const again = await sessionOf(alice)
  await ask('DELETE', '/session', {}, { ...again, 'sec-fetch-site': 'cross-site' })
  expect(await kind(again)).toBe('caller')
  const { headers } = await ask('DELETE', '/session', {}, again)
  expect(headers.get('set-cookie')).toContain('Max-Age=0')
  expect(await kind(again)).toBe('none')
})

test('signing in anew ends the session before', async () => {
  const before = await sessionOf(alice)
  const { headers } = await signIn({ demo: true }, before)
  expect(headers.get('set-cookie')?.split(';')[0]).not.toBe(before['cookie'] ?? '')
  expect(await kind(before)).toBe('none')
})
