import { InvalidError, UnavailableError } from '../errors.ts'
import { composeAnswer } from './answer.ts'
import type { Budget } from './budget.ts'
import { createCalls } from './calls.ts'
import type { Calls } from './calls.ts'
import { messagesOf } from './conversations.ts'
import type { Conversations } from './conversations.ts'
import { readChoice, choiceSchema } from './library/choice.ts'
import { nearestOf } from './library/answer.ts'
import type { LibraryEntry } from './library/entry.ts'
import type { FindInLibrary, LibraryMatch } from './library/find.ts'
import { cleanMarkdown, createMarkdownStream } from './markdown.ts'
import type { Message, ToolSpec, Turn, Usage } from './message.ts'
import type { Model, TurnRequest } from './model.ts'
import { fewTools, profileOf, profiles } from './profile.ts'
import type { ProfileName } from './profile.ts'
import { answeredBy, answerNow, asked, choiceOf, circumstances, instructions, sayAgain } from './prompt.ts'
import type { AgentEvent, Ask, Asker, ChatQuestion } from './question.ts'
import type { Tool } from './tool.ts'

export interface AgentOptions {
  model: Model
  /** Default auto: by the name of the model, and small once its endpoint says that a request is too long. */
  profile?: ProfileName
  modelName?: string
  tools: readonly Tool[]
  entries: readonly LibraryEntry[]
  find: FindInLibrary
  budget: Budget
  conversations: Conversations
  maxSteps: number
  now: () => number
  onUnexpected: (error: unknown) => void
  /** Of one question; default two minutes. */
  total_ms?: number
  /** Of all results that the model still sees: the oldest are left out; default: of the profile. */
  results_bytes?: number
}

const callsAtOnce = 8
const repeatsAtMost = 1
/** Steps that found nothing new, after which an answer is asked for. */
const vainSteps = 2

