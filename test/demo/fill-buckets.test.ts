import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { fillBuckets } from '../../src/demo/fill-buckets.ts'
import { createWorld } from '../../src/demo/world.ts'
import { Secret } from '../../src/secret.ts'
import { createSpacesClient } from '../../src/spaces/client.ts'
import { listObjects } from '../../src/spaces/list.ts'
import { testS3 } from '../support/servers.ts'

setDefaultTimeout(60_000)

const { endpoint, accessKey: key, secretKey } = await testS3()
const client = createSpacesClient({
  endpoint,
  region: 'us-east-1',
  key,
  secret: new Secret(secretKey),
  pathStyle: true,
})
afterAll(() => client.destroy())

test('each bucket of the demo holds what its logs speak of and what nobody reads, and is filled once', async () => {
  const { signal } = new AbortController()
  const places = Object.values(createWorld(1).places)
  for (const { bucket } of places)
    await client.send(new CreateBucketCommand({ Bucket: bucket.name })).catch((error: Error) => {
      if (!error.name.startsWith('BucketAlready')) throw error
    })
  const held = async (bucket: string) =>
    (await Array.fromAsync(listObjects(client, { bucket, prefix: '' }))).flat()
  await fillBuckets(client, 1, signal)
  const once = await Promise.all(places.map(({ bucket }) => held(bucket.name)))
  for (const [index, { keys }] of places.entries()) {
    const objects = once[index] ?? []
    expect(objects).toHaveLength(190)
    const known = new Set(keys.map(({ key }) => key))
    expect(objects.filter(({ key }) => known.has(key))).toHaveLength(150)
    expect(objects.filter(({ key }) => key.startsWith('archive/'))).toHaveLength(40)
    expect(Math.max(...objects.map(({ bytes }) => bytes))).toBeLessThanOrEqual(100_000)
  }
  // Another seed would name other objects.
  await fillBuckets(client, 2, signal)
  expect(await Promise.all(places.map(({ bucket }) => held(bucket.name)))).toEqual(once)
})
