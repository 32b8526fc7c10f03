import type { Static, TObject } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { editDistance } from '../edit-distance.ts'
import { InvalidError, UnavailableError } from '../errors.ts'
import type { Scope } from '../metrics/filter.ts'
import type { Evidence } from './answers.ts'
import type { Found } from './evidence.ts'
import type { StorageReads } from './storage-reads.ts'

/** For whom a tool runs. Nothing that a model writes can change it. */
export interface ToolContext {
  /** The log sources whose rows may be read; null: all. */
  scope: Scope
  /** Whose turns are counted. */
  turns_of: string
  /** What the caller's own key reads in the object store; null without Spaces credentials. */
  storage: StorageReads | null
  signal: AbortSignal
  /** What this question has found so far. */
  evidence: readonly Evidence[]
}

export type ToolResult =
  ({ ok: true } & Found) | { ok: false; code: string; error: string; hint: string | null }

/** One read-only question that a model may put. `run` gets what `parameters` describes, and throws as the rooms below do. */
export interface Tool {
  name: string
  description: string
  parameters: TObject
  /** Its results say how to ask and are no evidence. */
  isHelp?: true
  run(given: Record<string, unknown>, context: ToolContext): Promise<Found>
}

const problemsAtMost = 8

/** Makes a tool that checks its arguments itself: numbers may come as text, null and an empty text stand for what is left out. */
export function defineTool<Parameters extends TObject>(tool: {
  name: string
  description: string
  parameters: Parameters
  isHelp?: true
  run(given: Static<Parameters>, context: ToolContext): Promise<Found>
}): Tool {
  const schema = Compile(tool.parameters)
  const known = Object.keys(tool.parameters.properties)
  return {
    ...tool,
    run(given, context) {
      const present = Object.fromEntries(
        Object.entries(given).filter(([, value]) => value !== null && value !== ''),
      )
      const converted: unknown = Value.Convert(tool.parameters, present)
      if (schema.Check(converted)) return tool.run(converted, context)
      const unknown = Object.keys(present).filter((name) => !known.includes(name))
      const problems = [
        ...unknown.map((name) => `'${name.slice(0, 60)}' is not known`),
        ...schema
          .Errors(converted)
          .filter(({ keyword }) => keyword !== 'additionalProperties' && keyword !== 'boolean')
          .map(({ instancePath, message }) => `${instancePath.slice(1)} ${message}`.trim()),
      ]
      throw new InvalidError(
        `Cannot use the arguments: ${problems.slice(0, problemsAtMost).join('; ')}`,
        known.length === 0 ? 'leave all arguments out' : `the known ones are ${known.join(', ')}`,
        'invalid_arguments',
      )
    },
  }
}

/** Runs the tool of this name. Never throws: what goes wrong is a result too, and `onUnexpected` is told what nobody expected. */
export async function callTool(
  tools: readonly Tool[],
  { name, given }: { name: string; given: Record<string, unknown> },
  context: ToolContext,
  onUnexpected: (error: unknown) => void,
): Promise<ToolResult> {
  try {
    const tool = tools.find((one) => one.name === name)
    if (!tool) throw unknownTool(tools, name)
    return { ok: true, ...(await tool.run(given, context)) }
  } catch (error) {
    if (error instanceof InvalidError)
      return { ok: false, code: error.code, error: error.message, hint: forTools(error.hint ?? null) }
    if (!(error instanceof UnavailableError)) onUnexpected(error)
    const known = error instanceof UnavailableError && error.code !== 'unavailable'
    return {
      ok: false,
      code: error instanceof UnavailableError ? error.code : 'internal',
      error: known
        ? error.message
        : 'Cannot run the tool: the database is away or something unexpected happened',
      hint: 'say that this could not be read',
    }
  }
}

// Where people are sent to an address, a model has a tool.
const toolsOf: [RegExp, string][] = [
  [/GET \/sql\/schema/g, 'describe_tables'],
  [/GET \/sql\/library/g, 'ask_library'],
  [/GET \/metrics\/catalog/g, 'query_metric'],
  [/GET \/findings/g, 'list_findings'],
  [/POST \/sql/g, 'run_sql'],
]

function forTools(hint: string | null): string | null {
  return toolsOf.reduce<string | null>((text, [address, tool]) => text?.replace(address, tool) ?? null, hint)
}

function unknownTool(tools: readonly Tool[], name: string): InvalidError {
  const names = tools.map((tool) => tool.name)
  const near = names.find((other) => editDistance(name.slice(0, 40), other) <= 3)
  return new InvalidError(
    `Cannot find the tool '${name.slice(0, 40)}'`,
    near ? `did you mean ${near}?` : `the known ones are ${names.join(', ')}`,
    'unknown_tool',
  )
}
