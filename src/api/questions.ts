import Type from 'typebox'
import { chatAnswer } from '../agent/answers.ts'
import { cancelAnswer, maxJsonRows, maxRows, sqlAnswer, sqlSchema, sqlValidity } from '../gate/answers.ts'
import { questionAnswer, questionList } from '../questions/answers.ts'
import { library } from '../questions/library.ts'
import { record } from '../schema.ts'
import { defineEndpoints } from './endpoint.ts'
import { answerFormat, credentialFields, filterParams, windowParams } from './parameters.ts'

const sql = Type.String({
  minLength: 1,
  maxLength: 10_000,
  description: 'one SELECT of at most 10000 characters',
})
const id = Type.String({
  pattern: '^[\\w-]{1,64}$',
  description: 'at most 64 letters, digits, dashes and underscores',
})
const parametersOfQuestions = Object.fromEntries(
  library
    .flatMap(({ parameters }) => parameters)
    .map(({ name, description }) => [name, Type.Optional(Type.String({ maxLength: 2000, description }))]),
)

/** SQL, the questions that have names, and questions in words. */
export const questionEndpoints = defineEndpoints({
  'POST /sql': {
    access: 'own_rows',
    summary: 'Runs one SELECT over the rows of your own log sources',
    body: record({
      sql,
      ...windowParams,
      id: Type.Optional(id),
      ...answerFormat,
      limit: Type.Optional(
        Type.Integer({
          description: `rows at most: 1000 by default, ${maxJsonRows} as JSON, ${maxRows} as CSV`,
        }),
      ),
    }),
    answer: sqlAnswer,
    csv: true,
  },
  'POST /sql/validate': {
    access: 'own_rows',
    summary: 'Checks a SELECT without running it',
    body: record({ sql, ...windowParams }),
    answer: sqlValidity,
  },
  'DELETE /sql/:id': {
    access: 'own_rows',
    summary: 'Ends a running query by the id that it was sent with',
    params: record({ id }),
    answer: cancelAnswer,
  },
  'GET /sql/schema': {
    access: 'own_rows',
    summary: 'The tables and functions that SQL can name, and notes on the dialect',
    answer: sqlSchema,
  },
  'GET /sql/library': {
    access: 'own_rows',
    without_logs: true,
    summary: 'The questions that can be asked by name',
    answer: questionList,
  },
  'GET /ask/:question': {
    access: 'own_rows',
    without_logs: true,
    summary: 'Answers a question of the library',
    params: Type.Object({ question: Type.String({ minLength: 1, maxLength: 100 }) }),
    // Which of them a question knows, it says itself.
    query: Type.Object(
      { ...parametersOfQuestions, ...windowParams, format: filterParams.format },
      { additionalProperties: Type.String() },
    ),
    answer: questionAnswer,
    csv: true,
  },
  'POST /chat': {
    access: 'own_rows',
    without_logs: true,
    summary: 'Answers a question in words, with its evidence; as events where they are accepted',
    body: record({
      message: Type.String({
        minLength: 1,
        maxLength: 4000,
        description: 'a question of at most 4000 characters',
      }),
      conversation_id: Type.Optional(
        Type.String({ maxLength: 64, description: 'conversation_id of the answer before' }),
      ),
      bucket: Type.Optional(
        Type.String({ minLength: 3, maxLength: 63, description: 'the bucket that is looked at' }),
      ),
      zone: Type.Optional(
        Type.String({
          maxLength: 64,
          description: 'whose clocks "today" means, as Europe/Berlin; default UTC',
        }),
      ),
      choose: Type.Optional(
        Type.String({ maxLength: 100, description: 'a name of nearest: what is to answer' }),
      ),
      ...credentialFields,
    }),
    answer: chatAnswer,
    media: ['text/event-stream'],
    others: [502],
  },
  'POST /mcp': {
    access: 'own_rows',
    without_logs: true,
    summary: 'The tools of the agent, by the Model Context Protocol',
    // JSON-RPC 2.0, as the protocol has it.
    answer: Type.Object({
      jsonrpc: Type.Literal('2.0'),
      id: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()])),
    }),
    others: [202, 406, 413, 415],
  },
})
