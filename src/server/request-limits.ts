import { Elysia } from 'elysia'
import { InvalidError } from '../errors.ts'
import type { Principals } from './principal.ts'
import { createRateLimit } from './rate-limit.ts'
import type { Allowance } from './rate-limit.ts'

export interface RequestLimitsOptions {
  /** Of one caller; `per_second` 0: no limit. */
  rateLimit: Allowance
  principals: Principals
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
export function requestLimits({ rateLimit, principals }: RequestLimitsOptions) {
  const { take } = createRateLimit()
  const more = {
    per_second: rateLimit.per_second * signedIn.per_second,
    burst: rateLimit.burst * signedIn.burst,
  }

  return new Elysia({ name: 'request-limits' }).onRequest(({ request, server, set }) => {
    if (!URL.canParse(request.url))
      throw new InvalidError('Cannot read the address: there is no usable Host', 'send the header Host')
    checkBody(request.headers)
    if (rateLimit.per_second === 0 || unlimited.test(new URL(request.url).pathname)) return
    const { name, signed_in } = principals.of(request, server).limits()
    const allowance = signed_in ? more : rateLimit
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
