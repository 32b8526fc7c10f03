import type { TObject, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { InvalidError } from '../errors.ts'

/** Checks what was sent; throws InvalidError that names the parameter and says what to write. */
export type ReadParameters = (sent: Record<string, unknown>) => Record<string, unknown>

export function createReadParameters(schema: TObject): ReadParameters {
  const {
    properties,
    required = [],
    additionalProperties,
  } = schema as TObject & {
    required?: string[]
    additionalProperties?: unknown
  }
  const checks = new Map(Object.entries(properties).map(([name, one]) => [name, Compile(one as TSchema)]))
  return (sent) => {
    const read: Record<string, unknown> = Object.create(null)
    for (const [name, value] of Object.entries(sent)) {
      const check = checks.get(name)
      if (!check) {
        if (additionalProperties === false) throw unknownParameter(name, Object.keys(properties))
        if (typeof value !== 'string') throw unusable(name, 'a text')
        read[name] = value
        continue
      }
      if (value === undefined) continue
      const given = numberOf(value, properties[name])
      if (!check.Check(given)) throw unusable(name, describedBy(properties[name]))
      read[name] = given
    }
    const missing = required.find((name) => read[name] === undefined)
    if (missing !== undefined) throw missingParameter(missing, describedBy(properties[missing]))
    return read
  }
}

/** The query of an address: each parameter once. */
export function queryOf(url: string): Record<string, string> {
  // Without a prototype, which a name could mean.
  const query: Record<string, string> = Object.create(null)
  for (const [name, value] of new URL(url).searchParams) {
    if (Object.hasOwn(query, name))
      throw new InvalidError(
        `Cannot use the parameter '${shown(name)}': it is given twice`,
        'give it once',
        'invalid_parameter',
      )
    query[name] = value
  }
  return query
}

/** A text that stands for a number, in a query or a path. */
function numberOf(value: unknown, schema: TSchema | undefined): unknown {
  const type = (schema as { type?: string } | undefined)?.type
  if (typeof value !== 'string' || (type !== 'integer' && type !== 'number')) return value
  return /^-?\d{1,15}(\.\d{1,9})?$/.test(value) ? Number(value) : value
}

function describedBy(schema: TSchema | undefined): string | null {
  return (schema as { description?: string } | undefined)?.description ?? null
}

function unknownParameter(name: string, known: readonly string[]): InvalidError {
  return new InvalidError(
    `Cannot use the parameter '${shown(name)}': it is not known`,
    known.length === 0 ? 'leave it out' : `the known ones are ${known.join(', ')}`,
    'invalid_parameter',
  )
}

function unusable(name: string, wanted: string | null): InvalidError {
  return new InvalidError(
    `Cannot use the parameter '${shown(name)}'`,
    wanted === null ? undefined : `write ${wanted}`,
    'invalid_parameter',
  )
}

function missingParameter(name: string, wanted: string | null): InvalidError {
  return new InvalidError(
    `Cannot answer without the parameter '${name}'`,
    wanted === null ? undefined : `write ${wanted}`,
    'invalid_parameter',
  )
}

function shown(name: string): string {
  return name.slice(0, 60)
}
