import { UnavailableError } from '../errors.ts'
import { composeAnswer } from './answer.ts'
import type { Chart, Evidence } from './answers.ts'
import type { Budget } from './budget.ts'
import { pastMessages } from './conversations.ts'
import type { Conversations } from './conversations.ts'
import { digest } from './digest.ts'
import { createEvidence } from './evidence.ts'
import { cleanMarkdown, createMarkdownStream } from './markdown.ts'
import type { Call, Message, ToolSpec, Turn, Usage } from './message.ts'
import type { Model, TurnRequest } from './model.ts'
import { answerNow, sayAgain, systemPrompt } from './prompt.ts'
import type { AgentEvent, Ask, Asker, ChatQuestion } from './question.ts'
import { callTool } from './tool.ts'
import type { Tool, ToolResult } from './tool.ts'

export interface AgentOptions {
  model: Model
  tools: readonly Tool[]
  budget: Budget
  conversations: Conversations
  maxSteps: number
  now: () => number
  onUnexpected: (error: unknown) => void
  /** Of one question; default two minutes. */
  total_ms?: number
  /** Of one result, to the model. */
  result_bytes?: number
  /** Of all results that the model still sees: the oldest are left out. */
  results_bytes?: number
}

const callsAtOnce = 8
const repeatsAtMost = 1

