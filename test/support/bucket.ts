import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { Secret } from '../../src/secret.ts'
import type { SourceConfig } from '../../src/source-config.ts'
import { createSpacesClient } from '../../src/spaces/client.ts'
import type { SpacesClient } from '../../src/spaces/client.ts'
import { testS3 } from './servers.ts'

/** A new, empty bucket on the test S3 server. */
export interface TestBucket {
  bucket: string
  client: SpacesClient
  /** As a log source with this prefix. */
  source(prefix?: string, endpoint?: string): SourceConfig
  put(key: string, body: string | Uint8Array): Promise<void>
  /** Puts many, a few at a time. */
  putAll(objects: Iterable<[key: string, body: string | Uint8Array]>): Promise<void>
  remove(key: string): Promise<void>
}

let made = 0

export async function testBucket(): Promise<TestBucket> {
  const { endpoint, accessKey, secretKey } = await testS3()
  const bucket = `bucket-${process.pid}-${made++}`
  const access = { region: 'us-east-1', key: accessKey, secret: new Secret(secretKey), pathStyle: true }
  const client = createSpacesClient({ endpoint, ...access })
  await client.send(new CreateBucketCommand({ Bucket: bucket }))

  async function put(key: string, body: string | Uint8Array): Promise<void> {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
  }
  return {
    bucket,
    client,
    source: (prefix = '', at = endpoint) => ({ endpoint: at, ...access, bucket, prefix }),
    put,
    async putAll(objects) {
      const left = [...objects]
      const work = async (): Promise<void> => {
        for (let one = left.shift(); one; one = left.shift()) await put(...one)
      }
      await Promise.all(Array.from({ length: 10 }, work))
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
    },
  }
}
