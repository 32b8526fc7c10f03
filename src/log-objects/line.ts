import { InvalidError } from '../errors.ts'
import { lineHash } from '../logs/line-hash.ts'
import { createLineCutter } from '../logs/lines.ts'
import type { Run } from '../logs/lines.ts'
import { printable } from '../logs/printable.ts'
import { redactLine } from '../logs/redact.ts'
import type { SpacesClient } from '../spaces/client.ts'
import { headObject } from '../spaces/read-range.ts'
import { readObject } from '../spaces/read.ts'
import type { LogLine } from './answers.ts'
import { expand } from './expand.ts'

export interface LogLineOptions {
  bucket: string
  key: string
  /** The column `line_hash` of its row. */
  line_hash: bigint
  signal: AbortSignal
}

/** Finds the line that a row was made of, by its hash: streams the log object until it comes. Throws InvalidError when it is not there. */
export async function readLogLine(
  client: SpacesClient,
  { bucket, key, line_hash, signal }: LogLineOptions,
): Promise<LogLine> {
  const object = await headObject(client, bucket, key, signal)
  const cutter = createLineCutter()
  const among = (runs: readonly Run[]): LogLine | null => {
    for (const run of runs) {
      const found = findLine(run, line_hash)
      if (found) return { key, ...found }
    }
    return null
  }
  for await (const chunk of expand(() => readObject(client, bucket, object, signal))) {
    const found = among(cutter.push(chunk))
    if (found) return found
  }
  const last = among(cutter.end())
  if (last) return last
  throw new InvalidError(
    `Cannot find the line in ${key}: the log object holds it no more`,
    'the log object may have been written anew',
    'not_found',
  )
}

// The hash is that of the bytes without the end of the line, as the parser takes it.
function findLine(
  { bytes, first_line }: Run,
  line_hash: bigint,
): { line_number: number; line: string } | null {
  let line_number = first_line
  for (let from = 0; from < bytes.length; line_number++) {
    const newline = bytes.indexOf(10, from)
    const end = newline === -1 ? bytes.length : newline
    const raw = bytes.subarray(from, end > from && bytes[end - 1] === 13 ? end - 1 : end)
    if (lineHash(raw) === line_hash)
      return { line_number, line: printable(redactLine(new TextDecoder().decode(raw))) }
    from = end + 1
  }
  return null
}
