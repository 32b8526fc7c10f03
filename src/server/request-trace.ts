import { Elysia } from 'elysia'
import type { Log } from '../log.ts'
import { isBucketName } from '../spaces/bucket-name.ts'
import type { ClientAddress } from './client-address.ts'
import { clientNetwork } from './client-network.ts'
import { compressBody, compressStream, encodingFor } from './compress.ts'
import { errorAnswer } from './errors.ts'
import { missingPage, readsHtml } from './missing-page.ts'
import { operationType } from './operation-type.ts'

/** A request that has been answered: a row of `requests`. Nothing in it is more of the caller's input than a bucket's name. */
export interface FinishedRequest {
  /** When it came, in milliseconds since the epoch. */
  ts_ms: number
  request_id: string
  method: string
  /** The pattern, never the address; `none` where there is no such route. */
  route: string
  operation_type: string
  /** The bucket that it asked about, if it named one. */
  bucket: string | null
  /** Whose question it was: `admin`, or the short name of what the caller has proven. */
  scope: string | null
  status: number
  error_code: string | null
  duration_ms: number
  /** Of the body; null for streams of unknown length. */
  bytes_out: number | null
  client_network: string | null
}

export interface RequestTraceOptions {
  log: Log
  onFinished: (request: FinishedRequest) => void
  /** Asked once the request has been answered. */
  scopeOf: (request: Request) => string | null
  addressOf: ClientAddress['of']
  /** What else an address that was not found may be asked with. */
  methodsOf?: (path: string) => string[]
  now: () => number
  /** What takes longer is logged as slow. Default five seconds. */
  slow_ms?: number
}

interface Trace {
  id: string
  ts_ms: number
  start_ms: number
  error_code: string | null
  bytes_out: number | null
  client_network: string | null
}

// What a page that shows nothing and an answer that nobody may keep need.
const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

/** For every request, whoever answers it: an id, how long it took, security headers, one shape of errors, one line of log. */
export function requestTrace(options: RequestTraceOptions) {
  const { log, onFinished, scopeOf, addressOf, methodsOf, now, slow_ms = 5_000 } = options
  const traces = new WeakMap<Request, Trace>()
  const trace = (request: Request): Trace => {
    const known = traces.get(request)
    if (known) return known
    const fresh: Trace = {
      id: requestId(request),
      ts_ms: now(),
      start_ms: performance.now(),
      error_code: null,
      bytes_out: null,
      client_network: null,
    }
    traces.set(request, fresh)
    return fresh
  }
  const elapsed_ms = (request: Request): number => performance.now() - trace(request).start_ms

  return new Elysia({ name: 'request-trace' })
    .onRequest(({ request, set, server }) => {
      // Once the request is answered nobody knows its address any more.
      trace(request).client_network = clientNetwork(addressOf(request, server))
      Object.assign(set.headers, securityHeaders, { 'x-request-id': trace(request).id })
    })
    .onError({ as: 'global' }, ({ code, error, request, set }) => {
      const others = code === 'NOT_FOUND' ? (methodsOf?.(new URL(request.url).pathname) ?? []) : []
      if (others.length > 0) set.headers['allow'] = others.join(', ')
      const { status, body, unexpected } = errorAnswer(
        others.length > 0 ? 'METHOD_NOT_ALLOWED' : code,
        error,
        trace(request).id,
      )
      if (unexpected) log.error({ request_id: trace(request).id, err: error }, 'request failed')
      else if (status === 503) log.warn({ request_id: trace(request).id, err: error }, 'request refused')
      trace(request).error_code = body.error.code
      set.status = status
      if (status === 503 || status === 429) set.headers['retry-after'] ??= '5'
      if (code !== 'NOT_FOUND' || status !== 404 || !readsHtml(request)) return body
      set.headers['content-type'] = 'text/html; charset=utf-8'
      set.headers['content-security-policy'] = "default-src 'none'; style-src 'unsafe-inline'"
      return new Response(missingPage(), { status })
    })
    .mapResponse({ as: 'global' }, async ({ request, route, responseValue, set }) => {
      set.headers['x-request-duration-ms'] = elapsed_ms(request).toFixed(1)
      set.headers['x-operation-type'] = operationType(route ?? '')
      const wanted = encodingFor(request.headers.get('accept-encoding'))
      const { body, bytes } = measured(responseValue)
      trace(request).bytes_out = bytes
      if (responseValue instanceof Response) {
        const sent = compressStream(responseValue, wanted)
        return sent === responseValue ? undefined : sent
      }
      if (body === null) return
      const sent = await compressBody(body, wanted)
      trace(request).bytes_out = sent.bytes.length
      set.headers['content-type'] ??= 'application/json'
      const others = set.headers['vary']
      set.headers['vary'] = others ? `${others}, accept-encoding` : 'accept-encoding'
      if (sent.encoding !== null) set.headers['content-encoding'] = sent.encoding
      return new Response(sent.bytes, { status: statusOf(set.status, null) })
    })
    .onAfterResponse({ as: 'global' }, ({ request, route, responseValue, set, query }) => {
      const { id, ts_ms, error_code, bytes_out, client_network } = trace(request)
      const finished: FinishedRequest = {
        ts_ms,
        request_id: id,
        method: request.method,
        // Elysia has no pattern for what it did not find.
        route: route || 'none',
        operation_type: operationType(route ?? ''),
        bucket: bucketOf(query?.['bucket'] ?? request.headers.get('x-log-bucket')),
        scope: scopeOf(request),
        status: statusOf(set.status, responseValue),
        error_code,
        duration_ms: elapsed_ms(request),
        bytes_out,
        client_network,
      }
      if (finished.duration_ms > slow_ms) log.warn(finished, 'slow request')
      else log.info(finished, 'request')
      onFinished(finished)
    })
}

function requestId(request: Request): string {
  const given = request.headers.get('x-request-id') ?? ''
  return /^[\w.:-]{1,64}$/.test(given) ? given : crypto.randomUUID()
}

function bucketOf(name: unknown): string | null {
  return typeof name === 'string' && isBucketName(name) ? name : null
}

/** The size of a body. What Elysia would turn into JSON is turned into JSON here, so as to know it; otherwise `body` is null. */
function measured(value: unknown): { body: string | null; bytes: number | null } {
  if (typeof value === 'string') return { body: null, bytes: Buffer.byteLength(value) }
  if (value === null || value === undefined) return { body: null, bytes: 0 }
  if (value instanceof Response) {
    const length = value.headers.get('content-length')
    return { body: null, bytes: length === null ? null : Number(length) }
  }
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
  if (!isPlain) return { body: null, bytes: null }
  const body = JSON.stringify(value)
  return { body, bytes: Buffer.byteLength(body) }
}

function statusOf(set: number | string | undefined, value: unknown): number {
  if (value instanceof Response) return value.status
  return typeof set === 'number' ? set : 200
}
