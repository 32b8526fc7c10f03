import { Elysia, t } from 'elysia'
import { InvalidError } from '../../errors.ts'
import { readLogLine } from '../../pipeline/log-line.ts'
import { needLogs, requireCaller } from '../caller.ts'
import type { Callers } from '../caller.ts'
import { describe } from '../openapi/describe.ts'
import { logLine } from '../openapi/schemas.ts'
import { only } from '../query-schema.ts'

const logObject = t.String({ minLength: 1, maxLength: 1024, description: 'the key of a log object' })
const lineHash = t.String({ pattern: '^-?\\d{1,19}$', description: 'line_hash of a row' })

/** `/tools/log-line`: the raw line that a row of `/logs/operations` was made of. */
export function logLineRoutes({ callers }: { callers: Callers }) {
  return new Elysia({ prefix: '/tools' }).use(requireCaller(callers)).get(
    '/log-line',
    ({ caller, query }) =>
      caller.turn((client, signal) => {
        const { bucket, prefix } = needLogs(caller)
        if (!query.log_object.startsWith(prefix)) {
          throw new InvalidError(
            'Cannot read this log object: its key does not begin with the log prefix',
            'take log_object and line_hash of a row of /logs/operations',
            'not_found',
          )
        }
        return readLogLine(client, {
          bucket,
          key: query.log_object,
          line_hash: BigInt(query.line_hash),
          signal,
        })
      }),
    {
      query: only({ log_object: logObject, line_hash: lineHash }),
      detail: describe('The raw line that a row was made of', { json: logLine }),
    },
  )
}
