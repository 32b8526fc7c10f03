import { afterAll, expect, test } from 'bun:test'
import { GetObjectCommand, ListObjectsV2Command, type PutObjectCommand } from '@aws-sdk/client-s3'
import { fillDemo, MANIFEST_KEY, type FillOptions } from '../../src/demo/fill.ts'
import { keepDelivering } from '../../src/demo/keep-delivering.ts'
import { Secret } from '../../src/secret.ts'
import { createSpacesClient } from '../../src/spaces/client.ts'
import { testS3 } from '../support/servers.ts'
import { until } from '../support/until.ts'
import { textOf } from './demo-week.ts'

const { endpoint, accessKey, secretKey } = await testS3()
const client = createSpacesClient({
  endpoint,
  region: 'sgp1',
  key: accessKey,
  secret: new Secret(secretKey),
  pathStyle: true,
})
afterAll(() => client.destroy())
const now_ms = Date.UTC(2026, 7, 28, 10)
const prefix = 'access-logs/'

function options(bucket: string, change: Partial<FillOptions> = {}): FillOptions {
  return { client, bucket, prefix, seed: 3, now_ms, days: 1, lines: 1500, ...change }
}

async function read(bucket: string) {
  const objects = new Map<string, string>()
  for (let ContinuationToken: string | undefined; ;) {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(ContinuationToken && { ContinuationToken }),
      }),
    )
    for (const { Key = '' } of page.Contents ?? []) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }))
      objects.set(Key, textOf({ body: (await Body?.transformToByteArray()) ?? new Uint8Array() }))
    }
    ContinuationToken = page.NextContinuationToken
    if (!page.IsTruncated) return objects
  }
}
const countLines = (objects: Map<string, string>) =>
  [...objects.values()].reduce((sum, text) => sum + text.split('\n').length - 1, 0)

test('fill puts every line into the bucket, and tells the truth about them', async () => {
  const progress: number[] = []
  const manifest = await fillDemo(options('demo-fill', { onProgress: ({ lines }) => progress.push(lines) }))
  const objects = await read('demo-fill')
  expect(countLines(objects)).toBe(1500)
  expect(progress.at(-1)).toBe(1500)
  expect(progress.length).toBe(objects.size)
  expect(manifest.totals?.lines.lines).toBe(1500)
  expect(manifest).toMatchObject({ to_ms: now_ms, delivered_until_ms: now_ms })
}, 60_000)

test('a second fill at the same moment writes no log object', async () => {
  const first = await fillDemo(options('demo-again'))
  const progress: number[] = []
  const second = await fillDemo(options('demo-again', { onProgress: ({ lines }) => progress.push(lines) }))
  expect(progress).toEqual([])
  expect(second).toEqual(first)
}, 60_000)

test('a later fill adds only the time since, at the same pace', async () => {
  const first = await fillDemo(options('demo-later'))
  const before = await read('demo-later')
  const later = await fillDemo(options('demo-later', { now_ms: now_ms + 6 * 3_600_000 }))
  const after = await read('demo-later')
  for (const [key, text] of before) expect(after.get(key)).toBe(text)
  expect(countLines(after) - countLines(before)).toBe(375)
  expect(later.totals).toEqual(first.totals)
  expect(later.delivered_until_ms).toBe(now_ms + 6 * 3_600_000)
  for (const [key, text] of after)
    if (!before.has(key)) expect(text).toMatch(/\[28\/Aug\/2026:1|2026-08-28\t1|\n1[\d:]+\t2026-08-28/)
}, 60_000)

test('a fill that was broken off goes on with the same objects', async () => {
  const stop = new AbortController()
  const broken = fillDemo(
    options('demo-broken', {
      signal: stop.signal,
      onProgress: ({ objects }) => objects === 20 && stop.abort(),
    }),
  )
  await expect(broken).rejects.toThrow('aborted')
  await fillDemo(options('demo-broken', { now_ms: now_ms + 1000 }))
  await fillDemo(options('demo-whole'))
  expect(await read('demo-broken')).toEqual(await read('demo-whole'))
}, 60_000)

test('fill refuses an empty prefix and reports a server that is away', async () => {
  await expect(fillDemo(options('demo-none', { prefix: '' }))).rejects.toThrow('without a prefix')
  const away = createSpacesClient({
    endpoint: 'http://127.0.0.1:1',
    region: 'sgp1',
    key: 'k',
    secret: new Secret('s'),
    pathStyle: true,
  })
  await expect(fillDemo(options('demo-none', { client: away }))).rejects.toThrow(
    'Cannot create bucket demo-none',
  )
})

test('deliveries go on, with events of just now, until they are stopped', async () => {
  const manifest = await fillDemo(options('demo-live', { now_ms: Date.now() }))
  const before = await read('demo-live')
  const stop = new AbortController()
  const written: string[] = []
  const problems: unknown[] = []
  const live = { client, bucket: 'demo-live', prefix, manifest, every_ms: 10, signal: stop.signal }
  const done = keepDelivering({
    ...live,
    onObject: ({ key }) => written.push(key),
    onProblem: (error) => problems.push(error),
  })
  await until(() => written.length >= 5)
  stop.abort()
  await done
  const after = await read('demo-live')
  expect(problems).toEqual([])
  expect(after.size - before.size).toBeWithin(written.length, written.length + 2)
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'demo-live', Key: MANIFEST_KEY }))
  const kept = JSON.parse((await Body?.transformToString()) ?? '') as typeof manifest
  expect(kept.delivered_until_ms).toBeGreaterThan(manifest.delivered_until_ms)
}, 60_000)

test('a delivery that fails is made again', async () => {
  const manifest = await fillDemo(options('demo-fails', { now_ms: Date.now() }))
  let refused = 0
  const failing: Pick<typeof client, 'send'> = {
    send: (async (command: PutObjectCommand) => {
      if (++refused < 3) throw new Error('no connection')
      return client.send(command)
    }) as typeof client.send,
  }
  const stop = new AbortController()
  const written: string[] = []
  const problems: unknown[] = []
  const live = { bucket: 'demo-fails', prefix, manifest, every_ms: 10, signal: stop.signal }
  const done = keepDelivering({
    ...live,
    client: failing as typeof client,
    onObject: ({ key }) => written.push(key),
    onProblem: (error) => problems.push(error),
  })
  await until(() => written.length >= 1)
  stop.abort()
  await done
  expect(problems.length).toBe(2)
}, 60_000)
