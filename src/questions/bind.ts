import { InvalidError } from '../errors.ts'
import { printable } from '../logs/printable.ts'
import { text, timestamp } from '../store/sql.ts'
import type { Parameter, Question } from './question.ts'

/** Values by parameter; null, undefined and an empty text stand for what is not given. */
export type Given = Readonly<Record<string, string | number | null | undefined>>

/** A question ready for the gate. */
export interface BoundQuestion {
  sql: string
  /** Rows at most. */
  limit: number
}

const longestText = 1024

/**
 * Puts values into the SQL of a question: numbers checked, texts quoted, names from fixed choices. A line whose parameter
 * has no value is left out. Throws InvalidError for an unknown parameter and for what is no value of one.
 */
export function bind({ name, parameters, sql }: Question, given: Given, to_ms: number): BoundQuestion {
  const unknown = Object.keys(given).find((word) => !parameters.some((parameter) => parameter.name === word))
  if (unknown !== undefined)
    throw new InvalidError(
      `Cannot ask ${name} with the parameter '${shown(unknown)}': it is not known`,
      `the known ones are ${parameters.map((parameter) => parameter.name).join(', ')}, from and to`,
      'invalid_parameter',
    )
  const literals = new Map(
    parameters.map((parameter) => [parameter.name, literalOf(parameter, given[parameter.name])]),
  )
  literals.set('to', `cast(${timestamp(to_ms)} AS timestamp)`)
  const lines = sql
    .split('\n')
    .filter((line) => placeholders(line).every((word) => literals.get(word) !== null))
  return {
    sql: lines.join('\n').replace(/\{(\w+)\}/g, (_, word: string) => literals.get(word) ?? ''),
    limit: Number(literals.get('limit')),
  }
}

/** The parameters that a SQL text names. */
export function placeholders(sql: string): string[] {
  return [...sql.matchAll(/\{(\w+)\}/g)].map(([, word = '']) => word)
}

/** A value as it stands in the SQL; null where there is none. */
function literalOf(parameter: Parameter, given: Given[string]): string | null {
  const value = given ?? ''
  if (value === '') return parameter.default === null ? null : literalOf(parameter, parameter.default)
  const word = String(value)
  const refuse = (hint: string): InvalidError =>
    new InvalidError(`Cannot use ${parameter.name} '${shown(word)}'`, hint, 'invalid_parameter')
  if (parameter.type === 'text') {
    if (word.length > longestText) throw refuse(`write at most ${longestText} characters`)
    // As it is stored, where no text holds control characters.
    return text(printable(word))
  }
  if (parameter.type === 'choice') {
    if (!parameter.choices.includes(word)) throw refuse(`write one of ${parameter.choices.join(', ')}`)
    return parameter.plain ? word : text(word)
  }
  const { type, minimum, maximum } = parameter
  const pattern = type === 'integer' ? /^\d{1,9}$/ : /^\d{1,9}(\.\d{1,6})?$/
  if (pattern.test(word) && Number(word) >= minimum && Number(word) <= maximum) return word
  throw refuse(`write a ${type === 'integer' ? 'whole number' : 'number'} from ${minimum} to ${maximum}`)
}

function shown(word: string): string {
  return printable(word).slice(0, 60)
}
