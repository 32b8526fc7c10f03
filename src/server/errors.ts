import type { ErrorAnswer } from '../api/endpoints.ts'
import { InvalidError, UnavailableError } from '../errors.ts'
import { SqlError } from '../gate/sql-error.ts'

export interface AnsweredError {
  status: number
  body: ErrorAnswer
  /** What nobody expected: its text is for the log alone. */
  unexpected: boolean
}

// Codes of InvalidError that are no 400.
const statuses: Record<string, number> = {
  unauthorized: 401,
  bad_credentials: 403,
  forbidden: 403,
  not_found: 404,
  changed: 409,
  cancelled: 409,
  too_many_attempts: 429,
  too_busy: 429,
  too_many_requests: 429,
  agent_budget: 429,
  agent_refused: 502,
  agent_too_long: 502,
  agent_misbehaved: 502,
  length_required: 411,
  too_large: 413,
}
// Of UnavailableErrors these tell what callers may know.
const shownAway = new Set([
  'database_slow',
  'object_store_away',
  'too_many_checks',
  'too_many_drawings',
  'too_many_queries',
  'demo_starting',
  'agent_away',
  'agent_timeout',
])

/** Turns whatever was thrown into an answer; texts of foreign errors never reach the caller. `code` is Elysia's. */
export function errorAnswer(code: string | number, error: unknown, requestId: string): AnsweredError {
  const answer = (
    status: number,
    name: string,
    message: string,
    hint: string | null,
    unexpected = false,
  ): AnsweredError => ({
    status,
    body: { error: { code: name, message, hint, request_id: requestId } },
    unexpected,
  })
  // The metrics' own SQL is never the caller's fault.
  if (error instanceof InvalidError && error.code !== 'bad_query') {
    const usual = error instanceof SqlError ? 'GET /sql/schema tells what can be written' : null
    const refusal = answer(statuses[error.code] ?? 400, error.code, error.message, error.hint ?? usual)
    if (error instanceof SqlError) refusal.body.error.position = error.position
    return refusal
  }
  if (error instanceof UnavailableError && shownAway.has(error.code)) {
    return answer(503, error.code, error.message, error.hint ?? 'try again in a few seconds')
  }
  if (error instanceof UnavailableError) {
    return answer(503, 'unavailable', 'Cannot answer: the database is away', 'try again in a few seconds')
  }
  if (code === 'NOT_FOUND') {
    return answer(
      404,
      'not_found',
      'Cannot find this address',
      'GET /metrics/catalog lists what can be asked',
    )
  }
  if (code === 'METHOD_NOT_ALLOWED') {
    return answer(
      405,
      'method_not_allowed',
      'Cannot do this with this address',
      'use a method that the header Allow names',
    )
  }
  if (code === 'PARSE') {
    return answer(400, 'invalid', 'Cannot read the body: it is no valid JSON', 'send a JSON object')
  }
  if (code === 'VALIDATION') {
    const { message, hint } = describeValidation(error)
    return answer(400, 'invalid_parameter', message, hint)
  }
  return answer(
    500,
    'internal',
    'Cannot answer: something unexpected happened',
    'name the request_id when you report it',
    true,
  )
}

interface Violation {
  path: string
  message: string
  schema: { properties?: object; description?: string }
}

function describeValidation(error: unknown): { message: string; hint: string | null } {
  const [violation] = (error as { all?: Violation[] }).all ?? []
  const name = violation?.path.replace(/^\//, '') ?? ''
  const { properties, description } = violation?.schema ?? {}
  if (properties) {
    return {
      message: `Cannot use the parameter '${name}': it is not known`,
      hint: `the known ones are ${Object.keys(properties).join(', ')}`,
    }
  }
  return { message: `Cannot use the parameter '${name}'`, hint: description ? `write ${description}` : null }
}
