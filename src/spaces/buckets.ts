import { ListBucketsCommand } from '@aws-sdk/client-s3'
import { InvalidError } from '../errors.ts'
import type { FoundBucket } from './answers.ts'
import type { SpacesClient } from './client.ts'
import { explainS3 } from './explain.ts'

export interface OwnBucket {
  name: string
  /** ISO 8601; null where the object store does not say. */
  created: string | null
}

/**
 * The buckets of the key's account; null when the key may not list them, as keys for single buckets may not.
 * Throws InvalidError for a wrong key or secret.
 */
async function listBuckets(client: SpacesClient, signal: AbortSignal): Promise<OwnBucket[] | null> {
  const answer = await client
    .send(new ListBucketsCommand({}), { abortSignal: signal })
    .catch((cause: unknown) => {
      const error = explainS3(cause, 'list the buckets of the key')
      if (error instanceof InvalidError && error.code === 'forbidden') return null
      throw error
    })
  if (!answer) return null
  return (answer.Buckets ?? []).flatMap(({ Name, CreationDate }) =>
    Name === undefined ? [] : [{ name: Name, created: CreationDate?.toISOString() ?? null }],
  )
}

/** All buckets of the key or, where it may not list them, those named by the caller and seen in its logs. */
export async function findBuckets(
  client: SpacesClient,
  { named, seen }: { named: readonly string[]; seen: readonly string[] },
  signal: AbortSignal,
): Promise<{ can_list: boolean; buckets: FoundBucket[] }> {
  const own = await listBuckets(client, signal)
  if (own) return { can_list: true, buckets: own.map((bucket) => ({ ...bucket, found_by: 'key' })) }
  const rest = new Map<string, FoundBucket>()
  for (const name of seen) rest.set(name, { name, created: null, found_by: 'logs' })
  for (const name of named) rest.set(name, { name, created: null, found_by: 'request' })
  return { can_list: false, buckets: [...rest.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
}
