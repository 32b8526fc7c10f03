import type { LibraryMatch } from './library/find.ts'
import type { Message } from './message.ts'
import type { Profile } from './profile.ts'

export interface PastCall {
  tool: string
  arguments: Record<string, unknown>
  row_count: number
  window: { from: string; to: string } | null
}

export interface PastTurn {
  question: string
  answer: string
  calls: PastCall[]
  /** The nearest of the library, for a question that only changes its window. */
  found: LibraryMatch | null
}

export interface Conversation {
  id: string
  turns: PastTurn[]
  /** Used so far. */
  tokens: number
}

/** What was said before, in memory, for as long as it is used. */
export interface Conversations {
  /** Goes on with a conversation of this owner; any other id begins a new one. */
  open(owner: string, id: string | undefined): Conversation
}

export interface ConversationsOptions {
  /** After the last question. */
  ttl_ms: number
  /** The one that was used longest ago goes first. */
  atMost: number
  now: () => number
}

export function createConversations({ ttl_ms, atMost, now }: ConversationsOptions): Conversations {
  const all = new Map<string, { owner: string; used_ms: number; conversation: Conversation }>()
  return {
    open(owner, id) {
      for (const [old, { used_ms }] of all) {
        if (used_ms > now() - ttl_ms && all.size < atMost) break
        all.delete(old)
      }
      const known = id === undefined ? undefined : all.get(id)
      const conversation: Conversation =
        known?.owner === owner ? known.conversation : { id: crypto.randomUUID(), turns: [], tokens: 0 }
      all.delete(conversation.id)
      all.set(conversation.id, { owner, used_ms: now(), conversation })
      return conversation
    },
  }
}

const digestTurns = 12
const arguments_chars = 400

/**
 * The conversation as the model reads it, up to what is asked: the last turns with what was called, those before by their
 * questions alone. What holds for all of it stands first.
 */
export function messagesOf(
  { turns }: Conversation,
  { wholeTurns, answer_chars }: Pick<Profile, 'wholeTurns' | 'answer_chars'>,
  circumstances: string,
  asked: string,
): Message[] {
  const before = turns.slice(-digestTurns - wholeTurns, -wholeTurns)
  const earlier = before.map(({ question }) => JSON.stringify(question.slice(0, 200))).join('; ')
  const past = turns.slice(-wholeTurns).flatMap(({ question, answer, calls }): [string, string][] => {
    const called = calls.map(({ tool, arguments: given, row_count, window }) => {
      const span = window ? ` from ${window.from} to ${window.to}` : ''
      return `${tool}(${JSON.stringify(given).slice(0, arguments_chars)})${span} gave ${row_count} rows`
    })
    const note = called.length === 0 ? '' : `(called: ${called.join('; ')})`
    const said = [answer.slice(0, answer_chars), note].filter(Boolean).join('\n')
    return [[question, said || 'I found nothing.']]
  })
  const first = earlier ? `${circumstances} Asked earlier: ${earlier}` : circumstances
  const questions = [...past.map(([question]) => question), asked]
  return questions.flatMap((question, at): Message[] => {
    const answer = past[at]?.[1]
    const content = at === 0 ? `${first}\n\n${question}` : question
    return [
      { role: 'user', content },
      ...(answer === undefined ? [] : [{ role: 'assistant', content: answer } as const]),
    ]
  })
}
