import type { Static, TObject, TSchema } from 'typebox'

/**
 * Who may ask. `open`: anybody. `api_key`: the operator. `own_rows`: the operator, and whoever has proven a log bucket, of
 * whose rows it answers. `storage`: whoever has Spaces credentials, which ask the object store. `credentials`: the same,
 * but the credentials are the question. `session`: anybody; it begins, tells or ends a session.
 */
export const accesses = ['open', 'api_key', 'own_rows', 'storage', 'credentials', 'session'] as const
export type Access = (typeof accesses)[number]

/** What both sides of one address know of it. */
export interface Endpoint {
  access: Access
  /** One sentence of what it does. */
  summary: string
  /** Asked for without a log bucket too: there are no rows then. */
  without_logs?: true
  query?: TObject
  params?: TObject
  body?: TObject
  /** What is answered as JSON. */
  answer?: TSchema
  /** What of the answer `format=csv` gives: `true` for an answer that is a table, else the name of a table or list in it. */
  csv?: string | true
  /** Other media types that are answered, such as `image/png`. */
  media?: readonly string[]
  /** The same answer comes with this status too, as where it tells of a trouble of our own. */
  also?: number
  /** Statuses that no other endpoint knows, whose bodies are another's. */
  others?: readonly number[]
}

/** By method and path: `GET /metrics/catalog`. */
export function defineEndpoints<const All extends Record<string, Endpoint>>(all: All): All {
  return all
}

type Of<Schema> = Schema extends TSchema ? Static<Schema> : Record<never, never>
export type QueryOf<Given> = Given extends { query: infer Schema } ? Of<Schema> : Record<never, never>
export type ParamsOf<Given> = Given extends { params: infer Schema } ? Of<Schema> : Record<never, never>
export type BodyOf<Given> = Given extends { body: infer Schema } ? Of<Schema> : undefined
export type AnswerOf<Given> = Given extends { answer: infer Schema } ? Of<Schema> : undefined
