import { ListObjectsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import type { S3Client, _Object } from '@aws-sdk/client-s3'
import { explainS3 } from './explain.ts'

/** One object of a listing. */
export interface ListedObject {
  key: string
  /** Without its quotes; changes with the content. */
  etag: string
  bytes: number
  modified_ms: number
}

export interface ListOptions {
  bucket: string
  prefix: string
  /** Only keys after this one, in the order of their bytes. */
  after?: string
  /** 1 to 1000, which is the default. */
  pageSize?: number
  signal?: AbortSignal
}

/**
 * Lists a prefix in key order, a page of at most 1,000 objects at a time.
 * Where a truncated V2 page comes without a continuation token, as Spaces may answer, it goes on with V1 and Marker.
 */
export async function* listObjects(client: S3Client, options: ListOptions): AsyncGenerator<ListedObject[]> {
  const { bucket, prefix, pageSize, signal } = options
  // A control character in a key is no valid XML: only an encoded listing can hold it.
  const common = { Bucket: bucket, Prefix: prefix, MaxKeys: pageSize, EncodingType: 'url' as const }
  const abort = signal ? { abortSignal: signal } : {}
  const refuse = (cause: unknown): never => {
    throw explainS3(cause, `list the bucket ${bucket}`)
  }
  let after = options.after
  let token: string | undefined
  let version: 1 | 2 = 2
  for (;;) {
    const page =
      version === 2
        ? await client
            .send(
              new ListObjectsV2Command({
                ...common,
                ...(token ? { ContinuationToken: token } : { StartAfter: after }),
              }),
              abort,
            )
            .catch(refuse)
        : await client.send(new ListObjectsCommand({ ...common, Marker: after }), abort).catch(refuse)
    const objects = (page.Contents ?? []).map((object) => listed(object, page.EncodingType === 'url'))
    yield objects
    if (!page.IsTruncated) return
    token = 'NextContinuationToken' in page ? page.NextContinuationToken : undefined
    if (token !== undefined) continue
    const last = objects.at(-1)
    if (last === undefined) return
    after = last.key
    version = 1
  }
}

/** One object of a page; `encoded`: the listing was asked for with `EncodingType: url`. */
export function listed(
  { Key = '', ETag = '', Size = 0, LastModified }: _Object,
  encoded: boolean,
): ListedObject {
  return {
    key: encoded ? decodeKey(Key) : Key,
    etag: ETag.replaceAll('"', ''),
    bytes: Size,
    modified_ms: LastModified?.getTime() ?? 0,
  }
}

/** A key of an encoded listing as it is. */
export function decodeKey(key: string): string {
  if (!/[%+]/.test(key)) return key
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch {
    return key
  }
}
