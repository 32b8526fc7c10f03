import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'
import { createRandom } from './random.ts'
import { createWorld } from './world.ts'
import type { DemoKey, Place } from './world.ts'

const keysOfBucket = 150
const unreadKeys = 40
/** Bodies are a tenth of what the logs say, and no larger than this: the demo is to look like storage, and not to need it. */
const largest_bytes = 100_000
const atOnce = 8

/**
 * Puts objects into the demo's buckets, so that listings have something to show: what the logs speak of most, and some
 * that nobody ever reads. A bucket that holds anything is left as it is.
 */
export async function fillBuckets(client: S3Client, seed: number, signal: AbortSignal): Promise<void> {
  const abort = { abortSignal: signal }
  for (const place of Object.values(createWorld(seed).places)) {
    const Bucket = place.bucket.name
    const held = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 }), abort)
    if ((held.Contents ?? []).length > 0) continue
    const left = objectsOf(place, seed)
    const put = async (): Promise<void> => {
      for (let one = left.pop(); one; one = left.pop()) {
        const Body = Buffer.alloc(Math.min(Math.ceil(one.size / 10), largest_bytes), one.key)
        await client.send(new PutObjectCommand({ Bucket, Key: one.key, Body }), abort)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, put))
  }
}

function objectsOf({ bucket, keys }: Place, seed: number): DemoKey[] {
  const random = createRandom(seed, `unread ${bucket.name}`)
  const unread = Array.from({ length: unreadKeys }, (_, rank) => ({
    key: `archive/${2023 + (rank % 3)}/${random.hex(8)}.tar.gz`,
    size: Math.round(random.around(400_000, 0.8)),
  }))
  // A file system, which the S3 server keeps objects in, takes none of these.
  const plain = keys.filter(({ key }) => !/[\x00-\x1f\\]|\/$|%/.test(key))
  return [...plain.slice(0, keysOfBucket), ...unread]
}
