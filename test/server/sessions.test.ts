import { expect, test } from 'bun:test'
import { Secret } from '../../src/secret.ts'
import { createSessions, sessionCookie, sessionId } from '../../src/server/sessions.ts'

const request = (cookie: string) => new Request('http://localhost/x', { headers: { cookie } })
const of = (id: string) => request(`a=b; spacewatch_session=${id}; c=d`)

test('there are never more sessions of a kind than its number, and those of another kind stay', () => {
  const sessions = createSessions({ capacity: 3 })
  const admin = sessions.begin({ kind: 'admin' }).id
  const demo = { kind: 'demo', given: {}, secret: { reveal: () => '' } } as never
  const ids = Array.from({ length: 4 }, () => sessions.begin(demo).id)
  const lives = (id = '') => sessions.of(of(id)) !== null
  expect(ids.map(lives)).toEqual([false, true, true, true])
  // The one that was used longest ago is the next to go.
  lives(ids[1])
  sessions.begin(demo)
  expect(ids.map(lives)).toEqual([false, true, false, true])
  expect(lives(admin)).toBe(true)
})

test('no two sessions have one id, and none is short', () => {
  const sessions = createSessions()
  const ids = Array.from({ length: 1000 }, () => sessions.begin({ kind: 'admin' }).id)
  expect(new Set(ids).size).toBe(1000)
  expect(ids.every((id) => /^[\w-]{43}$/.test(id))).toBe(true)
})

test('only the cookie of that very name is a session', () => {
  expect(sessionId(of('abc'))).toBe('abc')
  expect(sessionId(request('spacewatch_session=abc'))).toBe('abc')
  for (const cookie of [
    '',
    'xspacewatch_session=abc',
    'spacewatch_session=',
    'spacewatch_session=a b',
    'spacewatch_session=a%3B',
  ])
    expect(sessionId(request(cookie))).toBeNull()
})

test('where the page came by https the cookie never goes by anything else', () => {
  expect(sessionCookie('x', true)).toBe('spacewatch_session=x; Path=/; HttpOnly; SameSite=Strict; Secure')
})

test('one key has its own number of sessions, however often it signs in, and those of others stay', () => {
  const sessions = createSessions({ capacity: 100, capacity_of_key: 5 })
  const caller = (key: string) =>
    sessions.begin({ kind: 'caller', given: { spaces_key: key, endpoint: 'e' }, secret: new Secret('s') }).id
  const other = caller('other')
  const many = Array.from({ length: 300 }, () => caller('many'))
  const lives = (id: string) => sessions.of(of(id)) !== null
  expect(lives(other)).toBe(true)
  expect(many.filter(lives)).toEqual(many.slice(-5))
})

test.each([
  ['same-origin', true],
  ['none', true],
  ['same-site', false],
  ['cross-site', false],
])('a cookie that comes with a GET of a page that is %s counts: %p', (site, counts) => {
  const sessions = createSessions()
  const { id } = sessions.begin({ kind: 'admin' })
  const headers = { cookie: `spacewatch_session=${id}`, 'sec-fetch-site': site }
  expect(sessions.of(new Request('http://localhost/x', { headers })) !== null).toBe(counts)
})

test('a cookie that comes from another origin without fetch metadata does not count', () => {
  const sessions = createSessions()
  const { id } = sessions.begin({ kind: 'admin' })
  const ask = (origin: string) =>
    sessions.of(
      new Request('http://localhost/x', { headers: { cookie: `spacewatch_session=${id}`, origin } }),
    )
  expect(ask('http://evil.example')).toBeNull()
  expect(ask('http://localhost')).not.toBeNull()
})
