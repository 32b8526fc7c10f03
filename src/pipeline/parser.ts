import type { Actor, Receive } from './actor.ts'
import { keptLines } from './ledger.ts'
import type { Fetched, Parsed, Reading } from './messages.ts'
import { everything } from './rows.ts'
import type { Kept, RowMaker, RunRows } from './rows.ts'

/**
 * Turns lines into rows in line protocol, and sets what is no record aside with its reason. Records from before what is
 * kept are counted and left out: QuestDB would drop their day as soon as it came. Those from after it are refused.
 */
export function createParser(
  rowMaker: RowMaker,
  writer: Pick<Actor<Parsed>, 'ready' | 'send'>,
  kept: () => Kept = () => everything,
): Receive<Fetched> {
  return async (batch) => {
    for (const { reading, last, release, ...run } of batch) {
      // What is encoded goes out with what is queued: a message that waits would lie apart from the rest.
      await writer.ready()
      const made = rowMaker.make(run, reading.parser, reading.object.key, kept())
      const refused = [...made.refused, ...run.refused]
      const room = Math.max(0, keptLines - reading.refused)
      count(reading, run.lines + run.refused.length, made, refused.length)
      const { ilp, rows } = made
      const parsed = { reading, ilp, rows, refused: refused.slice(0, room), first_line: run.first_line }
      reading.pending.add(parsed)
      reading.ended = last
      await writer.send(parsed)
      release?.()
    }
  }
}

function count(reading: Reading, lines: number, made: RunRows, refused: number): void {
  reading.lines += lines
  reading.rows += made.rows
  reading.refused += refused
  reading.blank += made.blank
  reading.expired += made.expired
  const { oldest_us, newest_us } = made
  if (oldest_us !== null) reading.oldest_us = Math.min(reading.oldest_us ?? oldest_us, oldest_us)
  if (newest_us !== null) reading.newest_us = Math.max(reading.newest_us ?? newest_us, newest_us)
}
