import type { LookupFunction } from 'node:net'
import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { InvalidError, UnavailableError } from '../errors.ts'
import type { SourceConfig } from '../source-config.ts'
import { identifyBucket } from './bucket-identity.ts'
import { createSpacesClient } from './client.ts'
import type { SpacesClient } from './client.ts'
import { explainS3 } from './explain.ts'
import { listed } from './list.ts'
import type { ListedObject } from './list.ts'
import { readRange } from './read-range.ts'

/** What one look at a log bucket has shown. */
export interface Look {
  /** Whose the bucket is; null while no object is there that shows whether the key may read. */
  identity: string | null
  /** Objects of the log prefix, which two who look into one bucket at one time both see. */
  objects: string[]
}

export interface LookOptions {
  lookup?: LookupFunction | undefined
  now_ms: number
}

const answerWithin_ms = 10_000
const day_ms = 86_400_000

/**
 * Lists the newest log objects and reads one byte of the newest, as S3 keeps the right to list and the right to read
 * apart. Throws what `explainS3` makes of a refusal, and UnavailableError where nothing is certain.
 */
export async function lookIntoLogBucket(
  config: SourceConfig,
  { lookup, now_ms }: LookOptions,
): Promise<Look> {
  const client = createSpacesClient(config, lookup)
  const signal = AbortSignal.timeout(answerWithin_ms)
  try {
    const page = await listNewest(client, config, now_ms, signal)
    const canRead = await readNewest(client, config, page, signal)
    return {
      identity: canRead ? await identifyBucket(client, config, signal) : null,
      objects: page.map(({ key, etag, modified_ms }) => JSON.stringify([key, etag, modified_ms])),
    }
  } finally {
    client.destroy()
  }
}

/** Names of log objects mostly begin with their date, so that one page from yesterday on mostly holds the newest. */
async function listNewest(
  client: SpacesClient,
  { bucket, prefix }: SourceConfig,
  now_ms: number,
  signal: AbortSignal,
): Promise<ListedObject[]> {
  const yesterday = new Date(now_ms - day_ms).toISOString().slice(0, 10)
  for (const StartAfter of [prefix + yesterday, undefined]) {
    const page = await client
      .send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, StartAfter, EncodingType: 'url' }), {
        abortSignal: signal,
      })
      .catch((cause: unknown) => {
        throw explainS3(cause, `list the bucket ${bucket}`)
      })
    // Not every 200 comes from an object store.
    if (page.Name !== bucket) throw unclear(`list the bucket ${bucket}`, 'the answer is no listing of it')
    const objects = (page.Contents ?? []).map((object) => listed(object, page.EncodingType === 'url'))
    if (objects.some(hasBytes)) return objects
  }
  return []
}

/** False where there is nothing to read. */
async function readNewest(
  client: SpacesClient,
  { bucket }: SourceConfig,
  page: readonly ListedObject[],
  signal: AbortSignal,
): Promise<boolean> {
  const [newest] = page.filter(hasBytes).toSorted((a, b) => b.modified_ms - a.modified_ms)
  if (!newest) return false
  try {
    await readRange(client, bucket, newest, { from: 0, length: 1 }, signal)
    return true
  } catch (error) {
    if (!(error instanceof InvalidError)) throw error
    if (error.code === 'forbidden')
      throw new InvalidError(
        `Cannot read the log bucket ${bucket}: the key may list it, and may not read it (403)`,
        'give it Read on the bucket',
        'forbidden',
        { cause: error },
      )
    if (error.code !== 'not_found' && error.code !== 'changed') throw error
    throw unclear(`read the log bucket ${bucket}`, 'its newest object went while it was looked at')
  }
}

function hasBytes({ bytes }: ListedObject): boolean {
  return bytes > 0
}

function unclear(doing: string, fact: string): UnavailableError {
  return new UnavailableError(`Cannot ${doing}: ${fact}`, undefined, { code: 'object_store_away' })
}
