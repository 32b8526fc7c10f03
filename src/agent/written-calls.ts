import { parseObject } from './message.ts'
import type { Call } from './message.ts'

/**
 * The calls that a model wrote out as text: alone, several, in a list, a code fence or tags, with words around them, and
 * without their last braces. `callable` are the names that can be called; what only resembles a call must have one of them.
 */
export function readWrittenCalls(text: string, callable: ReadonlySet<string>): Call[] {
  return objectsIn(text)
    .flatMap(({ value, isWhole }) => callsOf(value).filter((call) => isWhole || callable.has(call.name)))
    .filter(({ isTold, name }) => isTold || callable.has(name))
    .map(({ name, given }, at) => ({ id: `written-${at}`, name, given }))
}

const triesAtMost = 64

interface Found {
  value: Record<string, unknown>
  /** Whether all of its braces were there. */
  isWhole: boolean
}

/** The JSON objects in a text; a last one without its end is ended. */
export function objectsIn(text: string): Found[] {
  const found: Found[] = []
  // Each try reads to the end at worst.
  for (let from = text.indexOf('{'), tried = 0; from !== -1 && tried < triesAtMost; tried++) {
    const { end, missing } = endOf(text, from)
    const written = text.slice(from, end).replace(/```\s*$|<\/tool_call>\s*$/, '')
    const value = parseObject(written + missing)
    if (value) found.push({ value, isWhole: missing === '' })
    from = text.indexOf('{', value ? end : from + 1)
  }
  return found
}

/** Where the object ends that begins at `from`, and what closes it where the text ends before. */
function endOf(text: string, from: number): { end: number; missing: string } {
  const open: string[] = []
  let quoted = false
  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? ''
    if (quoted) {
      if (char === '\\') at++
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = true
    else if (char === '{' || char === '[') open.push(char === '{' ? '}' : ']')
    else if ((char === '}' || char === ']') && open.pop() !== undefined && open.length === 0)
      return { end: at + 1, missing: '' }
  }
  return { end: text.length, missing: quoted ? '"' : open.toReversed().join('') }
}

interface WrittenCall {
  name: string
  given: Call['given']
  /** Whether it says itself that it is a call. */
  isTold: boolean
}

function callsOf(value: Record<string, unknown>): WrittenCall[] {
  const listed = value['calls'] ?? value['tool_calls']
  if (Array.isArray(listed))
    return listed.flatMap((one) => (isObject(one) ? callsOf({ type: 'tool_call', ...one }) : []))
  const named = value['function']
  const said = isObject(named) ? { ...value, ...named } : value
  const { type, tool, name, function: called, tool_name, ...rest } = said
  const told = [tool, name, tool_name, called].find((one) => typeof one === 'string')
  if (typeof told !== 'string' || type === 'final') return []
  const given = ['args', 'arguments', 'parameters', 'input'].find((field) => field in rest)
  const values = given === undefined ? rest : rest[given]
  return [
    {
      name: told,
      given: typeof values === 'string' ? parseObject(values) : isObject(values) ? values : null,
      isTold: given !== undefined || type === 'tool_call',
    },
  ]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
