import { t } from 'elysia'
import { listOf, nullable } from './schemas.ts'
import { sqlAnswer } from './sql-schemas.ts'

const text = t.String()

export const questionList = listOf(
  'questions',
  t.Object({
    name: text,
    title: text,
    description: text,
    category: text,
    window: t.String({ description: 'how far back it looks unless from says otherwise' }),
    parameters: t.Array(
      t.Object({
        name: text,
        type: t.String({ description: 'text, integer, number or choice' }),
        default: nullable(t.Union([t.String(), t.Number()], { description: 'null: every value' })),
        description: text,
        choices: t.Optional(t.Array(text)),
        minimum: t.Optional(t.Number()),
        maximum: t.Optional(t.Number()),
      }),
    ),
    sql: t.String({
      description: 'with names of parameters in braces; a line whose parameter has no value is left out',
    }),
  }),
)

export const questionAnswer = t.Composite([
  t.Object({ question: text, title: text, sql: t.String({ description: 'as POST /sql takes it' }) }),
  sqlAnswer,
])
