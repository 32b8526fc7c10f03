import { composeAnswer } from '../answer.ts'
import type { Evidence, Nearest } from '../answers.ts'
import type { Conversations } from '../conversations.ts'
import { createEvidence } from '../evidence.ts'
import type { Ask } from '../question.ts'
import { callTool } from '../tool.ts'
import type { Tool } from '../tool.ts'
import type { FindInLibrary, LibraryMatch } from './find.ts'
import { failedText, foundText, uncertainText } from './words.ts'

export interface LibraryAnswersOptions {
  find: FindInLibrary
  tools: readonly Tool[]
  conversations: Conversations
  onUnexpected: (error: unknown) => void
}

const nothingUsed = { input: 0, output: 0, tokens: 0, steps: 0, cost_usd: 0 }

/** Answers from the library where it is certain what is asked, or where that is chosen; else names what is nearest. No model is asked. */
export function createLibraryAnswers({
  find,
  tools,
  conversations,
  onUnexpected,
}: LibraryAnswersOptions): Ask {
  return async function* ask(question, asker) {
    const { message, bucket } = question
    const conversation = conversations.open(asker.owner, question.conversation_id)
    yield { type: 'status', text: 'Searching the library' }
    const found = await find(question, asker.scope, conversation.turns.at(-1)?.found ?? null)
    const [best = null] = found.matches
    const match = found.isCertain ? best : null
    const evidence: Evidence[] = []
    let note = uncertainText(found)
    if (match) {
      const { tool, given } = match.entry.callOf(match)
      const { scope, turns_of, storage, signal } = asker
      yield { type: 'tool_started', id: '1-1', tool, arguments: given }
      const started_ms = performance.now()
      const context = { scope, turns_of, storage, signal, evidence }
      const result = await callTool(tools, { name: tool, given }, context, onUnexpected)
      signal.throwIfAborted()
      const base = { type: 'tool_finished', id: '1-1', tool } as const
      const elapsed_ms = Math.round(performance.now() - started_ms)
      if (result.ok) {
        const shown = createEvidence('e1', { tool, arguments: given }, result)
        evidence.push(shown)
        const { row_count, truncated, sql } = shown
        yield { ...base, ok: true, elapsed_ms, row_count, truncated, ...(sql !== null && { sql }) }
        note = foundText(match, shown)
      } else {
        yield { ...base, ok: false, elapsed_ms, error: result.error }
        note = failedText(match, result)
      }
    }
    yield { type: 'text', delta: note }
    const calls = evidence.map(({ tool, arguments: given, row_count, coverage }) => ({
      tool,
      arguments: given,
      row_count,
      window: coverage?.window ?? null,
    }))
    conversation.turns.push({ question: message, answer: '', calls, found: best })
    const answer = composeAnswer({
      text: '',
      note,
      message,
      bucket,
      evidence,
      charts: [],
      nearest: found.matches.map(nearestOf),
      usage: nothingUsed,
      conversation_id: conversation.id,
      complete: true,
    })
    yield { type: 'answer', answer }
  }
}

/** A match as it is shown to the reader. */
export function nearestOf({ entry: { name, title, category }, parameters, window }: LibraryMatch): Nearest {
  return {
    name,
    title,
    category,
    parameters: { ...parameters },
    from: window?.from ?? null,
    to: window?.to ?? null,
  }
}
