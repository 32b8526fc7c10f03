import type { OperationEncoder } from '../store/ilp.ts'
import type { Actor, Receive } from './actor.ts'
import { keptLines } from './ledger.ts'
import type { Fetched, Parsed } from './messages.ts'

/** Turns lines into rows in line protocol, and sets what is no record aside with its reason. */
export function createParser(
  source: string,
  encoder: OperationEncoder,
  writer: Pick<Actor<Parsed>, 'ready' | 'send'>,
): Receive<Fetched> {
  return async (batch) => {
    for (const { reading, last, ...run } of batch) {
      const { operations, refused, blank } = reading.parser.parse(run)
      const room = Math.max(0, keptLines - reading.refused)
      reading.lines += run.lines + run.refused.length
      reading.rows += operations.length
      reading.refused += refused.length + run.refused.length
      reading.blank += blank
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
