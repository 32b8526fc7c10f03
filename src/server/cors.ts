import { Elysia } from 'elysia'
import { credentialFields, headerNamed } from '../api/parameters.ts'

const methods = 'GET, HEAD, POST, DELETE'
const sent = [
  'Content-Type',
  'X-Api-Key',
  'X-Request-Id',
  ...Object.keys(credentialFields).map(headerNamed),
].join(', ')
const read =
  'X-Request-Id, X-Request-Duration-Ms, X-Operation-Type, X-Next-Cursor, X-Truncated, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset'

/** Lets pages of these origins, and of no others, call the API with credentials in headers; never with a session's cookie. */
export function cors(origins: readonly string[]) {
  const app = new Elysia({ name: 'cors' })
  if (origins.length === 0) return app
  return app.onRequest(({ request, set }) => {
    set.headers['vary'] = 'origin'
    const origin = request.headers.get('origin')
    if (origin === null || !origins.includes(origin)) return
    set.headers['access-control-allow-origin'] = origin
    set.headers['access-control-expose-headers'] = read
    if (request.method !== 'OPTIONS' || !request.headers.has('access-control-request-method')) return
    set.headers['access-control-allow-methods'] = methods
    set.headers['access-control-allow-headers'] = sent
    set.headers['access-control-max-age'] = '600'
    return new Response(null, { status: 204 })
  })
}
