import { createHash, timingSafeEqual } from 'node:crypto'
import { Elysia } from 'elysia'
import type { Secret } from '../secret.ts'
import { unauthorized } from './sessions.ts'
import type { Sessions } from './sessions.ts'

/** Says whether a request carries the key, or comes in a session that was begun with it. */
export type HasApiKey = (request: Request) => boolean

/** Says whether a text is the key, in a time that does not depend on the text. */
export type IsApiKey = (text: string) => boolean

export function createApiKeyCheck(apiKey: Secret): IsApiKey {
  const expected = digest(apiKey.reveal())
  return (text) => timingSafeEqual(digest(text), expected)
}

export function createRequestCheck(isApiKey: IsApiKey, sessions: Sessions): HasApiKey {
  return (request) => {
    const given = request.headers.get('x-api-key')
    return given === null ? sessions.of(request)?.identity.kind === 'admin' : isApiKey(given)
  }
}

/** Refuses requests without the key before anything else about them is looked at; for the routes of the instance that uses it. */
export function requireApiKey(hasApiKey: HasApiKey) {
  return new Elysia().derive({ as: 'scoped' }, function needApiKey({ request }) {
    if (hasApiKey(request)) return {}
    throw unauthorized(
      request,
      'Cannot answer without the right API key',
      'send APP_API_KEY in the header X-API-Key',
    )
  })
}

// Of equal length for any key, as timingSafeEqual needs.
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
