import type { AgentEvent, Ask } from '../../agent/question.ts'
import type { Log } from '../../log.ts'
import { eventStream, leavingOf, wantsEvents } from '../event-stream.ts'
import type { Frame } from '../event-stream.ts'
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
    const left = leavingOf(request)
    const events = ask({ message, conversation_id, bucket, zone, choose }, { ...reader, signal: left.signal })
    if (!wantsEvents(request)) {
      for await (const event of events) if (event.type === 'answer') return event.answer
      throw new Error('the agent ended without an answer')
    }
    const requestId = String(set.headers['x-request-id'])
    return eventStream(framesOf(events), { left, requestId, log, heartbeat_ms })
  })
}

async function* framesOf(events: AsyncGenerator<AgentEvent, void>): AsyncGenerator<Frame, void> {
  for await (const event of events) {
    const { type, ...data } = event
    yield event.type === 'answer' ? ['answer', event.answer] : [type, data]
  }
}
