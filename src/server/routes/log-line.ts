import { Elysia, t } from 'elysia'
import { InvalidError } from '../../errors.ts'
import { readLogLine } from '../../pipeline/log-line.ts'
import type { SourceConfig } from '../../source-config.ts'
import { createSpacesClient } from '../../spaces/client.ts'
import type { HasApiKey } from '../auth.ts'
import { needLogs } from '../caller.ts'
import type { Callers, Place, Turn } from '../caller.ts'
import { describe } from '../openapi/describe.ts'
import { logLine } from '../openapi/schemas.ts'
import { only } from '../query-schema.ts'

export interface LogLineRoutesOptions {
  hasApiKey: HasApiKey
  callers: Callers
  /** The operator's log sources, which the API key reads with the operator's own keys. */
  ownSources: () => readonly SourceConfig[]
}

const logObject = t.String({ minLength: 1, maxLength: 1024, description: 'the key of a log object' })
const lineHash = t.String({ pattern: '^-?\\d{1,19}$', description: 'line_hash of a row' })
const silent_seconds = 120
const turn_ms = 100_000

/** `/tools/log-line`: the raw line that a row of `/logs/operations` was made of. */
export function logLineRoutes({ hasApiKey, callers, ownSources }: LogLineRoutesOptions) {
  function turnOf(source: SourceConfig): Turn {
    return (work) =>
      callers.operatorTurn(async () => {
        const client = createSpacesClient(source)
        return work(client, AbortSignal.timeout(turn_ms)).finally(() => client.destroy())
      })
  }

  async function placesOf(request: Request): Promise<(Place & { turn: Turn })[]> {
    if (hasApiKey(request)) return ownSources().map((source) => ({ ...source, turn: turnOf(source) }))
    const caller = await callers.identifyRequest(request)
    return [{ ...needLogs(caller), turn: caller.turn }]
  }

  return new Elysia({ prefix: '/tools' })
    .derive(async function needScope({ request, server }) {
      server?.timeout(request, silent_seconds)
      return { places: await placesOf(request) }
    })
    .get(
      '/log-line',
      async ({ places, query: { log_object: key, line_hash } }) => {
        let missing = new InvalidError(
          'Cannot read this log object: its key begins with no log prefix of yours',
          'take log_object and line_hash of a row of /logs/operations; a row of a key that was lent is read with that key',
          'not_found',
        )
        // A row does not say which of the operator's buckets it came from.
        for (const { bucket, turn } of places.filter(({ prefix }) => key.startsWith(prefix))) {
          try {
            return await turn((client, signal) =>
              readLogLine(client, { bucket, key, line_hash: BigInt(line_hash), signal }),
            )
          } catch (error) {
            if (!(error instanceof InvalidError) || error.code !== 'not_found') throw error
            missing = error
          }
        }
        throw missing
      },
      {
        query: only({ log_object: logObject, line_hash: lineHash }),
        detail: describe('The raw line that a row was made of', { json: logLine }),
      },
    )
}
