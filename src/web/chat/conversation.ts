import { signal } from '@preact/signals'
import { ApiError, ask, askFor, asApiError } from '../api.ts'
import type { AnswerTo } from '../api.ts'
import type { Question } from '../library.ts'
import { errorIn, readEvents } from './sse.ts'

/** What the model answers, or the library without one. */
export type ChatAnswer = Pick<AnswerTo<'POST /chat'>, 'answer'> &
  Partial<Omit<AnswerTo<'POST /chat'>, 'evidence'>> & { evidence?: Evidence[] }
/** A result that an answer rests on. */
export type Evidence = Omit<AnswerTo<'POST /chat'>['evidence'][number], 'facts' | 'totals'>

/** A call of a tool, as far as it has come. */
export interface ToolStep {
  id: string
  tool: string
  arguments: Record<string, unknown>
  state: 'running' | 'good' | 'bad'
  row_count?: number
  truncated?: boolean
  elapsed_ms?: number
  error?: string
}

/** A question with what came of it. */
export interface Exchange {
  id: number
  question: string
  status: string
  steps: ToolStep[]
  /** What the model has said so far. */
  text: string
  answer: ChatAnswer | null
  error: ApiError | null
  state: 'running' | 'done' | 'stopped' | 'failed'
}

/** All that was asked since the page was loaded, or since it was begun anew. */
export const exchanges = signal<Exchange[]>([])

let running: AbortController | null = null
let last_id = 0

function change(id: number, by: (exchange: Exchange) => Partial<Exchange>): void {
  exchanges.value = exchanges.value.map((one) => (one.id === id ? { ...one, ...by(one) } : one))
}

function begin(question: string): { id: number; signal: AbortSignal } {
  running?.abort()
  running = new AbortController()
  const id = ++last_id
  const fresh: Exchange = {
    id,
    question,
    status: 'Thinking',
    steps: [],
    text: '',
    answer: null,
    error: null,
    state: 'running',
  }
  exchanges.value = [...exchanges.value, fresh]
  return { id, signal: running.signal }
}

async function follow(id: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    await work()
    change(id, ({ state, error }) => ({
      state: error ? 'failed' : state === 'running' ? 'done' : state,
      status: '',
    }))
  } catch (cause) {
    if (signal.aborted) return
    change(id, () => ({ error: asApiError(cause), state: 'failed', status: '' }))
  }
}

/** Asks in words: of the model, or of the library, of which `choose` names what is meant. */
export async function askInWords(message: string, choose?: string): Promise<void> {
  const conversation_id = exchanges.value.findLast(({ answer }) => answer?.conversation_id)?.answer
    ?.conversation_id
  const { id, signal } = begin(message)
  await follow(id, signal, async () => {
    const { timeZone: zone } = Intl.DateTimeFormat().resolvedOptions()
    const body = { message, zone, ...(conversation_id && { conversation_id }), ...(choose && { choose }) }
    const headers = { accept: 'text/event-stream' }
    const response = await askFor('POST /chat', { body, headers, signal })
    if (!response.body) throw new ApiError(0, 'network', 'The answer has no body', null, null)
    for await (const { name, data } of readEvents(response.body)) take(id, name, data)
  })
}

/** Asks a question of the library: no model has a part in it. */
export async function askLibrary({ name, title }: Question): Promise<void> {
  const { id, signal } = begin(title)
  await follow(id, signal, async () => {
    const found = await ask('GET /ask/:question', { params: { question: name }, signal })
    const { columns, rows, row_count, truncated, coverage = null } = found
    const evidence: Evidence = {
      id: 'E1',
      tool: `library: ${name}`,
      arguments: {},
      sql: found.sql ?? found.sql_executed,
      columns,
      rows,
      row_count,
      truncated,
      coverage,
    }
    const text =
      row_count === 0
        ? 'Nothing was found in this window.'
        : `${row_count === 1 ? 'One row' : `${row_count} rows`}${truncated ? ', cut' : ''}, from the library.`
    change(id, () => ({ answer: { answer: text, evidence: [evidence], coverage } }))
  })
}

export function stop(): void {
  running?.abort()
  exchanges.value = exchanges.value.map((one) =>
    one.state === 'running' ? { ...one, state: 'stopped', status: '' } : one,
  )
}

export function beginAnew(): void {
  stop()
  exchanges.value = []
}

interface ToolEvent {
  id: string
  tool: string
  arguments?: Record<string, unknown>
  ok?: boolean
  row_count?: number
  truncated?: boolean
  elapsed_ms?: number
  error?: string
}

function take(id: number, name: string, data: unknown): void {
  if (name === 'status') change(id, () => ({ status: String((data as { text?: unknown }).text ?? '') }))
  if (name === 'text')
    change(id, ({ text }) => ({ text: text + String((data as { delta?: unknown }).delta ?? '') }))
  if (name === 'answer') change(id, () => ({ answer: data as ChatAnswer }))
  if (name === 'tool_started') {
    const { id: step, tool, arguments: given = {} } = data as ToolEvent
    // What the model said before it looked something up is no part of the answer.
    change(id, ({ steps }) => ({
      text: '',
      steps: [...steps, { id: step, tool, arguments: given, state: 'running' }],
    }))
  }
  if (name === 'tool_finished') {
    const { id: step, ok, arguments: _, tool: __, ...rest } = data as ToolEvent
    change(id, ({ steps }) => ({
      steps: steps.map((one) => (one.id === step ? { ...one, ...rest, state: ok ? 'good' : 'bad' } : one)),
    }))
  }
  if (name === 'error') change(id, () => ({ error: errorIn(data) }))
}
