import { createHash, timingSafeEqual } from 'node:crypto'
import { Elysia } from 'elysia'
import { InvalidError } from '../errors.ts'
import type { Secret } from '../secret.ts'

/** Says whether a request carries the key, in a time that does not depend on what it carries. */
export type HasApiKey = (request: Request) => boolean

export function createApiKeyCheck(apiKey: Secret): HasApiKey {
  const expected = digest(apiKey.reveal())
  return (request) => timingSafeEqual(digest(request.headers.get('x-api-key') ?? ''), expected)
}

/** Refuses requests without the key before anything else about them is looked at; for the routes of the instance that uses it. */
export function requireApiKey(hasApiKey: HasApiKey) {
  return new Elysia().derive({ as: 'scoped' }, ({ request }) => {
    if (hasApiKey(request)) return {}
    throw new InvalidError(
      'Cannot answer without the right API key',
      'send APP_API_KEY in the header X-API-Key',
      'unauthorized',
    )
  })
}

// Of equal length for any key, as timingSafeEqual needs.
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
