import Type from 'typebox'
import type { Static } from 'typebox'
import { described, nullable, record, text, count } from '../schema.ts'
import { costEndpoints } from './cost.ts'
import { explainEndpoints } from './explain.ts'
import { findingEndpoints } from './findings.ts'
import { metricEndpoints } from './metrics.ts'
import { ownEndpoints } from './own.ts'
import { questionEndpoints } from './questions.ts'
import { storageEndpoints } from './storage.ts'

/** The whole HTTP API. */
export const endpoints = {
  ...ownEndpoints,
  ...metricEndpoints,
  ...questionEndpoints,
  ...explainEndpoints,
  ...findingEndpoints,
  ...costEndpoints,
  ...storageEndpoints,
}
export type Endpoints = typeof endpoints
export type EndpointName = keyof Endpoints

/** The one shape of every error. */
export const errorAnswer = record({
  error: record({
    code: described('the word for it that programs go by'),
    message: text,
    hint: nullable(described('what to do next')),
    request_id: text,
    position: Type.Optional(
      nullable(record({ offset: count, line: count, column: count }, 'where in the SQL')),
    ),
  }),
})
export type ErrorAnswer = Static<typeof errorAnswer>