export function createAgent(options: AgentOptions): Ask {
  const { model, tools, budget, conversations, maxSteps, now, onUnexpected } = options
  const { total_ms = 120_000, result_bytes = 8_192, results_bytes = 65_536 } = options
  const specs: ToolSpec[] = tools.map(({ name, description, parameters }) => ({
    name,
    description,
    parameters: JSON.parse(JSON.stringify(parameters)),
  }))
  const helpers = new Set(tools.filter(({ isHelp }) => isHelp).map(({ name }) => name))

  async function* answer(
    question: ChatQuestion,
    asker: Asker,
    signal: AbortSignal,
  ): AsyncGenerator<AgentEvent, void> {
    const { message, bucket } = question
    const conversation = conversations.open(asker.owner, question.conversation_id)
    const reserve = budget.open(asker.payer, conversation)
    const messages: Message[] = [
      { role: 'system', content: systemPrompt({ now_ms: now(), bucket }) },
      ...pastMessages(conversation),
      { role: 'user', content: message },
    ]
    const evidence: Evidence[] = []
    const charts: Chart[] = []
    const called = new Set<string>()
    const usage: Usage = { input: 0, output: 0 }
    let text = ''
    let steps = 0
    let unusable = 0
    let complete = false

    /** Starts a call, unless it is one that was made before. */
    function start({ name, given }: Call): Promise<ToolResult> {
      const fingerprint = `${name} ${JSON.stringify(sorted(given))}`
      if (given === null)
        return refused('Cannot use the arguments: they are no JSON object', 'write them again')
      if (called.has(fingerprint))
        return refused(
          'Cannot run this call again: it was made before',
          'use its result, or change the arguments',
        )
      called.add(fingerprint)
      const { scope, turns_of, storage } = asker
      const context = { scope, turns_of, storage, signal, evidence: [...evidence] }
      return callTool(tools, { name, given }, context, onUnexpected)
    }

    async function* run(calls: readonly Call[]): AsyncGenerator<AgentEvent, void> {
      const running = calls.map((call) => {
        const started_ms = performance.now()
        const result = start(call).then((found) => ({
          found,
          elapsed_ms: Math.round(performance.now() - started_ms),
        }))
        return { call, result }
      })
      for (const { call } of running)
        yield { type: 'tool_started', id: call.id, tool: call.name, arguments: call.given ?? {} }
      for (const { call, result } of running) {
        const { found, elapsed_ms } = await result
        signal.throwIfAborted()
        let shown: Evidence | null = null
        if (found.ok) {
          const told = { tool: call.name, arguments: call.given ?? {} }
          const isEvidence = !helpers.has(call.name) && !found.chart
          shown = createEvidence(isEvidence ? `e${evidence.length + 1}` : 'none', told, found)
          if (isEvidence) evidence.push(shown)
          if (found.chart) charts.push(found.chart)
        }
        messages.push({ role: 'result', call, content: digest(found, shown, result_bytes) })
        const base = { type: 'tool_finished', id: call.id, tool: call.name, elapsed_ms } as const
        if (!found.ok || !shown) yield { ...base, ok: false, error: found.ok ? '' : found.error }
        else {
          const { row_count, truncated, sql } = shown
          yield { ...base, ok: true, row_count, truncated, ...(sql !== null && { sql }) }
        }
      }
    }

    while (steps < maxSteps && !complete) {
      steps++
      const last = steps === maxSteps
      if (last && steps > 1) messages.push({ role: 'user', content: answerNow })
      yield { type: 'status', text: `Asking the model, step ${steps} of at most ${maxSteps}` }
      const turn = yield* speak(model, { messages, tools: specs, last, reserve, signal })
      usage.input += turn.usage.input
      usage.output += turn.usage.output
      if (turn.calls.length > 0) {
        if (last) break
        const calls = turn.calls
          .slice(0, callsAtOnce)
          .map((call, at) => ({ ...call, id: `${steps}-${at + 1}` }))
        messages.push({ role: 'calls', content: turn.text, calls })
        yield* run(calls)
        leaveOutOldest(messages, results_bytes)
      } else if (turn.problem !== null && unusable++ < repeatsAtMost && !last) {
        messages.push({ role: 'user', content: sayAgain(turn.problem) })
      } else {
        text = turn.text
        complete = text.trim() !== ''
        break
      }
    }
    const note = complete
      ? ''
      : `The model gave no answer within ${maxSteps} steps. What it found stands below.`
    const result = composeAnswer({
      text,
      note,
      message,
      bucket,
      evidence,
      charts,
      nearest: [],
      usage: { ...usage, tokens: usage.input + usage.output, steps, cost_usd: budget.cost_usd(usage) },
      conversation_id: conversation.id,
      complete,
    })
    conversation.turns.push({
      question: message,
      answer: cleanMarkdown(text),
      found: null,
      calls: evidence.map(({ tool, arguments: given, row_count }) => ({ tool, arguments: given, row_count })),
    })
    yield { type: 'answer', answer: result }
  }

  return async function* ask(question, asker) {
    const left = new AbortController()
    const late = AbortSignal.timeout(total_ms)
    try {
      yield* answer(question, asker, AbortSignal.any([asker.signal, left.signal, late]))
    } catch (error) {
      if (!late.aborted || asker.signal.aborted) throw error
      throw new UnavailableError(
        `Cannot answer within ${total_ms / 1000} seconds`,
        'ask for less, or ask again',
        { cause: error, code: 'agent_timeout' },
      )
    } finally {
      left.abort()
    }
  }
}

/** One turn of the model, with what it says as clean Markdown. */
async function* speak(model: Model, request: TurnRequest): AsyncGenerator<AgentEvent, Turn> {
  const clean = createMarkdownStream()
  const turn = model.turn(request)
  const text = (delta: string): AgentEvent[] => (delta === '' ? [] : [{ type: 'text', delta }])
  try {
    for (;;) {
      const next = await turn.next()
      if (!next.done) yield* text(clean.push(next.value))
      else {
        yield* text(clean.end())
        return next.value
      }
    }
  } finally {
    await turn.return({ text: '', calls: [], problem: null, usage: { input: 0, output: 0 } })
  }
}

function leaveOutOldest(messages: Message[], bytes: number): void {
  let left = bytes
  for (const message of messages.toReversed()) {
    if (message.role !== 'result') continue
    left -= message.content.length
    if (left < 0) message.content = '{"note":"left out here: it was shown to you before"}'
  }
}

async function refused(error: string, hint: string): Promise<ToolResult> {
  return { ok: false, code: 'refused', error, hint }
}

/** With the names of objects in order, so that equal arguments are written equally. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  )
}
