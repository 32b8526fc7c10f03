import Type from 'typebox'
import type { AskQuestion } from '../../questions/ask.ts'
import { findQuestion, library } from '../../questions/library.ts'
import { record } from '../../schema.ts'
import { defineTool } from '../tool.ts'
import { windowArguments } from './filters.ts'

/** The titles of the questions are part of its description, so that no model has to ask for them first. */
export function askLibrary(ask: AskQuestion) {
  const { from, to } = windowArguments
  return defineTool({
    name: 'ask_library',
    description: `A ready question, answered with correct SQL; prefer it to SQL of your own. ${library
      .map(({ name, title }) => `${name}: ${title}`)
      .join(' ')}`,
    parameters: record({
      question: Type.String({ maxLength: 60, description: 'a name of the list' }),
      parameters: Type.Optional(
        Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Null()]), {
          description:
            'such as bucket, prefix, key, requester, ip, format, limit; a refusal names those it has',
        }),
      ),
      from,
      to,
    }),
    async run({ question, parameters = {}, ...window }, { scope, turns_of, signal }) {
      const answer = await ask({ question, parameters, ...window, scope, turns_of, signal })
      const { description } = findQuestion(question)
      const { columns, rows, truncated, sql_executed: sql, coverage, title } = answer
      return { columns, rows, truncated, sql, coverage, facts: { title, counts: description } }
    },
  })
}
