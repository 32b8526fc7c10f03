import { ListMultipartUploadsCommand, paginateListParts } from '@aws-sdk/client-s3'
import type { MultipartUpload } from '@aws-sdk/client-s3'
import { InvalidError } from '../errors.ts'
import type { IncompleteUploads } from './answers.ts'
import type { SpacesClient } from './client.ts'
import { explainS3 } from './explain.ts'
import { decodeKey } from './list.ts'

const pagesAtMost = 5
const measuredAtMost = 100

/** Null when the key may not list them, or the object store has no such thing. */
export async function readIncompleteUploads(
  client: SpacesClient,
  { bucket, prefix, signal }: { bucket: string; prefix: string; signal: AbortSignal },
): Promise<IncompleteUploads | null> {
  const found: MultipartUpload[] = []
  let marker: { KeyMarker?: string; UploadIdMarker?: string } = {}
  let truncated = false
  try {
    for (let pages = 0; ; pages++) {
      truncated = pages === pagesAtMost
      if (truncated) break
      const page = await client.send(
        // A control character in a key is no valid XML: only an encoded listing can hold it.
        new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, EncodingType: 'url', ...marker }),
        { abortSignal: signal },
      )
      const decoded = page.EncodingType === 'url' ? decodeKey : (key: string) => key
      found.push(...(page.Uploads ?? []).map((upload) => ({ ...upload, Key: decoded(upload.Key ?? '') })))
      if (!page.IsTruncated || page.NextKeyMarker === undefined) break
      marker = { KeyMarker: decoded(page.NextKeyMarker), ...uploadMarker(page.NextUploadIdMarker) }
    }
    const measured = found.slice(0, measuredAtMost)
    let bytes = 0
    for (const { Key, UploadId } of measured)
      bytes += await partBytes(client, { bucket, Key, UploadId, signal })
    const begun = found.flatMap(({ Initiated }) => Initiated?.getTime() ?? [])
    const oldest = begun.length > 0 ? new Date(Math.min(...begun)).toISOString() : null
    return { uploads: found.length, bytes, measured: measured.length, oldest, truncated }
  } catch (cause) {
    const { $metadata } = cause as { $metadata?: { httpStatusCode?: number } }
    if ($metadata?.httpStatusCode === 501) return null
    const error = explainS3(cause, `list the incomplete uploads of the bucket ${bucket}`)
    if (error instanceof InvalidError && error.code === 'forbidden') return null
    throw error
  }
}

function uploadMarker(marker: string | undefined): { UploadIdMarker?: string } {
  return marker === undefined ? {} : { UploadIdMarker: marker }
}

async function partBytes(
  client: SpacesClient,
  upload: { bucket: string; Key: string | undefined; UploadId: string | undefined; signal: AbortSignal },
): Promise<number> {
  let bytes = 0
  try {
    const { bucket: Bucket, Key, UploadId } = upload
    for await (const page of paginateListParts(
      { client },
      { Bucket, Key, UploadId },
      { abortSignal: upload.signal },
    ))
      for (const { Size = 0 } of page.Parts ?? []) bytes += Size
  } catch (cause) {
    // It was completed or aborted since it was listed.
    const error = explainS3(cause, 'list the parts of an upload')
    if (!(error instanceof InvalidError && error.code === 'not_found')) throw error
  }
  return bytes
}
