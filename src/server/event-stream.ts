import type { Log } from '../log.ts'
import { errorAnswer } from './errors.ts'

/** One event of a stream: its name and what it says. */
export type Frame = [name: string, data: object]

export interface EventStreamOptions {
  /** Told when the reader goes. */
  left: AbortController
  requestId: string
  log: Log
  heartbeat_ms: number
}

/** Whether an answer is wanted as events. */
export function wantsEvents({ headers }: Request): boolean {
  return headers.get('accept')?.includes('text/event-stream') === true
}

/** Aborts when the request does, or when its reader goes. */
export function leavingOf({ signal }: Request): AbortController {
  const left = new AbortController()
  if (signal.aborted) left.abort()
  signal.addEventListener('abort', () => left.abort(), { once: true })
  return left
}

/** Frames as server-sent events, with a heartbeat while there are none; what goes wrong is an event `error`. */
export function eventStream(frames: AsyncIterable<Frame>, options: EventStreamOptions): Response {
  const { left, requestId, log, heartbeat_ms } = options
  const encoder = new TextEncoder()
  const body = new ReadableStream({
    async start(controller) {
      const send = ([name, data]: Frame): void => {
        if (left.signal.aborted) return
        controller.enqueue(encoder.encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`))
      }
      const beat = setInterval(() => send(['heartbeat', {}]), heartbeat_ms)
      try {
        for await (const frame of frames) send(frame)
      } catch (error) {
        const { body: answer, unexpected } = errorAnswer('UNKNOWN', error, requestId)
        if (unexpected) log.error({ request_id: requestId, err: error }, 'stream failed')
        send(['error', answer])
      } finally {
        clearInterval(beat)
        if (!left.signal.aborted) controller.close()
      }
    },
    cancel() {
      left.abort()
    },
  })
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
  })
}
