import type { AgentEvent, Ask } from '../../agent/question.ts'
import type { Log } from '../../log.ts'
import { errorAnswer } from '../errors.ts'
import type { Route } from '../router.ts'

export interface ChatRoutesOptions {
  ask: Ask
  log: Log
  heartbeat_ms?: number
}

/** `/chat`: one question in words, answered with its evidence; as a stream of events where the caller accepts one. */
export function chatRoutes(route: Route, { ask, log, heartbeat_ms = 10_000 }: ChatRoutesOptions): void {
  route('POST /chat', async ({ body, request, reader, set, silence }) => {
    silence(0)
    const { message, conversation_id, bucket, zone, choose } = body
    const left = new AbortController()
    request.signal.addEventListener('abort', () => left.abort(), { once: true })
    const events = ask({ message, conversation_id, bucket, zone, choose }, { ...reader, signal: left.signal })
    if (!request.headers.get('accept')?.includes('text/event-stream')) {
      for await (const event of events) if (event.type === 'answer') return event.answer
      throw new Error('the agent ended without an answer')
    }
    const requestId = String(set.headers['x-request-id'])
    const fail = (error: unknown): Frame => {
      const { body: answer, unexpected } = errorAnswer('UNKNOWN', error, requestId)
      if (unexpected) log.error({ request_id: requestId, err: error }, 'question failed')
      return ['error', answer]
    }
    return new Response(eventStream(events, { left, fail, heartbeat_ms }), {
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
    })
  })
}

type Frame = [name: string, data: object]

function frameOf(event: AgentEvent): Frame {
  if (event.type === 'answer') return ['answer', event.answer]
  const { type, ...data } = event
  return [type, data]
}

/** The events as frames, with a heartbeat while there are none; stops the question when its reader goes. */
function eventStream(
  events: AsyncGenerator<AgentEvent, void>,
  {
    left,
    fail,
    heartbeat_ms,
  }: { left: AbortController; fail: (error: unknown) => Frame; heartbeat_ms: number },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async start(controller) {
      const send = ([name, data]: Frame): void => {
        if (left.signal.aborted) return
        controller.enqueue(encoder.encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`))
      }
      const beat = setInterval(() => send(['heartbeat', {}]), heartbeat_ms)
      try {
        for await (const event of events) send(frameOf(event))
      } catch (error) {
        send(fail(error))
      } finally {
        clearInterval(beat)
        if (!left.signal.aborted) controller.close()
      }
    },
    cancel() {
      left.abort()
    },
  })
}
