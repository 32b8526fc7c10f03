import type { AnswerOf, BodyOf, ParamsOf, QueryOf } from '../api/endpoint.ts'
import type { EndpointName, Endpoints, ErrorAnswer } from '../api/endpoints.ts'
export type { Coverage, Table, TableColumn as Column, Unit } from '../metrics/answers.ts'

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

/** Whatever was thrown, as an error that can be shown. */
export function asApiError(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause
  return new ApiError(0, 'unexpected', cause instanceof Error ? cause.message : String(cause), null, null)
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

const waitsAtMost = 4

/** Asks an endpoint by its name, and gives the JSON that it answers with. Throws ApiError. */
export async function ask<Name extends EndpointName>(
  name: Name,
  asking: Asking<Name> = {},
): Promise<AnswerTo<Name>> {
  return (await (await askFor(name, asking)).json()) as AnswerTo<Name>
}

/** The same for an answer that is no JSON; waits and asks again when it was asked too often. */
export async function askFor<Name extends EndpointName>(name: Name, asking: Asking<Name>): Promise<Response> {
  const { body, headers = {}, signal = null } = asking
  const [method, address] = addressOf(name, asking)
  for (let wait = 0; ; wait++) {
    const response = await fetch(address, {
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

/** Method and address of a question, without what is empty. */
function addressOf(name: string, { params, query }: { params?: object; query?: object }): [string, string] {
  const [method = '', path = ''] = name.split(' ')
  const values = new Map(Object.entries(params ?? {}))
  const filled = path.replace(/:(\w+)/g, (_, param: string) => encodeURIComponent(values.get(param) ?? ''))
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '')
  const search = new URLSearchParams(given).toString()
  return [method, search ? `${filled}?${search}` : filled]
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
