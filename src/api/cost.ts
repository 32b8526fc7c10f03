import { costAnswer, costParams } from '../cost/answers.ts'
import { record } from '../schema.ts'
import { defineEndpoints } from './endpoint.ts'
import { answerFormat } from './parameters.ts'

/** Money. */
export const costEndpoints = defineEndpoints({
  'GET /cost': {
    access: 'own_rows',
    summary: 'What the month costs so far and will cost, why, and what would save',
    query: record({ ...costParams, ...answerFormat }),
    answer: costAnswer,
    csv: 'by_day',
  },
})
