import { Elysia } from 'elysia'
import type { Log } from '../log.ts'
import { errorAnswer } from './errors.ts'

/** A request that has been answered. `route` is the pattern, never the address. */
export interface FinishedRequest {
  method: string
  route: string
  status: number
  duration_ms: number
}

export interface RequestTraceOptions {
  log: Log
  onFinished: (request: FinishedRequest) => void
}

// What a page that shows nothing and an answer that nobody may keep need.
const securityHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

/** For every request, whoever answers it: an id, how long it took, security headers, one shape of errors. */
export function requestTrace({ log, onFinished }: RequestTraceOptions) {
  const traces = new WeakMap<Request, { id: string; start_ms: number }>()
  const trace = (request: Request) => {
    const known = traces.get(request)
    if (known) return known
    const fresh = { id: requestId(request), start_ms: performance.now() }
    traces.set(request, fresh)
    return fresh
  }
  const elapsed_ms = (request: Request): number => performance.now() - trace(request).start_ms
  const duration = (request: Request) => ({ 'x-request-duration-ms': elapsed_ms(request).toFixed(1) })

  return new Elysia({ name: 'request-trace' })
    .onRequest(({ request, set }) => {
      Object.assign(set.headers, securityHeaders, { 'x-request-id': trace(request).id })
    })
    .onAfterHandle({ as: 'global' }, ({ request, set }) => {
      Object.assign(set.headers, duration(request))
    })
    .onError({ as: 'global' }, ({ code, error, request, set }) => {
      const { status, body, unexpected } = errorAnswer(code, error, trace(request).id)
      if (unexpected) log.error({ request_id: trace(request).id, err: error }, 'request failed')
      else if (status === 503) log.warn({ request_id: trace(request).id, err: error }, 'request refused')
      set.status = status
      Object.assign(set.headers, duration(request), status === 503 ? { 'retry-after': '5' } : {})
      return body
    })
    .onAfterResponse({ as: 'global' }, ({ request, route, set }) => {
      onFinished({
        method: request.method,
        // Elysia has no pattern for what it did not find.
        route: route || 'none',
        status: typeof set.status === 'number' ? set.status : 200,
        duration_ms: elapsed_ms(request),
      })
    })
}

function requestId(request: Request): string {
  const given = request.headers.get('x-request-id') ?? ''
  return /^[\w.:-]{1,64}$/.test(given) ? given : crypto.randomUUID()
}
