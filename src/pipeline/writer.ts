import { joinParts } from '../store/slabs.ts'
import { countRows } from '../store/write.ts'
import type { RejectedRow, WriteRows } from '../store/write.ts'
import type { Receive } from './actor.ts'
import { keptLines } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import type { Parsed, Reading } from './messages.ts'

export interface WriterOptions {
  write: WriteRows
  /** Gives the bytes of stored rows back to their encoder. */
  release: (ilp: Uint8Array<ArrayBuffer>) => void
  ledger: Ledger
  /** Called for each reading whose rows and ledger row are durable. */
  onFinished: (reading: Reading) => void
}

/** How many posts are under way at once: QuestDB parses a second body while it commits the first. */
const connections = 2
const fewRows = 20_000

/** Joins what waits into posts to `operations`; then the refused lines; then, for what is complete, the ledger rows. */
export function createWriter({ write, release, ledger, onFinished }: WriterOptions): Receive<Parsed> {
  async function post(share: readonly Parsed[]): Promise<void> {
    const rejected: RejectedRow[] = []
    let posted = 0
    for (const body of joinParts(share.map(({ ilp }) => ilp))) {
      for (const { row, reason } of await write(body)) rejected.push({ row: posted + row, reason })
      posted += countRows(body)
    }
    // From the back, so that the numbers before it stay true.
    for (const row of rejected.toReversed()) setAside(share, row)
  }

  return async (batch) => {
    await Promise.all(shares(batch).map(post))
    for (const { reading, refused } of batch) await ledger.keepRefused(reading, refused)
    const complete = batch
      .filter(({ last, reading }) => last && !reading.abandoned)
      .map(({ reading }) => reading)
    if (complete.length > 0) await ledger.finish(complete)
    complete.forEach(onFinished)
    for (const { ilp } of batch) release(ilp)
  }
}

/** Cuts a batch into as many shares as there are connections, of about as many rows each. */
function shares(batch: readonly Parsed[]): Parsed[][] {
  const rows = batch.reduce((sum, parsed) => sum + parsed.rows, 0)
  const perShare = Math.max(fewRows, Math.ceil(rows / connections))
  const found: Parsed[][] = []
  let room = 0
  for (const parsed of batch) {
    if (parsed.rows === 0) continue
    if (room <= 0) {
      found.push([])
      room = perShare
    }
    found.at(-1)?.push(parsed)
    room -= parsed.rows
  }
  return found
}

// The row leaves its message, so that the batch can be sent again without counting it twice.
function setAside(share: readonly Parsed[], { row, reason }: RejectedRow): void {
  let index = row
  for (const parsed of share) {
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
