import Type from 'typebox'
import {
  findingAnswer,
  findingList,
  findingSeverities,
  findingStates,
  markStates,
} from '../findings/answers.ts'
import { oneOf, orList, record } from '../schema.ts'
import { defineEndpoints } from './endpoint.ts'
import { filterParams, limitParam, lookbackParam } from './parameters.ts'

const several = (known: readonly string[]) =>
  Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: `${orList(known)}, with commas between them` }),
  )
const id = record({
  id: Type.String({ pattern: '^[0-9a-f]{20}-[0-9a-z]{1,8}$', description: 'id of a finding' }),
})

/** What is wrong, dangerous or costly, found unasked. */
export const findingEndpoints = defineEndpoints({
  'GET /findings': {
    access: 'own_rows',
    summary: 'What detectors found in closed time, what was seen last first',
    query: record({
      ...lookbackParam,
      state: several(findingStates),
      severity: several(findingSeverities),
      detector: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 500,
          description: 'names of detectors, with commas between them',
        }),
      ),
      bucket: filterParams.bucket,
      ...limitParam,
    }),
    answer: findingList,
  },
  'GET /findings/:id': {
    access: 'own_rows',
    summary: 'One finding with its evidence, what to do about it, and its history',
    params: id,
    answer: findingAnswer,
  },
  'POST /findings/:id/mark': {
    access: 'own_rows',
    summary: 'Acknowledges a finding, mutes it until a moment, or takes either back',
    params: id,
    body: record({
      state: oneOf(markStates, orList(markStates)),
      note: Type.Optional(Type.String({ maxLength: 1000, description: 'why; a mute needs one' })),
      until: Type.Optional(Type.String({ format: 'date-time', description: 'when a mute ends' })),
    }),
    answer: findingAnswer,
  },
})
