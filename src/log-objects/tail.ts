import { InvalidError } from '../errors.ts'
import { printable } from '../logs/printable.ts'
import { redactLine } from '../logs/redact.ts'
import type { SpacesClient } from '../spaces/client.ts'
import { headObject, readRange } from '../spaces/read-range.ts'
import { readObject } from '../spaces/read.ts'
import type { LogTail } from './answers.ts'
import { compressionOf, expand } from './expand.ts'

const tail_bytes = 1 << 20
const line_chars = 8192
// A gzip stream has no middle to begin at: all of it is read for its end.
const gzipAtMost_bytes = 256 << 20

/** Reads the last `lines` lines of a log object, gunzipped where it is gzip, in the memory of a few MiB. */
export async function readLogTail(
  client: SpacesClient,
  { bucket, key, lines, signal }: { bucket: string; key: string; lines: number; signal: AbortSignal },
): Promise<LogTail> {
  const object = await headObject(client, bucket, key, signal)
  const head = await readRange(client, bucket, object, { from: 0, length: 6 }, signal)
  const compression = compressionOf(head)
  const gzip = compression === 'gzip'
  if (gzip && object.bytes > gzipAtMost_bytes) {
    throw new InvalidError(
      `Cannot read the end of ${key}: it is gzip of ${object.bytes} bytes`,
      `read objects of at most ${gzipAtMost_bytes} bytes, or search the rows that were made of it`,
    )
  }
  const from = Math.max(0, object.bytes - tail_bytes)
  const end = compression
    ? await lastBytes(expand(() => readObject(client, bucket, object, signal)))
    : {
        whole: from === 0,
        bytes: await readRange(client, bucket, object, { from, length: tail_bytes }, signal),
      }
  const all = end.bytes.toString().replace(/\n$/, '').split('\n')
  // What stands first is the end of a line that began before.
  const known = end.whole ? all : all.slice(1)
  const shown = end.bytes.length === 0 ? [] : known.slice(-lines)
  return {
    key,
    bytes: object.bytes,
    modified: new Date(object.modified_ms).toISOString(),
    gzip,
    truncated: !end.whole || shown.length < known.length,
    lines: shown.map((line) => printable(redactLine(line.replace(/\r$/, '')).slice(0, line_chars))),
  }
}

async function lastBytes(chunks: AsyncIterable<Uint8Array>): Promise<{ whole: boolean; bytes: Buffer }> {
  let kept: Buffer[] = []
  let size = 0
  let whole = true
  for await (const chunk of chunks) {
    kept.push(Buffer.from(chunk))
    size += chunk.length
    if (size > 4 * tail_bytes) {
      kept = [Buffer.concat(kept).subarray(-tail_bytes)]
      size = tail_bytes
      whole = false
    }
  }
  const bytes = Buffer.concat(kept)
  return bytes.length > tail_bytes ? { whole: false, bytes: bytes.subarray(-tail_bytes) } : { whole, bytes }
}
