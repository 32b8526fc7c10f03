import { Elysia, t } from 'elysia'
import type { AskQuestion } from '../../questions/ask.ts'
import { library } from '../../questions/library.ts'
import type { FindAsker } from '../asker.ts'
import { tableAnswer } from '../list-answer.ts'
import { describe } from '../openapi/describe.ts'
import { questionAnswer, questionList } from '../openapi/question-schemas.ts'
import { filterParams, only, readFormat } from '../query-schema.ts'

export interface QuestionRoutesOptions {
  findAsker: FindAsker
  askQuestion: AskQuestion
}

// Longer than a query may take.
const silent_seconds = 60

const { from, to, format } = filterParams
const longest = 2000
const all = new Map(
  library.flatMap(({ parameters }) => parameters.map((parameter) => [parameter.name, parameter])),
)
const own = [...all.values()].map(({ name, description }) => [
  name,
  t.Optional(t.String({ maxLength: longest, description })),
])

/** `/sql/library`, the questions that SQL of ours answers by name, and `/ask/:question`, the answer to one. */
export function questionRoutes({ findAsker, askQuestion }: QuestionRoutesOptions) {
  return new Elysia({ normalize: false })
    .derive(async function needScope({ request, server }) {
      server?.timeout(request, silent_seconds)
      return { asker: await findAsker(request) }
    })
    .get('/sql/library', () => ({ questions }), {
      query: only({}),
      detail: describe('The questions that can be asked by name', { json: questionList }),
    })
    .get(
      '/ask/:question',
      async ({ params: { question }, query, asker: { scope, name }, request: { signal } }) => {
        const { filters, csv } = readFormat(query)
        const { from, to, ...parameters } = filters
        return tableAnswer(await askQuestion({ question, parameters, from, to, scope, name, signal }), csv)
      },
      {
        // Which of them a question knows, it says itself.
        query: t.Object(
          { ...Object.fromEntries(own), from, to, format },
          { additionalProperties: t.String() },
        ),
        detail: describe('Answers a question of the library', { json: questionAnswer, csv: true }),
      },
    )
}

const questions = library.map(({ parameters, ...question }) => ({
  ...question,
  parameters: parameters.map((parameter) => {
    if (parameter.type !== 'choice') return parameter
    const { plain: _, ...shown } = parameter
    return shown
  }),
}))
