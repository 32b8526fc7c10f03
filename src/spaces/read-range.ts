import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3'
import type { SpacesClient } from './client.ts'
import { explainS3 } from './explain.ts'
import type { ListedObject } from './list.ts'

/** What a listing would say of one object. Throws InvalidError `not_found` or `forbidden`. */
export async function headObject(
  client: SpacesClient,
  bucket: string,
  key: string,
  signal: AbortSignal,
): Promise<ListedObject> {
  const {
    ContentLength = 0,
    ETag = '',
    LastModified,
  } = await client
    .send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal })
    .catch((cause: unknown) => {
      throw explainS3(cause, `read ${bucket}/${key}`)
    })
  const modified_ms = LastModified?.getTime() ?? 0
  return { key, etag: ETag.replaceAll('"', ''), bytes: ContentLength, modified_ms }
}

/** The bytes `[from, from + length)` of this version of an object, or fewer where it ends. */
export async function readRange(
  client: SpacesClient,
  bucket: string,
  { key, etag, bytes }: ListedObject,
  { from, length }: { from: number; length: number },
  signal: AbortSignal,
): Promise<Buffer> {
  const to = Math.min(from + length, bytes)
  if (from >= to) return Buffer.alloc(0)
  const parts: Uint8Array[] = []
  try {
    const { Body, ContentRange } = await client.send(
      new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        IfMatch: `"${etag}"`,
        Range: `bytes=${from}-${to - 1}`,
      }),
      { abortSignal: signal },
    )
    // Not every server heeds Range: without ContentRange it starts at the first byte.
    let at = ContentRange === undefined ? 0 : from
    for await (const chunk of (Body ?? []) as AsyncIterable<Uint8Array>) {
      parts.push(chunk.subarray(Math.max(0, from - at), Math.max(0, to - at)))
      at += chunk.length
      if (at >= to) break
    }
  } catch (cause) {
    throw explainS3(cause, `read ${bucket}/${key}`)
  }
  return Buffer.concat(parts)
}
