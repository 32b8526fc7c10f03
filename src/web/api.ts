import type { AnswerOf, BodyOf, ParamsOf, QueryOf } from '../api/endpoint.ts'
import type { EndpointName, Endpoints, ErrorAnswer } from '../api/endpoints.ts'
export type { Coverage, MetricAnswer, Table, TableColumn as Column, Unit } from '../metrics/answers.ts'

export type Params = Record<string, string | number | undefined>

/** Where in a SQL text an error is. */
export type Position = NonNullable<ErrorAnswer['error']['position']>

/** An error as the API tells it; `network` is ours, for an answer that never came. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly hint: string | null,
    readonly requestId: string | null,
    readonly position: Position | null = null,
  ) {
    super(message)
  }
}

export interface AskOptions {
  method?: 'GET' | 'POST' | 'DELETE'
  params?: Params
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal | undefined
}

const waitsAtMost = 4

/** The address of a question, without what is empty. */
function addressOf(path: string, params: Params = {}): string {
  const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== '')
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return search ? `${path}?${search}` : path
}

/** Asks the API and gives its raw answer; waits and asks again when it was asked too often. Throws ApiError. */
export async function askRaw(path: string, options: AskOptions = {}): Promise<Response> {
  const { method = 'GET', params, body, headers = {}, signal = null } = options
  for (let wait = 0; ; wait++) {
    const response = await fetch(addressOf(path, params), {
      method,
      signal,
      credentials: 'same-origin',
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error
      throw new ApiError(0, 'network', 'SpaceWatch does not answer', 'check that it still runs', null)
    })
    if (response.ok) return response
    const seconds = Number(response.headers.get('retry-after'))
    if (response.status === 429 && seconds > 0 && seconds <= 10 && wait < waitsAtMost) {
      await pause(seconds * 1000, signal)
      continue
    }
    throw await errorOf(response)
  }
}

/** What an endpoint is asked with; values of the query may be empty, which leaves them out. */
export interface Asking<Name extends EndpointName> {
  query?: Partial<Record<keyof QueryOf<Endpoints[Name]>, string | number | undefined>>
  params?: ParamsOf<Endpoints[Name]>
  body?: BodyOf<Endpoints[Name]>
  headers?: Record<string, string>
  signal?: AbortSignal | undefined
}

/** What an endpoint answers with. */
export type AnswerTo<Name extends EndpointName> = AnswerOf<Endpoints[Name]>

/** Asks an endpoint by its name, and gives the JSON that it answers with. Throws ApiError. */
export async function ask<Name extends EndpointName>(
  name: Name,
  { params, query, ...rest }: Asking<Name> = {},
): Promise<AnswerTo<Name>> {
  const [method, path = ''] = name.split(' ') as ['GET' | 'POST' | 'DELETE', string]
  const values = (params ?? {}) as Record<string, string>
  const filled = path.replace(/:(\w+)/g, (_, param: string) => encodeURIComponent(values[param] ?? ''))
  const response = await askRaw(filled, { method, ...(query && { params: query as Params }), ...rest })
  return (await response.json()) as AnswerTo<Name>
}

async function errorOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as { error?: Partial<ErrorAnswer['error']> }
  const { code = 'unknown', message, hint = null, request_id, position = null } = body.error ?? {}
  const text = message ?? `SpaceWatch answered ${response.status}`
  const id = request_id ?? response.headers.get('x-request-id')
  return new ApiError(response.status, code, text, hint, id, position)
}

function pause(ms: number, signal: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
