import OpenAI, { APIConnectionError, APIError } from 'openai'
import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions'
import { Stream } from 'openai/streaming'
import { InvalidError, UnavailableError } from '../errors.ts'
import { pause } from '../retry.ts'
import type { Secret } from '../secret.ts'
import { answerSoFar, jsonMessages, readJsonTurn } from './json-turns.ts'
import type { Message, Reserve, ToolSpec, Turn, Usage } from './message.ts'
import { collectCalls, nativeMessages, nativeTools } from './native-turns.ts'

/** Whether the model is asked with tool calls or for JSON objects; `auto` finds out at the first question. */
export type ToolMode = 'auto' | 'native' | 'json'

export interface TurnRequest {
  messages: readonly Message[]
  tools: readonly ToolSpec[]
  /** The model is to answer and may call nothing more. */
  last?: boolean
  reserve: Reserve
  signal: AbortSignal
}

export interface Model {
  /**
   * One turn; yields what it says to the reader as it comes. Throws InvalidError or UnavailableError with a code that
   * begins with `agent_`, what `reserve` throws, and the signal's reason when aborted.
   */
  turn(request: TurnRequest): AsyncGenerator<string, Turn>
}

export interface ModelOptions {
  /** Of the chat completions, or of what stands before them. */
  url: string
  key: Secret
  name: string
  mode: ToolMode
  /** Between tries; for tests. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

const output_tokens = 4_096
const tries = 4
const wait_atMost_ms = 20_000
const answer_chars = 65_536
const body_bytes = 4 << 20

export function createModel({ url, key, name, mode, wait = pause }: ModelOptions): Model {
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
  let settled = mode === 'auto' ? null : mode

  async function send(body: object, signal: AbortSignal): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await client.post('/chat/completions', { body, signal, __binaryResponse: true, stream: false })
      } catch (error) {
        signal.throwIfAborted()
        const wait_ms = attempt < tries ? waitBefore(attempt, error) : null
        if (wait_ms === null) throw explain(error)
        await wait(wait_ms, signal)
        signal.throwIfAborted()
      }
    }
  }

  async function* ask(kind: 'native' | 'json', request: TurnRequest): AsyncGenerator<string, Turn> {
    const { tools, last = false, reserve, signal } = request
    const body = {
      model: name,
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: output_tokens,
      ...(kind === 'json'
        ? { messages: jsonMessages(request.messages, last ? [] : tools) }
        : {
            messages: nativeMessages(request.messages),
            tools: nativeTools(tools),
            ...(last && { tool_choice: 'none' }),
          }),
    }
    const sent = Buffer.byteLength(JSON.stringify(body))
    const settle = reserve({ input: Math.ceil(sent / 2), output: output_tokens })
    let spent: Usage = { input: 0, output: 0 }
    try {
      const response = await send(body, signal)
      spent = { input: Math.ceil(sent / 3), output: 0 }
      const calls = collectCalls()
      let text = ''
      let shown = 0
      for await (const { delta, usage } of readChunks(response, client, signal)) {
        text += delta.content ?? delta.refusal ?? ''
        calls.add(delta.tool_calls ?? [])
        const chars = text.length + calls.chars()
        if (chars > answer_chars) throw misbehaved(`it is longer than ${answer_chars} characters`)
        spent = usage ?? { ...spent, output: Math.ceil(chars / 3) }
        const readable = kind === 'json' ? answerSoFar(text) : text
        // What begins like an object may be a call that was written out.
        if (kind === 'native' && /^\s*(\{|```)/.test(text)) continue
        if (readable.length > shown) yield readable.slice(shown)
        shown = Math.max(shown, readable.length)
      }
      const turn = kind === 'json' ? jsonTurn(text) : nativeTurn(text, calls.result())
      const rest = turn.calls.length === 0 && turn.problem === null ? turn.text.slice(shown) : ''
      if (rest) yield rest
      return { ...turn, usage: spent }
    } finally {
      settle(spent)
    }
  }

  /** Asks both ways at most: an endpoint that refuses tools, or does not know them, answers in JSON. */
  async function* find(request: TurnRequest): AsyncGenerator<string, Turn> {
    let first: Turn | null = null
    try {
      first = await whole(ask('native', request))
      if (first.calls.length > 0) settled = 'native'
      if (settled) return first
    } catch (error) {
      if (!(error instanceof InvalidError) || error.code !== 'agent_refused') throw error
    }
    const second = await whole(ask('json', request))
    if (second.calls.length > 0 || (!first && !second.problem)) settled = 'json'
    const best = settled || !first ? second : first
    if (best.calls.length === 0 && best.text) yield best.text
    const { input = 0, output = 0 } = first?.usage ?? {}
    return { ...best, usage: { input: second.usage.input + input, output: second.usage.output + output } }
  }

  return { turn: (request) => (settled ? ask(settled, request) : find(request)) }
}

async function whole(turn: AsyncGenerator<string, Turn>): Promise<Turn> {
  for (;;) {
    const next = await turn.next()
    if (next.done) return next.value
  }
}

function nativeTurn(text: string, calls: Turn['calls']): Omit<Turn, 'usage'> {
  if (calls.length > 0) return { text, calls, problem: null }
  const written = readJsonTurn(text)
  if (written) return { ...written, problem: null }
  return { text, calls, problem: text.trim() === '' ? 'it is empty' : null }
}

function jsonTurn(text: string): Omit<Turn, 'usage'> {
  const said = readJsonTurn(text)
  if (said) return { ...said, problem: null }
  return {
    text,
    calls: [],
    problem: text.trim() === '' ? 'it is empty' : 'it is no JSON object of the agreed form',
  }
}

interface Chunk {
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

function explain(cause: unknown): Error {
  const status = cause instanceof APIError ? cause.status : undefined
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

function misbehaved(fact: string): InvalidError {
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
