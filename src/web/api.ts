/** CloudWatch's units, and `Timestamp` for moments. */
export type Unit = 'Count' | 'Bytes' | 'Milliseconds' | 'Percent' | 'Timestamp'

export interface Column {
  name: string
  type: string
  unit?: Unit
}

export interface Table {
  columns: Column[]
  rows: unknown[][]
  /** What was run. */
  sql: string
}

/** What an answer rests on. */
export interface Coverage {
  window: { from: string; to: string; step_seconds: number | null }
  compared_with: { from: string; to: string } | null
  newest_event: string | null
  objects_pending: number
  listing_complete: boolean
  lines_refused: number
  objects_refused: number
  approximate: boolean
  notes: string[]
}

export type Answer = Table & { coverage: Coverage; metric: string }

export type Params = Record<string, string | number | undefined>

/** Where in a SQL text an error is. */
export interface Position {
  offset: number
  line: number
  column: number
}

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

/** The JSON that the API answers with. */
export async function ask<T>(path: string, options: AskOptions = {}): Promise<T> {
  const response = await askRaw(path, options)
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T)
}

interface ErrorBody {
  error?: {
    code?: string
    message?: string
    hint?: string | null
    request_id?: string
    position?: Position | null
  }
}

async function errorOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as ErrorBody
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
