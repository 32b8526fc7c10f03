import { UnavailableError } from '../errors.ts'
import type { QuestDBAddress } from './address.ts'
import { callQuestDB } from './http.ts'

/** A row that QuestDB will never take: which of the body it was (from 0), and why. */
export interface RejectedRow {
  row: number
  reason: string
}

/**
 * Posts whole lines of line protocol, all of one table; gives the rows that QuestDB rejects. All others are durable
 * when it resolves. Sending the same again is safe, as DEDUP makes it one row.
 * Throws UnavailableError while QuestDB is away, or lacks the table or a column: nothing is lost, try again.
 */
export type WriteRows = (body: Uint8Array<ArrayBuffer>) => Promise<RejectedRow[]>

export function createWriteRows(address: QuestDBAddress, timeout_ms = 60_000): WriteRows {
  async function post(body: Uint8Array<ArrayBuffer>): Promise<string | null> {
    const response = await callQuestDB(address, '/write?precision=us', { body, timeout_ms })
    const answer = await response.text()
    if (response.status !== 400) return null
    const reason = /"message":"([^]*?)(?:","line"|"\s*[,}])/.exec(answer)?.[1] ?? answer.slice(0, 300)
    if (/does not exist|suspended|is not a WAL table/.test(reason)) {
      throw new UnavailableError(
        `Cannot write to QuestDB: ${reason}`,
        'restart SpaceWatch so that it migrates',
      )
    }
    return reason.replace(/^failed to parse line protocol:errors encountered on line\(s\):\\n/, '')
  }

  // A 400 refuses the whole body for one row: halves find it in 2 log2(n) posts, whatever the message says.
  async function bisect(
    body: Uint8Array<ArrayBuffer>,
    firstRow: number,
    found: RejectedRow[],
  ): Promise<void> {
    const reason = await post(body)
    if (reason === null) return
    const middle = rowEndNear(body, body.length >> 1)
    if (middle === body.length) {
      found.push({ row: firstRow, reason })
      return
    }
    const head = body.slice(0, middle)
    await bisect(head, firstRow, found)
    await bisect(body.slice(middle), firstRow + countLines(head), found)
  }

  return async (body) => {
    const found: RejectedRow[] = []
    if (body.length > 0) await bisect(body, 0, found)
    return found
  }
}

/** Where a row ends: after the first newline from `offset` on, else after the last one before it. */
function rowEndNear(body: Uint8Array, offset: number): number {
  const after = body.indexOf(10, offset) + 1
  if (after > 0 && after < body.length) return after
  const before = body.lastIndexOf(10, offset - 1) + 1
  return before > 0 ? before : body.length
}

/** The rows of a body of line protocol: each ends in a newline, and no value holds one. */
export function countLines(body: Uint8Array): number {
  let rows = 0
  for (let at = body.indexOf(10); at >= 0; at = body.indexOf(10, at + 1)) rows++
  return rows
}
