import type { RowBuffer } from '../store/ilp.ts'
import { countLines } from '../store/write.ts'
import type { RejectedRow, WriteRows } from '../store/write.ts'
import type { Receive } from './actor.ts'
import { keptLines } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import type { Parsed, Reading } from './messages.ts'

export interface WriterOptions {
  write: WriteRows
  /** Where the rows of the messages lie. */
  rows: Pick<RowBuffer, 'take'>
  ledger: Ledger
  /** Called for each reading whose rows and ledger row are durable. */
  onFinished: (reading: Reading) => void
}

/**
 * Joins what waits into posts to `operations`; then the refused lines; then, for what is complete, the ledger rows. Several
 * batches may be under way at once.
 */
export function createWriter({ write, rows, ledger, onFinished }: WriterOptions): Receive<Parsed> {
  // One body, one commit: each costs QuestDB some 70 ms for the late rows in it, however few they are.
  async function post(
    messages: readonly Parsed[],
    bodies: readonly Uint8Array<ArrayBuffer>[],
  ): Promise<void> {
    const rejected: RejectedRow[] = []
    const posted: Uint8Array[] = []
    for (const body of bodies) {
      for (const { row, reason } of await write(body)) {
        const before = posted.reduce((rows, earlier) => rows + countLines(earlier), 0)
        rejected.push({ row: before + row, reason })
      }
      posted.push(body)
    }
    // From the back, so that the numbers before it stay true.
    for (const row of rejected.toReversed()) setAside(messages, row)
  }

  async function enter(batch: readonly Parsed[]): Promise<void> {
    for (const { reading, refused } of batch) await ledger.keepRefused(reading, refused)
    for (const message of batch) message.reading.pending.delete(message)
    const complete = new Set(batch.map(({ reading }) => reading).filter(isComplete))
    if (complete.size > 0) await ledger.finish([...complete])
    for (const reading of complete) {
      // A batch that comes again may meet what another one is finishing.
      if (reading.finished) continue
      reading.finished = true
      onFinished(reading)
    }
  }

  return (batch) => {
    const messages = batch.filter(({ rows: count }) => count > 0)
    return rows.take(
      messages.map(({ ilp }) => ilp),
      async (bodies) => {
        await post(messages, bodies)
        await enter(batch)
      },
    )
  }
}

/** Everything of it is durable but its ledger row, whichever of the batches under way came last. */
function isComplete({ pending, ended, abandoned, finished }: Reading): boolean {
  return pending.size === 0 && ended && !abandoned && !finished
}

// The row leaves its message, so that the batch can be sent again without counting it twice.
function setAside(messages: readonly Parsed[], { row, reason }: RejectedRow): void {
  let index = row
  for (const parsed of messages) {
    if (index >= parsed.rows) {
      index -= parsed.rows
      continue
    }
    let start = 0
    for (let i = 0; i < index; i++) start = parsed.ilp.bytes.indexOf(10, start) + 1
    const end = parsed.ilp.bytes.indexOf(10, start) + 1
    const excerpt = new TextDecoder().decode(parsed.ilp.bytes.subarray(start, Math.min(end, start + 512)))
    parsed.ilp.bytes = Buffer.concat([parsed.ilp.bytes.subarray(0, start), parsed.ilp.bytes.subarray(end)])
    parsed.rows--
    parsed.reading.rows--
    parsed.reading.refused++
    if (parsed.reading.refused > keptLines) return
    let line = parsed.first_line + index
    // Near enough: blank lines are not known here.
    for (const refusal of parsed.refused) if (refusal.line <= line) line++
    parsed.refused.push({ line, reason: 'refused by QuestDB', excerpt: `${reason} ${excerpt}` })
    return
  }
}