/** Answers with a model and its tools; throws what `Model.turn` throws, and UnavailableError `agent_timeout`. */
export function createAgent(options: AgentOptions): Ask {
  const { model, tools, entries, find, budget, conversations, maxSteps, now, onUnexpected } = options
  const { total_ms = 120_000 } = options
  const { profile: setting = 'auto', modelName = '' } = options
  let profile = profileOf(setting, modelName)
  const callable = entries.map(({ name }) => name)

  async function* answer(
    question: ChatQuestion,
    asker: Asker,
    { signal, late }: { signal: AbortSignal; late: AbortSignal },
  ): AsyncGenerator<AgentEvent, void> {
    const { message, bucket } = question
    const conversation = conversations.open(asker.owner, question.conversation_id)
    const reserve = budget.open(asker.payer, conversation)
    const { matches, isCertain } = await find(question, asker.scope, conversation.turns.at(-1)?.found ?? null)
    const { output_tokens, result_bytes } = profile
    const calls = createCalls({ tools, entries, onUnexpected, result_bytes }, asker, signal)
    const usage: Usage = { input: 0, output: 0 }
    const isSmall = profile.name === 'small'
    const opened = (content: string): Message[] => [
      { role: 'system', content: instructions(profile) },
      ...messagesOf(conversation, profile, circumstances({ now_ms: now(), bucket }), content),
    ]
    let steps = 0

    /** One turn of the model, counted. */
    async function* speak(request: Pick<TurnRequest, 'messages' | 'tools' | 'must' | 'schema'>) {
      steps++
      yield { type: 'status', text: `Asking the model, step ${steps} of at most ${maxSteps}` } as const
      const turn = yield* spoken(model, { ...request, callable, output_tokens, reserve, signal })
      usage.input += turn.usage.input
      usage.output += turn.usage.output
      return turn
    }

    /** What of the library a small model takes for what is asked; it is asked only where the words leave it open. */
    async function* choose(): AsyncGenerator<AgentEvent, LibraryMatch | null> {
      const [first = null] = matches
      if (isCertain || !first) return first
      const content = choiceOf(message, matches)
      const turn = yield* speak({
        messages: opened(content),
        tools: [],
        schema: choiceSchema(matches),
      })
      return readChoice(turn.text, matches)
    }

    /** Asks until there is an answer; null: it came to none. */
    async function* converse(
      messages: Message[],
      offered: readonly Tool[],
    ): AsyncGenerator<AgentEvent, string | null> {
      const specs = offered.map(specOf)
      let unusable = 0
      let vain = 0
      while (steps < maxSteps) {
        const isLast = steps === maxSteps - 1 || vain >= vainSteps
        if (isLast && specs.length > 0 && steps > 0) messages.push({ role: 'user', content: answerNow })
        const isFirst = calls.evidence.length === 0 && vain === 0 && unusable === 0
        const must = isLast || specs.length === 0 ? 'answer' : isFirst ? 'call' : undefined
        const turn = yield* speak({ messages, tools: specs, ...(must && { must }) })
        if (turn.calls.length > 0) {
          if (isLast) return null
          const said = turn.calls
            .slice(0, callsAtOnce)
            .map((call, at) => ({ ...call, id: `${steps}-${at + 1}` }))
          messages.push({ role: 'calls', content: turn.text, calls: said })
          const { results, isNew } = yield* calls.run(said)
          vain = isNew ? 0 : vain + 1
          messages.push(...results.map((result) => ({ role: 'result', ...result }) as const))
          leaveOutOldest(messages, options.results_bytes ?? profile.results_bytes)
        } else if (turn.problem !== null && unusable++ < repeatsAtMost && !isLast) {
          messages.push({ role: 'user', content: sayAgain(turn.problem) })
        } else return turn.text.trim() === '' ? null : turn.text
      }
      return null
    }

    async function* work(): AsyncGenerator<AgentEvent, string | null> {
      if (!isSmall) {
        const content = asked(message, matches, now())
        return yield* converse(opened(content), tools)
      }
      const match = yield* choose()
      if (match) {
        const { tool, given } = match.entry.callOf(match)
        const { results } = yield* calls.run([{ id: `${steps}-1`, name: tool, given }])
        const [result] = results
        const content = answeredBy(message, match.entry.title, result?.content ?? '')
        return yield* converse(opened(content), [])
      }
      const content = asked(message, matches, now())
      return yield* converse(opened(content), fewTools(tools, message, asker.storage !== null))
    }

    let text: string | null = null
    let note = ''
    try {
      text = yield* work()
      if (text === null) note = `The model gave no answer within ${maxSteps} steps. ${standing(calls)}`
    } catch (error) {
      if (calls.evidence.length === 0 || asker.signal.aborted) throw error
      if (late.aborted) note = `The answer took longer than ${total_ms / 1000} seconds. ${standing(calls)}`
      else if (error instanceof UnavailableError) note = `${error.message}. ${standing(calls)}`
      else throw error
    }
    const { evidence, charts } = calls
    const result = composeAnswer({
      text: text ?? '',
      note,
      message,
      bucket,
      evidence,
      charts,
      nearest: matches.map(nearestOf),
      usage: { ...usage, tokens: usage.input + usage.output, steps, cost_usd: budget.cost_usd(usage) },
      conversation_id: conversation.id,
      complete: text !== null,
    })
    conversation.turns.push({
      question: message,
      answer: cleanMarkdown(text ?? ''),
      found: matches[0] ?? null,
      calls: evidence.map(({ tool, arguments: given, row_count, coverage }) => ({
        tool,
        arguments: given,
        row_count,
        window: coverage?.window ?? null,
      })),
    })
    yield { type: 'answer', answer: result }
  }

  return async function* ask(question, asker) {
    const left = new AbortController()
    const late = AbortSignal.timeout(total_ms)
    const signals = { signal: AbortSignal.any([asker.signal, left.signal, late]), late }
    try {
      yield* answer(question, asker, signals)
    } catch (error) {
      if (isTooLong(error) && profile.name === 'large' && setting === 'auto') {
        profile = profiles.small
        yield* answer(question, asker, signals)
        return
      }
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

function specOf({ name, description, parameters }: Tool): ToolSpec {
  return { name, description, parameters: JSON.parse(JSON.stringify(parameters)) }
}

function isTooLong(error: unknown): boolean {
  return error instanceof InvalidError && error.code === 'agent_too_long'
}

function standing({ evidence }: Calls): string {
  return evidence.length === 0 ? 'Nothing was found.' : 'What it found stands below.'
}

/** One turn of the model, with what it says as clean Markdown. */
async function* spoken(model: Model, request: TurnRequest): AsyncGenerator<AgentEvent, Turn> {
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
