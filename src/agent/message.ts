/** A call of a tool as the model wrote it; `given` is null where its arguments are no JSON object. */
export interface Call {
  id: string
  name: string
  given: Record<string, unknown> | null
}

/** What is said to and by the model, in the order of the conversation. */
export type Message =
  | { role: 'system' | 'user' | 'assistant'; content: string }
  | { role: 'calls'; content: string; calls: readonly Call[] }
  | { role: 'result'; call: Call; content: string }

export interface ToolSpec {
  name: string
  description: string
  /** JSON Schema. */
  parameters: Record<string, unknown>
}

/** In tokens; estimated where the endpoint does not say. */
export interface Usage {
  input: number
  output: number
}

/** Asks for the tokens of one call of the model before it is made; the result is told what they came to. */
export type Reserve = (most: Usage) => (spent: Usage) => void

/** What the model said in one turn: calls, or else its answer. `problem` says why it can be neither. */
export interface Turn {
  text: string
  calls: Call[]
  problem: string | null
  usage: Usage
}

/** An object, or null for whatever else the text is. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
