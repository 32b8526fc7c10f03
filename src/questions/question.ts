import { egressUsdBeyondAllowance } from '../cost/price-list.ts'
import { providers } from '../cost/prices.ts'
import { formatNames } from '../log-formats.ts'
import type { lookbacks } from './answers.ts'

/** A value that an asker may give. Null as default: any, and the line of the SQL that names it is left out. */
export type Parameter = { name: string; description: string } & (
  | { type: 'text'; default: null }
  | { type: 'integer' | 'number'; default: number; minimum: number; maximum: number }
  /** `plain` ones stand in the SQL as they are, as names and numbers do; others as texts. */
  | { type: 'choice'; default: string | null; choices: readonly string[]; plain: boolean }
)

export type Lookback = (typeof lookbacks)[number]

/** A question that SQL answers, by its name, without a model. */
export interface Question {
  /** kebab-case. */
  name: string
  /** As a person would ask it. */
  title: string
  /** What else people say for it, English and German, to be found by. */
  words: string
  /** What the answer counts, and what it leaves out. */
  description: string
  category: string
  window: Lookback
  parameters: readonly Parameter[]
  /** Over the tables of the gate, which adds scope and window. A placeholder is a parameter's name in braces; `{to}` is the end of the window. */
  sql: string
}

/** The questions of one category. */
export function inCategory(category: string, questions: readonly Omit<Question, 'category'>[]): Question[] {
  return questions.map((question) => ({ ...question, category }))
}

const text = (name: string, description: string): Parameter => ({
  name,
  type: 'text',
  default: null,
  description,
})

/** Parameters that many questions have. */
export const bucket = text('bucket', 'only of this bucket')
export const prefix = text('prefix', 'only of objects whose keys begin so')
export const key = text('key', 'only of the object with this key')
export const requester = text('requester', 'only by this requester, as logged')
export const ip = text('ip', 'only by the client with this address')

/** Requests to the origin or to the CDN alone; both are counted apart in any case. */
export const format: Parameter = {
  name: 'format',
  type: 'choice',
  default: null,
  choices: formatNames,
  plain: false,
  description: 's3: only what reached the origin; cdn: only what reached the CDN',
}

const conditions = new Map([
  [prefix, 'starts_with(key, {prefix})'],
  [ip, 'remote_ip = {ip}'],
])

/** Lines of a WHERE that narrow rows to what is given for these parameters. */
export function narrowed(...parameters: Parameter[]): string {
  return parameters
    .map((parameter) => `\n  AND ${conditions.get(parameter) ?? `${parameter.name} = {${parameter.name}}`}`)
    .join('')
}

/** By default what Spaces asks for beyond the allowance; `createAsk` is given what the operator pays. */
export const price: Parameter = {
  name: 'price_per_gib',
  type: 'number',
  default: egressUsdBeyondAllowance(providers.spaces, 2 ** 30) ?? 0,
  minimum: 0,
  maximum: 1000,
  description: 'the price of one GiB of egress',
}

export function integer(name: string, value: number, maximum: number, description: string): Parameter {
  return { name, type: 'integer', default: value, minimum: 1, maximum, description }
}

/** How many rows a question answers; every question has it, and it stands in no SQL. */
export function limit(value: number): Parameter {
  return integer('limit', value, 1000, 'rows at most')
}
