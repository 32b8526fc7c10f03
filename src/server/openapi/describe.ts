import type { DocumentDecoration, TSchema } from 'elysia'

/** Who may ask: anybody; who has the API key; who has Spaces credentials; or either of the two. */
export type Access = 'open' | 'key' | 'caller' | 'scope'

export interface Answers {
  /** What is answered as JSON. */
  json?: TSchema
  /** `format=csv` is answered as CSV. */
  csv?: true
  /** Other media types that are answered, such as `image/png`. */
  media?: readonly string[]
  /** Where no hook of the route says who may ask. */
  access?: Access
  /** The same answer comes with this status too, as where it tells of a trouble of our own. */
  also?: number
  /** Statuses that no other route knows, whose bodies are another's. */
  others?: readonly number[]
}

/** The detail of a route for the OpenAPI document: one sentence of what it does, and what it answers. */
export function describe(
  summary: string,
  { json, csv, media = [], access, also, others = [] }: Answers,
): DocumentDecoration {
  const text = { schema: { type: 'string' } }
  const content = {
    ...(json && { 'application/json': { schema: json } }),
    ...(csv && { 'text/csv': text }),
    ...Object.fromEntries(media.map((type) => [type, text])),
  }
  const answer = { description: 'The answer', content }
  return {
    summary,
    ...(access && { 'x-access': access }),
    responses: {
      200: answer,
      ...(also !== undefined && { [also]: answer }),
      ...Object.fromEntries(others.map((status) => [status, { description: 'As the protocol has it' }])),
    },
  } as DocumentDecoration
}
