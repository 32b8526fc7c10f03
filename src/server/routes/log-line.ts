import { InvalidError } from '../../errors.ts'
import { readLogLine } from '../../log-objects/line.ts'
import type { SourceConfig } from '../../source-config.ts'
import type { Place } from '../../spaces/answers.ts'
import { createSpacesClient } from '../../spaces/client.ts'
import { needLogs } from '../caller.ts'
import type { Turn } from '../caller.ts'
import type { Reader } from '../principal.ts'
import type { Route } from '../router.ts'
import { climbs } from '../storage-reads.ts'

const turn_ms = 100_000

/**
 * `/tools/log-line`: the raw line that a row of `/logs/operations` was made of. The API key reads the operator's own log
 * sources with the operator's own keys.
 */
export function logLineRoutes(route: Route, ownSources: () => readonly SourceConfig[]): void {
  function placesOf({ caller, inTurn }: Reader): (Place & { turn: Turn })[] {
    if (caller) return [{ ...needLogs(caller), turn: caller.turn }]
    return ownSources().map((source) => ({
      ...source,
      turn: (work) =>
        inTurn(() => {
          const client = createSpacesClient(source)
          return work(client, AbortSignal.timeout(turn_ms)).finally(() => client.destroy())
        }),
    }))
  }

  route('GET /tools/log-line', async ({ reader, query: { log_object: key, line_hash } }) => {
    let missing = new InvalidError(
      'Cannot read this log object: its key begins with no log prefix of yours',
      'take log_object and line_hash of a row of /logs/operations; a row of a key that was lent is read with that key',
      'not_found',
    )
    // A row does not say which of the operator's buckets it came from.
    const places = climbs(key) ? [] : placesOf(reader).filter(({ prefix }) => key.startsWith(prefix))
    for (const { bucket, turn } of places) {
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
  })
}
