import { Elysia, t } from 'elysia'
import type { AgentEvent, Ask } from '../../agent/agent.ts'
import { InvalidError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { FindAsker } from '../asker.ts'
import { errorAnswer } from '../errors.ts'
import { chatAnswer } from '../openapi/agent-schemas.ts'
import { describe } from '../openapi/describe.ts'
import { only } from '../query-schema.ts'

export interface ChatRoutesOptions {
  findAsker: FindAsker
  /** null: no model is configured. */
  ask: Ask | null
  log: Log
  heartbeat_ms?: number
}

const word = (description: string) => t.Optional(t.String({ maxLength: 1024, description }))
const question = only({
  message: t.String({ minLength: 1, maxLength: 4000, description: 'a question of at most 4000 characters' }),
  conversation_id: t.Optional(
    t.String({ maxLength: 64, description: 'conversation_id of the answer before' }),
  ),
  bucket: t.Optional(t.String({ minLength: 3, maxLength: 63, description: 'the bucket that is looked at' })),
  spaces_key: word('a Spaces access key'),
  spaces_secret: word('the secret of that key'),
  region: word('the region of the buckets'),
  endpoint: word('the address of the object store'),
  log_bucket: word('the bucket that access logs are delivered to'),
  log_prefix: word('what the names of the access-log objects begin with'),
  metrics_bucket: word('the bucket that snapshots are written to'),
  metrics_prefix: word('what the names of the snapshots begin with'),
})

/** `/chat`: one question in words, answered with its evidence; as a stream of events where the caller accepts one. */
export function chatRoutes({ findAsker, ask, log, heartbeat_ms = 10_000 }: ChatRoutesOptions) {
  return new Elysia({ normalize: false }).post(
    '/chat',
    async ({ body, request, server, set }) => {
      server?.timeout(request, 0)
      const { message, conversation_id, bucket, spaces_key: key, spaces_secret: secret, ...places } = body
      const asker = await findAsker(request, { key, secret, ...places })
      if (!ask) throw notConfigured()
      const left = new AbortController()
      request.signal.addEventListener('abort', () => left.abort(), { once: true })
      const events = ask({ message, conversation_id, bucket }, { ...asker, signal: left.signal })
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
    },
    {
      body: question,
      parse: 'json',
      detail: describe('Answers a question in words, with its evidence; as events where they are accepted', {
        json: chatAnswer,
        media: ['text/event-stream'],
        access: 'scope',
        others: [502],
      }),
    },
  )
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

function notConfigured(): InvalidError {
  return new InvalidError(
    'Cannot answer in words: no agent is configured',
    'the operator sets DO_AGENT_URL and DO_AGENT_KEY (see sample.env); /ask answers the questions of the library without an agent',
    'agent_not_configured',
  )
}
