import { Elysia } from 'elysia'
import { InvalidError } from '../errors.ts'
import type { HasApiKey } from './auth.ts'
import type { Callers } from './caller.ts'
import type { ClientAddress } from './client-address.ts'
import { clientBlock } from './client-network.ts'
import { createRateLimit } from './rate-limit.ts'
import type { Allowance } from './rate-limit.ts'

export interface RequestLimitsOptions {
  /** Of one caller; `per_second` 0: no limit. */
  rateLimit: Allowance
  hasApiKey: HasApiKey
  callers: Callers
  clientAddress: ClientAddress
}

/** A page asks about twenty things when it is opened, so who has signed in, or has the API key, may do more. */
const signedIn = { per_second: 10, burst: 6 }
/** Of a request's body. */
export const bodyAtMost_bytes = 2 ** 20

const unlimited = /^\/(health(\/.*)?|metrics|assets\/.*|favicon\.ico)$/

/**
 * What is refused before anything else about a request is looked at: too large a body, and too many requests. What has
 * been proven is a caller of its own; all else that comes from one address shares one bucket, whatever it claims to be.
 */
export function requestLimits({ rateLimit, hasApiKey, callers, clientAddress }: RequestLimitsOptions) {
  const { take } = createRateLimit()
  const more = {
    per_second: rateLimit.per_second * signedIn.per_second,
    burst: rateLimit.burst * signedIn.burst,
  }

  function bucketOf(request: Request, address: string): [name: string, allowance: Allowance] {
    const identity = callers.sessions.of(request)?.identity
    // Visitors of the demo need nothing to get a session, so all of one address count as one.
    if (identity?.kind === 'demo') return [`demo ${address}`, more]
    if (identity?.kind === 'caller') return [`session ${identity.given.key} ${address}`, more]
    if (hasApiKey(request)) return [`admin ${address}`, more]
    const proven = callers.provenBefore(request.headers)
    if (proven !== null) return [`caller ${proven} ${address}`, rateLimit]
    return [`address ${address}`, rateLimit]
  }

  return new Elysia({ name: 'request-limits' }).onRequest(({ request, server, set }) => {
    const address = clientBlock(clientAddress.of(request, server)) ?? ''
    callers.comesFrom(request, address)
    checkBody(request.headers)
    if (rateLimit.per_second === 0 || unlimited.test(new URL(request.url).pathname)) return
    const [name, allowance] = bucketOf(request, address)
    const left = take(name, allowance)
    // https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-07
    set.headers['ratelimit-limit'] = String(allowance.burst)
    set.headers['ratelimit-remaining'] = String(left.remaining)
    set.headers['ratelimit-reset'] = String(left.reset_seconds)
    if (left.allowed) return
    set.headers['retry-after'] = String(left.retry_after_seconds)
    throw new InvalidError(
      `Cannot answer so many requests: ${allowance.per_second} a second are allowed, and ${allowance.burst} at once`,
      `try again in ${left.retry_after_seconds} seconds`,
      'too_many_requests',
    )
  })
}

function checkBody(headers: Headers): void {
  if (headers.has('transfer-encoding'))
    throw new InvalidError(
      'Cannot take a body whose length is not told',
      'send it with Content-Length',
      'length_required',
    )
  if (Number(headers.get('content-length') ?? 0) > bodyAtMost_bytes)
    throw new InvalidError(
      'Cannot take so large a body',
      `send at most ${bodyAtMost_bytes} bytes`,
      'too_large',
    )
}
