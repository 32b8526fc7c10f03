import { GetObjectCommand } from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'
import { UnavailableError } from '../errors.ts'
import { explainS3 } from './explain.ts'
import type { ListedObject } from './list.ts'

const resumes = 5

/**
 * Streams one object's bytes as stored, in bounded memory. A connection that breaks or ends early is taken up again
 * where it stopped, of the same version (If-Match); after five breaks without a new byte it throws UnavailableError.
 * Throws InvalidError `not_found` or `changed` when the object is no longer the one that was listed.
 */
export async function* readObject(
  client: S3Client,
  bucket: string,
  { key, etag, bytes }: ListedObject,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const doing = `read ${bucket}/${key}`
  let offset = 0
  let breaks = 0
  while (offset < bytes) {
    const before = offset
    let failure = new UnavailableError(`Cannot ${doing}: it ended early, at byte ${offset} of ${bytes}`)
    try {
      const range = offset > 0 ? { Range: `bytes=${offset}-` } : {}
      const { Body, ContentRange } = await client.send(
        new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: `"${etag}"`, ...range }),
        { abortSignal: signal },
      )
      // Not every server heeds Range: without ContentRange it starts at the first byte again.
      let at = ContentRange === undefined ? 0 : offset
      for await (const chunk of (Body ?? []) as AsyncIterable<Uint8Array>) {
        signal.throwIfAborted()
        const fresh = chunk.subarray(Math.max(0, offset - at))
        at += chunk.length
        offset += fresh.length
        if (fresh.length > 0) yield fresh
      }
    } catch (cause) {
      signal.throwIfAborted()
      const error = explainS3(cause, doing)
      if (!(error instanceof UnavailableError)) throw error
      failure = error
    }
    breaks = offset > before ? 0 : breaks + 1
    if (breaks > resumes) throw failure
  }
}
