import OpenAI, { APIConnectionError, APIError } from 'openai'
import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions'
import { Stream } from 'openai/streaming'
import { InvalidError, UnavailableError } from '../errors.ts'
import { pause } from '../retry.ts'
import type { Secret } from '../secret.ts'
import type { Usage } from './message.ts'

export interface EndpointOptions {
  /** Of the chat completions, or of what stands before them. */
  url: string
  key: Secret
  /** Between tries; for tests. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** One request of chat completions, tried again while the endpoint is busy or away. */
export interface Endpoint {
  /** Throws InvalidError `agent_refused` or `agent_too_long`, UnavailableError `agent_away`, and the signal's reason. */
  send(body: object, signal: AbortSignal): Promise<Response>
  /** The pieces of an answer, whether they are streamed or come whole. */
  read(response: Response, signal: AbortSignal): AsyncGenerator<Chunk>
}

const tries = 4
const wait_atMost_ms = 20_000
const body_bytes = 4 << 20

export function createEndpoint({ url, key, wait = pause }: EndpointOptions): Endpoint {
  const { baseURL, query } = splitAddress(url)
  const client = new OpenAI({
    baseURL,
    apiKey: key.reveal(),
    // Otherwise the client would look for them in the environment.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    defaultQuery: { ...query, agent: 'true' },
    fetchOptions: { redirect: 'error' },
    maxRetries: 0,
    timeout: 60_000,
    logLevel: 'off',
  })
  return {
    async send(body, signal) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await client.post('/chat/completions', {
            body,
            signal,
            __binaryResponse: true,
            stream: false,
          })
        } catch (error) {
          signal.throwIfAborted()
          const wait_ms = attempt < tries ? waitBefore(attempt, error) : null
          if (wait_ms === null) throw explain(error)
          await wait(wait_ms, signal)
          signal.throwIfAborted()
        }
      }
    },
    read: (response, signal) => readChunks(response, client, signal),
  }
}

export interface Chunk {
  delta: Partial<ChatCompletionChunk.Choice.Delta>
  usage: Usage | null
}

/** The pieces of an answer, whether the endpoint streams them or sends it whole. */
async function* readChunks(response: Response, client: OpenAI, signal: AbortSignal): AsyncGenerator<Chunk> {
  const type = response.headers.get('content-type') ?? ''
  const body = limited(response)
  try {
    if (type.includes('text/event-stream')) {
      const stopping = new AbortController()
      for await (const { choices, usage } of Stream.fromSSEResponse<ChatCompletionChunk>(
        body,
        stopping,
        client,
      )) {
        yield { delta: choices?.[0]?.delta ?? {}, usage: usageOf(usage) }
      }
      // The stream takes an abort for its end.
      signal.throwIfAborted()
    } else if (type.includes('json')) {
      const { choices, usage } = (await body.json()) as Partial<ChatCompletion>
      const { content, refusal, tool_calls } = choices?.[0]?.message ?? {}
      const pieces = (tool_calls ?? []).map((call, index) => ({
        ...call,
        index,
      })) as Chunk['delta']['tool_calls']
      yield {
        delta: { content: content ?? refusal ?? '', ...(pieces && { tool_calls: pieces }) },
        usage: usageOf(usage),
      }
    } else throw misbehaved(`it is ${type.split(';')[0] || 'of no type'} and no JSON`)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof InvalidError) throw error
    if (error instanceof SyntaxError) throw misbehaved('it is no valid JSON')
    throw explain(error)
  }
}

function usageOf(
  said: { prompt_tokens?: number; completion_tokens?: number } | null | undefined,
): Usage | null {
  const { prompt_tokens: input, completion_tokens: output } = said ?? {}
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
  return isCount(input) && isCount(output) && input > 0 ? { input, output } : null
}

/** The same response, which fails where it is longer than any answer is. */
function limited(response: Response): Response {
  let bytes = 0
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes > body_bytes) throw misbehaved(`it is longer than ${body_bytes} bytes`)
      controller.enqueue(chunk)
    },
  })
  return new Response(response.body?.pipeThrough(counter) ?? null, { headers: response.headers })
}

/** How long to wait before the next try; null: there is none. */
function waitBefore(attempt: number, error: unknown): number | null {
  if (!(error instanceof APIError)) return null
  const { status, headers } = error
  const passes =
    error instanceof APIConnectionError || status === 429 || status === 408 || (status ?? 0) >= 500
  if (!passes) return null
  const asked = headers?.get('retry-after')
  const asked_ms = asked ? Number(asked) * 1000 || Date.parse(asked) - Date.now() : Number.NaN
  if (asked_ms > wait_atMost_ms) return null
  return asked_ms > 0 ? asked_ms : 500 * 2 ** (attempt - 1) * (0.75 + Math.random() / 4)
}

/** Whether the endpoint refuses what was sent, and not who sends it. */
export function isBodyRefused(error: unknown): boolean {
  if (!(error instanceof InvalidError) || error.code !== 'agent_refused') return false
  return error.cause instanceof APIError && (error.cause.status === 400 || error.cause.status === 422)
}

const tooLong = /context|too (?:long|large|many tokens)|maximum.{0,40}tokens/i

function explain(cause: unknown): Error {
  const status = cause instanceof APIError ? cause.status : undefined
  if ((status === 400 || status === 413) && tooLong.test(String(cause)))
    return new InvalidError(
      'Cannot ask the agent: the request is longer than the context of its model',
      'ask for less, or the operator sets AGENT_PROFILE=small',
      'agent_too_long',
      { cause },
    )
  if (status !== undefined && status >= 400 && status < 500 && status !== 429 && status !== 408) {
    return new InvalidError(
      `Cannot ask the agent: its endpoint refuses the request (${status})`,
      status === 401 || status === 403
        ? 'the operator must check DO_AGENT_KEY'
        : 'the operator must check DO_AGENT_URL and DO_AGENT_MODEL',
      'agent_refused',
      { cause },
    )
  }
  const busy = status === 429 || status === 503
  return new UnavailableError(
    `Cannot ask the agent: its endpoint ${busy ? 'has too much to do' : status ? `fails (${status})` : 'does not answer'}`,
    'try again in a minute; /ask answers the questions of the library without it',
    { cause, code: 'agent_away' },
  )
}

export function misbehaved(fact: string): InvalidError {
  return new InvalidError(
    `Cannot use the agent's answer: ${fact}`,
    'ask again, or ask for less',
    'agent_misbehaved',
  )
}

/** The base of the API and the query of an address that may be whole, a base, or a host alone. */
function splitAddress(url: string): { baseURL: string; query: Record<string, string> } {
  const { origin, pathname, searchParams } = new URL(url)
  const path = pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '')
  return { baseURL: `${origin}${path || '/api/v1'}`, query: Object.fromEntries(searchParams) }
}
