import type { OperationEncoder } from '../store/ilp.ts'
import { joinParts } from '../store/slabs.ts'
import { countRows } from '../store/write.ts'
import type { RejectedRow, WriteRows } from '../store/write.ts'
import type { Receive } from './actor.ts'
import { keptLines } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import type { Parsed, Reading } from './messages.ts'

export interface WriterOptions {
  write: WriteRows
  /** Whose bytes these are, and get back once the rows are stored. */
  encoder: Pick<OperationEncoder, 'cut' | 'release'>
  ledger: Ledger
  /** Called for each reading whose rows and ledger row are durable. */
  onFinished: (reading: Reading) => void
}

/** Joins what waits into posts to `operations`; then the refused lines; then, for what is complete, the ledger rows. */
export function createWriter({ write, encoder, ledger, onFinished }: WriterOptions): Receive<Parsed> {
  // One body, one commit: each costs QuestDB some 70 ms for the late rows in it, however few they are.
  async function post(messages: readonly Parsed[]): Promise<void> {
    const rejected: RejectedRow[] = []
    const posted: Uint8Array[] = []
    for (const body of joinParts(messages.map(({ ilp }) => ilp))) {
      for (const { row, reason } of await write(body)) {
        const before = posted.reduce((rows, earlier) => rows + countRows(earlier), 0)
        rejected.push({ row: before + row, reason })
      }
      posted.push(body)
    }
    // From the back, so that the numbers before it stay true.
    for (const row of rejected.toReversed()) setAside(messages, row)
  }

  return async (batch) => {
    encoder.cut()
    await post(batch.filter(({ rows }) => rows > 0))
    for (const { reading, refused } of batch) await ledger.keepRefused(reading, refused)
    const complete = batch
      .filter(({ last, reading }) => last && !reading.abandoned)
      .map(({ reading }) => reading)
    if (complete.length > 0) await ledger.finish(complete)
    complete.forEach(onFinished)
    for (const { ilp } of batch) encoder.release(ilp)
  }
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
    for (let i = 0; i < index; i++) start = parsed.ilp.indexOf(10, start) + 1
    const end = parsed.ilp.indexOf(10, start) + 1
    const excerpt = new TextDecoder().decode(parsed.ilp.subarray(start, Math.min(end, start + 512)))
    parsed.ilp = Buffer.concat([parsed.ilp.subarray(0, start), parsed.ilp.subarray(end)])
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
