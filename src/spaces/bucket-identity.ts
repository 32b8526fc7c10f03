import { GetBucketAclCommand, ListBucketsCommand } from '@aws-sdk/client-s3'
import { InvalidError } from '../errors.ts'
import type { SpacesClient } from './client.ts'
import { explainS3 } from './explain.ts'

/**
 * Says whose the bucket of this name is, so that a name that is used anew is another bucket: its owner, as the ACL or
 * the list of buckets tells; else its creation date, which AWS moves when a policy changes; else, for a key that may ask
 * for neither, the key itself, which nobody else can have. Throws UnavailableError rather than take a lesser answer.
 */
export async function identifyBucket(
  client: SpacesClient,
  { bucket, key }: { bucket: string; key: string },
  signal: AbortSignal,
): Promise<string> {
  const abort = { abortSignal: signal }
  const acl = await ifPermitted(client.send(new GetBucketAclCommand({ Bucket: bucket }), abort))
  if (acl?.Owner?.ID) return `owner ${acl.Owner.ID}`
  const list = await ifPermitted(client.send(new ListBucketsCommand({}), abort))
  const found = list?.Buckets?.find(({ Name }) => Name === bucket)
  if (found && list?.Owner?.ID) return `owner ${list.Owner.ID}`
  if (found?.CreationDate) return `created ${found.CreationDate.toISOString()}`
  return `key ${key}`
}

async function ifPermitted<T>(answer: Promise<T>): Promise<T | null> {
  return answer.catch((cause: { name?: string; $metadata?: { httpStatusCode?: number } }) => {
    // «Not implemented» is a 501, but asking again will not help.
    if (cause.$metadata?.httpStatusCode === 501) return null
    const error = explainS3(cause, 'ask whose the bucket is')
    if (error instanceof InvalidError && error.code !== 'endpoint_refused') return null
    throw error
  })
}
