import type { OperationEncoder } from '../store/ilp.ts'
import type { Actor, Receive } from './actor.ts'
import { keptLines } from './ledger.ts'
import type { Fetched, Parsed } from './messages.ts'

/**
 * Turns lines into rows in line protocol, and sets what is no record aside with its reason. Records from before
 * `keptFrom_us` are counted and left out: QuestDB would drop their day as soon as it came.
 */
export function createParser(
  source: string,
  encoder: OperationEncoder,
  writer: Pick<Actor<Parsed>, 'ready' | 'send'>,
  keptFrom_us: () => number = () => 0,
): Receive<Fetched> {
  return async (batch) => {
    for (const { reading, last, ...run } of batch) {
      const { operations: read, refused, blank } = reading.parser.parse(run)
      const from_us = keptFrom_us()
      const operations = read.some(({ ts }) => ts < from_us) ? read.filter(({ ts }) => ts >= from_us) : read
      const room = Math.max(0, keptLines - reading.refused)
      reading.lines += run.lines + run.refused.length
      reading.rows += operations.length
      reading.refused += refused.length + run.refused.length
      reading.blank += blank
      reading.expired += read.length - operations.length
      for (const { ts } of operations) {
        if (reading.oldest_us === null || ts < reading.oldest_us) reading.oldest_us = ts
        if (reading.newest_us === null || ts > reading.newest_us) reading.newest_us = ts
      }
      // What is encoded goes out with what is queued: a message that waits would lie apart from the rest.
      await writer.ready()
      const ilp = encoder.encode(operations, source, reading.object.key)
      await writer.send({
        reading,
        ilp,
        rows: operations.length,
        refused: [...refused, ...run.refused].slice(0, room),
        first_line: run.first_line,
        last,
      })
    }
  }
}
