import { InvalidError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import { createEndpoint, isBodyRefused, misbehaved } from './endpoint.ts'
import { answerSoFar, jsonMessages, readJsonTurn, turnSchema } from './json-turns.ts'
import type { Message, Reserve, ToolSpec, Turn, Usage } from './message.ts'
import { collectCalls, nativeMessages, nativeTools } from './native-turns.ts'

/** Whether the model is asked with tool calls or for JSON objects; `auto` finds out, and asks again after a while. */
export type ToolMode = 'auto' | 'native' | 'json'

export interface TurnRequest {
  messages: readonly Message[]
  tools: readonly ToolSpec[]
  /** What else can be called by name, besides the tools. */
  callable?: readonly string[]
  /** Whether the model must call something, may call nothing more, or is free, as by default. */
  must?: 'call' | 'answer'
  /** It answers by one JSON object of this schema; then nothing is called. */
  schema?: Record<string, unknown>
  /** At most; default 4,096. */
  output_tokens?: number
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
  now?: () => number
}

const answer_chars = 65_536
/** How long what was found out about an endpoint holds. */
const known_ms = 600_000

export function createModel({ name, mode, now = Date.now, ...options }: ModelOptions): Model {
  const endpoint = createEndpoint(options)
  const known = { kind: remembered<'native' | 'json'>(now), isPlain: remembered<boolean>(now) }

  /** Sends a body; without what the endpoint may not know, where it refuses it. */
  async function send(body: object, finer: object, signal: AbortSignal): Promise<Response> {
    if (known.isPlain.get()) return endpoint.send(body, signal)
    try {
      return await endpoint.send({ ...body, ...finer }, signal)
    } catch (error) {
      if (!isBodyRefused(error)) throw error
      const response = await endpoint.send(body, signal)
      known.isPlain.set(true)
      return response
    }
  }

  async function* ask(kind: 'native' | 'json', request: TurnRequest): AsyncGenerator<string, Turn> {
    const { tools, must, schema, reserve, signal, output_tokens = 4_096 } = request
    const callable = new Set([...tools.map((tool) => tool.name), ...(request.callable ?? [])])
    const offered = must === 'answer' || schema ? [] : tools
    const shape = schema ?? (kind === 'json' ? turnSchema(offered) : null)
    const asJson = kind === 'json' && !schema
    const body = {
      model: name,
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: output_tokens,
      ...(asJson
        ? { messages: jsonMessages(request.messages, offered) }
        : {
            messages: nativeMessages(request.messages),
            // Offered to the end, as what was read before is cached with them.
            ...(!schema && tools.length > 0 && { tools: nativeTools(tools) }),
            ...(!schema && tools.length > 0 && must === 'answer' && { tool_choice: 'none' }),
          }),
    }
    const finer = {
      temperature: 0,
      ...(shape && {
        response_format: { type: 'json_schema', json_schema: { name: 'turn', schema: shape } },
      }),
      ...(!asJson && must === 'call' && { tool_choice: 'required' }),
    }
    const sent = Buffer.byteLength(JSON.stringify(body))
    const settle = reserve({ input: Math.ceil(sent / 2), output: output_tokens })
    let spent: Usage = { input: 0, output: 0 }
    try {
      const response = await send(body, finer, signal)
      spent = { input: Math.ceil(sent / 3), output: 0 }
      const calls = collectCalls()
      let text = ''
      let shown = 0
      for await (const { delta, usage } of endpoint.read(response, signal)) {
        text += delta.content ?? delta.refusal ?? ''
        calls.add(delta.tool_calls ?? [])
        const chars = text.length + calls.chars()
        if (chars > answer_chars) throw misbehaved(`it is longer than ${answer_chars} characters`)
        spent = usage ?? { ...spent, output: Math.ceil(chars / 3) }
        // What begins like an object may be a call that was written out.
        const readable = schema
          ? ''
          : asJson
            ? answerSoFar(text)
            : (/^[^]*?(?=\{|```|<tool_)/.exec(text)?.[0] ?? text)
        if (readable.length > shown) yield readable.slice(shown)
        shown = Math.max(shown, readable.length)
      }
      if (schema) return { text, calls: [], problem: null, usage: spent }
      const turn = asJson ? jsonTurn(text, callable) : nativeTurn(text, calls.result(), callable)
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
      if (first.calls.length > 0) known.kind.set('native')
      if (known.kind.get()) return first
    } catch (error) {
      if (!isRefused(error)) throw error
    }
    const second = await whole(ask('json', request))
    if (second.calls.length > 0 || (!first && !second.problem)) known.kind.set('json')
    const best = known.kind.get() || !first ? second : first
    if (best.calls.length === 0 && best.text) yield best.text
    const { input = 0, output = 0 } = first?.usage ?? {}
    return { ...best, usage: { input: second.usage.input + input, output: second.usage.output + output } }
  }

  return {
    turn(request) {
      const kind = mode === 'auto' ? known.kind.get() : mode
      // Neither a choice nor an answer without tools shows whether tools are known.
      return kind || request.schema || request.tools.length === 0
        ? ask(kind ?? 'native', request)
        : find(request)
    },
  }
}

/** A value that is forgotten after a while, as an endpoint may become another one. */
function remembered<Value>(now: () => number): { get(): Value | null; set(value: Value): void } {
  let kept: { value: Value; until_ms: number } | null = null
  return {
    get: () => (kept && kept.until_ms > now() ? kept.value : null),
    set(value) {
      kept = { value, until_ms: now() + known_ms }
    },
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof InvalidError && error.code === 'agent_refused'
}

async function whole(turn: AsyncGenerator<string, Turn>): Promise<Turn> {
  for (;;) {
    const next = await turn.next()
    if (next.done) return next.value
  }
}

function nativeTurn(text: string, calls: Turn['calls'], callable: ReadonlySet<string>): Omit<Turn, 'usage'> {
  if (calls.length > 0) return { text, calls, problem: null }
  const written = readJsonTurn(text, callable)
  if (written) return { ...written, problem: null }
  return { text, calls, problem: text.trim() === '' ? 'it is empty' : null }
}

function jsonTurn(text: string, callable: ReadonlySet<string>): Omit<Turn, 'usage'> {
  const said = readJsonTurn(text, callable)
  if (said) return { ...said, problem: null }
  return {
    text,
    calls: [],
    problem: text.trim() === '' ? 'it is empty' : 'it is no JSON object of the agreed form',
  }
}
