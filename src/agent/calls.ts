import type { Chart, Evidence } from './answers.ts'
import { digest } from './digest.ts'
import { createEvidence } from './evidence.ts'
import type { LibraryEntry } from './library/entry.ts'
import type { Call } from './message.ts'
import type { AgentEvent, Asker } from './question.ts'
import { callTool } from './tool.ts'
import type { Tool, ToolResult } from './tool.ts'

export interface CallsOptions {
  tools: readonly Tool[]
  entries: readonly LibraryEntry[]
  onUnexpected: (error: unknown) => void
  /** Of one result, to the model. */
  result_bytes: number
}

/** The calls of one question and what they found. */
export interface Calls {
  evidence: Evidence[]
  charts: Chart[]
  /** Runs calls side by side; gives the results as the model reads them, and whether any of them said something new. */
  run(calls: readonly Call[]): AsyncGenerator<AgentEvent, RunCalls>
}

export interface RunCalls {
  results: { call: Call; content: string }[]
  isNew: boolean
}

interface Running {
  result: Promise<ToolResult>
  /** What it has become, once it was shown. */
  shown: Evidence | null
}

/** A call that was made before gets its earlier result; one that failed may be made again. */
export function createCalls(
  { tools, entries, onUnexpected, result_bytes }: CallsOptions,
  asker: Asker,
  signal: AbortSignal,
): Calls {
  const helpers = new Set(tools.filter(({ isHelp }) => isHelp).map(({ name }) => name))
  const evidence: Evidence[] = []
  const charts: Chart[] = []
  const made = new Map<string, Running>()

  function start({ name, given }: Call): { running: Running; isRepeated: boolean } {
    if (given === null) {
      const error = 'Cannot use the arguments: they are no JSON object'
      const result = { ok: false, code: 'refused', error, hint: 'write them again' } as const
      return { running: { result: Promise.resolve(result), shown: null }, isRepeated: false }
    }
    const fingerprint = `${name} ${JSON.stringify(sorted(given))}`
    const before = made.get(fingerprint)
    if (before) return { running: before, isRepeated: true }
    const { scope, turns_of, storage } = asker
    const context = { scope, turns_of, storage, signal, evidence: [...evidence] }
    const result = callTool(tools, { name, given }, context, onUnexpected)
    const running = { result, shown: null }
    made.set(fingerprint, running)
    void result.then(({ ok }) => ok || made.delete(fingerprint))
    return { running, isRepeated: false }
  }

  return {
    evidence,
    charts,
    async *run(calls) {
      const all = calls.map((said) => {
        const call = { ...said, ...meant(said, tools, entries) }
        const started_ms = performance.now()
        const started = start(call)
        const ended = started.running.result.then(() => Math.round(performance.now() - started_ms))
        return { call, ...started, ended }
      })
      for (const { call } of all)
        yield { type: 'tool_started', id: call.id, tool: call.name, arguments: call.given ?? {} }
      const results: RunCalls['results'] = []
      let isNew = false
      for (const { call, running, isRepeated, ended } of all) {
        const [found, elapsed_ms] = await Promise.all([running.result, ended])
        signal.throwIfAborted()
        if (found.ok && !running.shown) {
          const told = { tool: call.name, arguments: call.given ?? {} }
          const isEvidence = !helpers.has(call.name) && !found.chart
          running.shown = createEvidence(isEvidence ? `e${evidence.length + 1}` : 'none', told, found)
          if (isEvidence) evidence.push(running.shown)
          if (found.chart) charts.push(found.chart)
        }
        isNew ||= found.ok && !isRepeated
        const { shown } = running
        results.push({ call, content: digest(found, shown, result_bytes) })
        const base = { type: 'tool_finished', id: call.id, tool: call.name, elapsed_ms } as const
        if (!found.ok || !shown) yield { ...base, ok: false, error: found.ok ? '' : found.error }
        else {
          const { row_count, truncated, sql } = shown
          yield { ...base, ok: true, row_count, truncated, ...(sql !== null && { sql }) }
        }
      }
      return { results, isNew }
    },
  }
}

/** The call that is meant by one that names something of the library as a tool, or a metric as a question; without marks of proof. */
function meant(
  { name, given }: Call,
  tools: readonly Tool[],
  entries: readonly LibraryEntry[],
): Pick<Call, 'name' | 'given'> {
  const clean = given && unmarked(given)
  const isTool = tools.some((tool) => tool.name === name)
  const asked =
    name === 'ask_library' ? clean?.['question'] : name === 'query_metric' ? clean?.['metric'] : name
  const entry = entries.find((one) => one.name === asked)
  if (!entry || !clean || (isTool && entry.callOf({ parameters: {}, window: null }).tool === name))
    return { name, given: clean }
  const { question: _, metric: __, parameters, from, to, ...rest } = clean
  const { tool, given: values } = entry.callOf({ parameters: {}, window: null })
  const window = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
  const inner = typeof parameters === 'object' && parameters !== null ? parameters : {}
  return {
    name: tool,
    given:
      'parameters' in values
        ? { ...values, parameters: { ...rest, ...inner }, ...window }
        : { ...values, ...rest, ...inner, ...window },
  }
}

function unmarked(given: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(given).replaceAll(' (unproven)', '')) as Record<string, unknown>
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
