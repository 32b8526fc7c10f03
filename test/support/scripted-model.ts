import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the model answers to one request. */
export interface Reply {
  text?: string
  calls?: { tool: string; args: object | string }[]
  /** Characters of each streamed piece; default 7. */
  piece?: number
  /** Sends the whole answer as JSON although a stream was asked for. */
  whole?: true
  /** Tokens that it claims; null: it says nothing of them. */
  usage?: { prompt_tokens: number; completion_tokens: number } | null
  refusal?: string
  /** Instead of an answer. */
  status?: number
  headers?: Record<string, string>
  raw?: string
  /** Never answers (`silent`), or stops amidst the stream (`amidst`). */
  hang?: 'silent' | 'amidst'
  /** Closes the connection amidst the stream. */
  cut?: true
}

export interface SeenRequest {
  url: string
  authorization: string | null
  body: {
    model: string
    stream: boolean
    messages: { role: string; content: string; tool_calls?: unknown[] }[]
    tools?: { function: { name: string; parameters: object } }[]
    tool_choice?: string
    temperature?: number
    max_completion_tokens?: number
    response_format?: { type: string; json_schema: { schema: object } }
  }
}

/** Says what comes next; the default is that of the list, and then `done`. */
export type Script = (request: SeenRequest, at: number) => Reply

export interface ScriptedModel {
  /** Of its chat completions. */
  url: string
  /** Every request, in order. */
  seen: SeenRequest[]
  /** How many requests were ended by the client before their answer was complete. */
  left: number
  /** What it answers from now on. */
  script(next: Script | Reply[]): void
  close(): Promise<void>
}

/**
 * A server that speaks as OpenAI does and says what a test wrote for it: natively where tools are offered, otherwise as
 * JSON objects. `tools` says what it does with offered tools: take them, refuse the request, or talk past them.
 */
export async function startScriptedModel(
  tools: 'native' | 'refused' | 'ignored' = 'native',
): Promise<ScriptedModel> {
  let script: Script = () => ({ text: 'done' })
  const server = createServer(async (request, response) => {
    const parts = await Array.fromAsync(request as AsyncIterable<Uint8Array>)
    const body = JSON.parse(Buffer.concat(parts).toString()) as SeenRequest['body']
    const one = { url: request.url ?? '', authorization: request.headers.authorization ?? null, body }
    model.seen.push(one)
    response.on('close', () => {
      if (!response.writableEnded) model.left++
    })
    if (tools === 'refused' && body.tools)
      send(response, 400, 'application/json', '{"error":{"message":"tools are not supported"}}')
    else if (tools === 'ignored' && body.tools) answer(response, { text: 'I would have to look.' }, body)
    else answer(response, script(one, model.seen.length - 1), body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const model: ScriptedModel = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/chat/completions`,
    seen: [],
    left: 0,
    script(next) {
      model.seen.length = 0
      script = Array.isArray(next) ? (_request, at) => next[at] ?? { text: 'done' } : next
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return model
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type })
  response.end(body)
}

function answer(response: ServerResponse, reply: Reply, request: SeenRequest['body']): void {
  const { status, headers, raw, hang } = reply
  if (hang === 'silent') return
  if (status !== undefined || raw !== undefined) {
    response.writeHead(status ?? 200, { 'content-type': 'application/json', ...headers })
    response.end(raw ?? '{"error":{"message":"scripted"}}')
    return
  }
  const isNative = request.tools !== undefined
  const calls = isNative ? (reply.calls ?? []) : []
  const content = isNative ? reply.text : (writtenOut(reply) ?? reply.text)
  const usage = reply.usage === undefined ? { prompt_tokens: 100, completion_tokens: 10 } : reply.usage
  const tool_calls = calls.map(({ tool, args }, index) => ({
    index,
    id: `call_${index}`,
    type: 'function',
    function: { name: tool, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
  }))
  if (reply.whole) {
    const message = {
      role: 'assistant',
      content: content ?? null,
      ...(tool_calls.length > 0 && { tool_calls }),
    }
    const whole = { choices: [{ message, finish_reason: 'stop' }], ...(usage && { usage }) }
    return send(response, 200, 'application/json', JSON.stringify(whole))
  }
  const deltas = [
    ...pieces(content ?? '', reply.piece).map((piece) => ({ content: piece })),
    ...(reply.refusal ? [{ refusal: reply.refusal }] : []),
    ...tool_calls.map((call) => ({
      tool_calls: [{ ...call, function: { name: call.function.name, arguments: '' } }],
    })),
    ...tool_calls.flatMap(({ index, function: { arguments: text } }) =>
      pieces(text, reply.piece).map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ),
  ]
  const chunks = [
    ...deltas.map((delta) => ({ choices: [{ index: 0, delta }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: tool_calls.length > 0 ? 'tool_calls' : 'stop' }] },
    ...(usage ? [{ choices: [], usage }] : []),
  ].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const half = chunks.slice(0, Math.ceil(chunks.length / 2))
  if (hang === 'amidst') for (const chunk of half) response.write(chunk)
  else if (reply.cut) response.write(half.join(''), () => response.socket?.end())
  else response.end(`${chunks.join('')}data: [DONE]\n\n`)
}

function writtenOut({ calls, text }: Reply): string | undefined {
  if (calls) {
    const all = calls.map(({ tool, args }) => ({ tool, args }))
    return JSON.stringify(
      all.length === 1 ? { type: 'tool_call', ...all[0] } : { type: 'tool_calls', calls: all },
    )
  }
  // A text in braces is what a test wants sent as it is.
  return text === undefined || text.trimStart().startsWith('{')
    ? undefined
    : JSON.stringify({ type: 'final', answer: text })
}

function pieces(text: string, size = 7): string[] {
  const all: string[] = []
  for (let at = 0; at < text.length; at += size) all.push(text.slice(at, at + size))
  return all
}
