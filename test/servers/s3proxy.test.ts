import { expect, test } from 'bun:test'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { startS3Proxy } from '../../src/servers/s3proxy.ts'
import { serverOptions, testS3 } from '../support/servers.ts'

const { endpoint, accessKey, secretKey } = await testS3()

function client(url: string, accessKeyId: string, secretAccessKey: string): S3Client {
  const credentials = { accessKeyId, secretAccessKey }
  return new S3Client({
    endpoint: url,
    credentials,
    region: 'us-east-1',
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
}

test('S3 server keeps objects under any key and refuses a wrong secret', async () => {
  const s3 = client(endpoint, accessKey, secretKey)
  const Bucket = 'servers-keys'
  const keys = ['a b/ü %41 "q".txt', 'plain', 'logs/日本.gz']
  await s3.send(new CreateBucketCommand({ Bucket }))
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(Key) }))
  const listed = await s3.send(new ListObjectsV2Command({ Bucket }))
  expect(listed.Contents?.map(({ Key }) => Key).toSorted()).toEqual(keys.toSorted())
  for (const Key of keys) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
    expect(await Body?.transformToString()).toBe(Key)
  }
  const wrong = client(endpoint, accessKey, 'wrong').send(new ListObjectsV2Command({ Bucket }))
  expect(wrong).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
})

test('S3 server takes any key pair, keeps it private, and its objects outlive it', async () => {
  const options = { ...serverOptions(), accessKey: 'ä key:=#', secretKey: ' \\back\\slash\n' }
  const Bucket = 'kept'
  const first = await startS3Proxy(options)
  await client(first.endpoint, options.accessKey, options.secretKey).send(new CreateBucketCommand({ Bucket }))
  await first.stop()
  expect(statSync(join(options.dataDir, 's3proxy/s3proxy.properties')).mode & 0o777).toBe(0o600)
  using listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  const second = await startS3Proxy({ ...options, port: listener.port })
  expect(new URL(second.endpoint).port).not.toBe(String(listener.port))
  const s3 = client(second.endpoint, options.accessKey, options.secretKey)
  expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0)
  await second.stop()
}, 60_000)
