import Type from 'typebox'
import { baselineNames, explanation, measureNames } from '../explain/answers.ts'
import { oneOf, orList, record } from '../schema.ts'
import { defineEndpoints } from './endpoint.ts'
import { filterParams } from './parameters.ts'

/** Why a figure changed. */
export const explainEndpoints = defineEndpoints({
  'GET /explain': {
    access: 'own_rows',
    summary:
      'Which values explain why a figure of from..to differs from its baseline; as events where they are accepted',
    query: record({
      ...filterParams,
      measure: Type.Optional(oneOf(measureNames, orList(measureNames))),
      baseline: Type.Optional(
        oneOf(baselineNames, `${orList(baselineNames)}: around it (default), just before, or a week ago`),
      ),
      threshold_ms: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 86_400_000,
          description:
            'a whole number of milliseconds, which slow requests exceed; default: what three of four of the baseline do not',
        }),
      ),
    }),
    answer: explanation,
    media: ['text/event-stream'],
  },
})
