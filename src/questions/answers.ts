import Type from 'typebox'
import type { Static } from 'typebox'
import { gateFields } from '../gate/answers.ts'
import { coverage } from '../metrics/answers.ts'
import { described, nullable, number, oneOf, record, text } from '../schema.ts'

/** How far back a question looks where nobody says. */
export const lookbacks = ['24h', '48h', '7d', '30d'] as const

const parameter = record({
  name: text,
  type: oneOf(['text', 'integer', 'number', 'choice']),
  default: nullable(Type.Union([Type.String(), Type.Number()], { description: 'null: every value' })),
  description: text,
  choices: Type.Optional(Type.Array(text)),
  minimum: Type.Optional(number),
  maximum: Type.Optional(number),
})

const question = record({
  name: text,
  title: text,
  words: described('what else people say for it, in English and German'),
  description: text,
  category: text,
  window: oneOf(lookbacks, 'how far back it looks unless from says otherwise'),
  parameters: Type.Array(parameter),
  sql: described('with names of parameters in braces; a line whose parameter has no value is left out'),
})
export const questionList = record({ questions: Type.Array(question) })

export const questionAnswer = record({
  question: text,
  title: text,
  sql: described('as POST /sql takes it'),
  ...gateFields,
  coverage,
})
export type QuestionAnswer = Static<typeof questionAnswer>
