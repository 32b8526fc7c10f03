import { ApiError } from '../api.ts'

/** One event of a stream. */
export interface ServerEvent {
  name: string
  data: unknown
}

/** Reads the events of a response as they come; what is no JSON is left out. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent, void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      rest += decoder.decode(value, { stream: true })
      for (let end = endOf(rest); end; end = endOf(rest)) {
        const event = parseEvent(rest.slice(0, end.index))
        rest = rest.slice(end.index + end[0].length)
        if (event) yield event
      }
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

function endOf(text: string): RegExpExecArray | null {
  return /\r?\n\r?\n/.exec(text)
}

function parseEvent(block: string): ServerEvent | null {
  let name = 'message'
  const data: string[] = []
  for (const line of block.split(/\r?\n/)) {
    const [, field, value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? []
    if (field === 'event') name = value
    if (field === 'data') data.push(value)
  }
  try {
    return { name, data: JSON.parse(data.join('\n')) }
  } catch {
    return null
  }
}

/** The error that an event tells. */
export function errorIn(data: unknown): ApiError {
  const { error = {} } = data as { error?: Record<string, string | null> }
  const { code, message, hint = null, request_id = null } = error
  return new ApiError(0, code ?? 'unknown', message ?? 'The answer broke off', hint, request_id)
}
