import { expect, test } from 'bun:test'
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
