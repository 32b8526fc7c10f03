import type { ChatAnswer } from './answers.ts'
import type { ToolContext } from './tool.ts'

/** What happens while a question is answered, in this order; `text` is what the model says, as far as it has come. */
export type AgentEvent =
  | { type: 'status'; text: string }
  | { type: 'tool_started'; id: string; tool: string; arguments: Record<string, unknown> }
  | {
      type: 'tool_finished'
      id: string
      tool: string
      ok: boolean
      elapsed_ms: number
      sql?: string
      row_count?: number
      truncated?: boolean
      error?: string
    }
  | { type: 'text'; delta: string }
  | { type: 'answer'; answer: ChatAnswer }

export interface ChatQuestion {
  message: string
  conversation_id?: string | undefined
  /** What the reader looks at. */
  bucket?: string | undefined
  /** IANA name of the reader's clocks; default UTC. */
  zone?: string | undefined
  /** The name of an entry of the library that is to answer, by the words of the message. */
  choose?: string | undefined
}

/** Who asks. `owner` tells apart who may go on with a conversation, `payer` whose budget it takes. */
export interface Asker extends Omit<ToolContext, 'evidence'> {
  owner: string
  payer: string
}

/**
 * Answers one question; the last event is the answer. Throws what `Model.turn` throws, and UnavailableError
 * `agent_timeout`. A tool that fails is a result and ends nothing. Left by its reader, it stops.
 */
export type Ask = (question: ChatQuestion, asker: Asker) => AsyncGenerator<AgentEvent, void>
