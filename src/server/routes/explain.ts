import { wholeExplanation } from '../../explain/explain.ts'
import type { Explain, ExplainEvent } from '../../explain/explain.ts'
import type { Log } from '../../log.ts'
import { eventStream, leavingOf, wantsEvents } from '../event-stream.ts'
import type { Frame } from '../event-stream.ts'
import type { Route } from '../router.ts'

export interface ExplainRoutesOptions {
  explain: Explain
  log: Log
  heartbeat_ms?: number
}

/** `/explain`: why a figure differs between two windows; as events, each as it is found, where the caller accepts them. */
export function explainRoutes(
  route: Route,
  { explain, log, heartbeat_ms = 10_000 }: ExplainRoutesOptions,
): void {
  route('GET /explain', async ({ query, request, reader: { scope, turns_of }, set, silence }) => {
    silence(0)
    const left = leavingOf(request)
    const events = explain({ params: query, scope, turns_of, signal: left.signal })
    if (!wantsEvents(request)) return wholeExplanation(events)
    const requestId = String(set.headers['x-request-id'])
    return eventStream(framesOf(events), { left, requestId, log, heartbeat_ms })
  })
}

async function* framesOf(events: AsyncGenerator<ExplainEvent, void>): AsyncGenerator<Frame, void> {
  for await (const event of events) {
    const { type, ...data } = event
    yield event.type === 'explanation' ? ['explanation', event.explanation] : [type, data]
  }
}
