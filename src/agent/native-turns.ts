import type {
  ChatCompletionChunk,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from 'openai/resources/chat/completions'
import { parseObject } from './message.ts'
import type { Call, Message, ToolSpec } from './message.ts'

export function nativeMessages(messages: readonly Message[]): ChatCompletionMessageParam[] {
  return messages.map((message): ChatCompletionMessageParam => {
    if (message.role === 'result')
      return { role: 'tool', tool_call_id: message.call.id, content: message.content }
    if (message.role !== 'calls') return message
    return {
      role: 'assistant',
      content: message.content,
      tool_calls: message.calls.map(({ id, name, given }) => ({
        id,
        type: 'function',
        function: { name, arguments: JSON.stringify(given ?? {}) },
      })),
    }
  })
}

export function nativeTools(tools: readonly ToolSpec[]): ChatCompletionTool[] {
  return tools.map((tool) => ({ type: 'function', function: { ...tool } }))
}

type CallDelta = NonNullable<ChatCompletionChunk.Choice.Delta['tool_calls']>[number]

/** Puts tool calls together that come in pieces. */
export interface CallCollector {
  add(pieces: readonly Partial<CallDelta>[]): void
  /** How many characters the arguments have so far. */
  chars(): number
  result(): Call[]
}

export function collectCalls(): CallCollector {
  const calls = new Map<number, { id: string; name: string; text: string }>()
  let chars = 0
  return {
    add(pieces) {
      for (const { index, id, function: said } of pieces) {
        // Some endpoints number nothing and send each call whole.
        const at = index ?? (id || said?.name ? calls.size : Math.max(0, calls.size - 1))
        const call = calls.get(at) ?? { id: '', name: '', text: '' }
        calls.set(at, call)
        if (id) call.id = id
        if (said?.name) call.name = said.name
        call.text += said?.arguments ?? ''
        chars += said?.arguments?.length ?? 0
      }
    },
    chars: () => chars,
    result: () =>
      [...calls.values()].map(({ id, name, text }, at) => ({
        id: id || `call-${at}`,
        name,
        given: parseObject(text || '{}'),
      })),
  }
}
