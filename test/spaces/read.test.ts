import { expect, setDefaultTimeout, test } from 'bun:test'
import { UnavailableError } from '../../src/errors.ts'
import { Secret } from '../../src/secret.ts'
import { createSpacesClient } from '../../src/spaces/client.ts'
import type { SpacesClient } from '../../src/spaces/client.ts'
import { listObjects } from '../../src/spaces/list.ts'
import type { ListedObject } from '../../src/spaces/list.ts'
import { readObject } from '../../src/spaces/read.ts'
import { testBucket } from '../support/bucket.ts'
import { startFaultyProxy } from '../support/faulty-proxy.ts'
import type { Fault } from '../support/faulty-proxy.ts'
import { testS3 } from '../support/servers.ts'
import { oddKeys } from './odd-keys.ts'
import { loopbackClient } from '../support/loopback-client.ts'

setDefaultTimeout(60_000)

const never = new AbortController().signal

async function read(client: SpacesClient, bucket: string, object: ListedObject): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(readObject(client, bucket, object, never)))
}

async function listed(client: SpacesClient, bucket: string): Promise<ListedObject[]> {
  return (await Array.fromAsync(listObjects(client, { bucket, prefix: '' }))).flat()
}

async function onlyObject(client: SpacesClient, bucket: string): Promise<ListedObject> {
  const [object] = await listed(client, bucket)
  if (!object) throw new Error('the bucket is empty')
  return object
}

function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no error',
    (error: unknown) => error,
  )
}

const megabyte = Buffer.from(Array.from({ length: 1 << 20 }, (_, i) => (i * 7919) >> 5))

/** A bucket with one object of a megabyte, reached through a proxy where each exchange meets the next fault. */
async function behindFaults(faults: (Fault | null)[]) {
  const { bucket, client, source, put } = await testBucket()
  await put('object', megabyte)
  const { hostname, port } = new URL((await testS3()).endpoint)
  let exchanges = 0
  const proxy = await startFaultyProxy({
    target: { host: hostname, port: Number(port) },
    plan() {
      const fault = faults[exchanges++]
      return fault ? { name: fault.kind, fault } : null
    },
  })
  return {
    bucket,
    object: await onlyObject(client, bucket),
    client: createSpacesClient(source('', `http://127.0.0.1:${proxy.port}`)),
    exchanges: () => exchanges,
    close: () => proxy.close(),
  }
}

test('objects with odd keys are read as they were listed', async () => {
  const { bucket, client, putAll } = await testBucket()
  await putAll(oddKeys.map((key) => [key, `body of ${key}`]))
  for (const object of await listed(client, bucket))
    expect((await read(client, bucket, object)).toString()).toBe(`body of ${object.key}`)
})

test('an object of no bytes needs no request', async () => {
  const { client } = await testBucket()
  const object = { key: 'none', etag: 'e', bytes: 0, modified_ms: 0 }
  expect((await read(client, 'no-such-bucket', object)).length).toBe(0)
})

test('an object that was replaced since its listing is not read: changed', async () => {
  const { bucket, client, put } = await testBucket()
  await put('a', 'old')
  const object = await onlyObject(client, bucket)
  await put('a', 'new')
  expect(await failure(read(client, bucket, object))).toMatchObject({ name: 'InvalidError', code: 'changed' })
})

test('an object that is gone, and a wrong secret, are told apart', async () => {
  const { bucket, client, source, put, remove } = await testBucket()
  await put('a', 'x')
  const object = await onlyObject(client, bucket)
  const stranger = createSpacesClient({ ...source(), secret: new Secret('wrong') })
  expect(await failure(read(stranger, bucket, object))).toMatchObject({ code: 'bad_credentials' })
  await remove('a')
  expect(await failure(read(client, bucket, object))).toMatchObject({
    name: 'InvalidError',
    code: 'not_found',
  })
})

test('a body that breaks off, again and again, is taken up where it broke', async () => {
  const cut: Fault = { kind: 'truncated', after_bytes: 200_000 }
  const { bucket, object, client, exchanges, close } = await behindFaults([cut, cut, null, cut])
  expect((await read(client, bucket, object)).equals(megabyte)).toBe(true)
  expect(exchanges()).toBe(3)
  await close()
})

test('resets and 503 SlowDown in between do no harm', async () => {
  const cut: Fault = { kind: 'truncated', after_bytes: 500_000 }
  const slowDown: Fault = {
    kind: 'answered',
    reply: 'HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
  }
  const { bucket, object, client, close } = await behindFaults([
    { kind: 'reset' },
    cut,
    slowDown,
    { kind: 'reset' },
  ])
  expect((await read(client, bucket, object)).equals(megabyte)).toBe(true)
  await close()
})

test('breaks without a new byte end as an outage', async () => {
  const cutInHead: Fault = { kind: 'truncated', after_bytes: 10 }
  const { bucket, object, client, close } = await behindFaults(Array.from({ length: 60 }, () => cutInHead))
  expect(await failure(read(client, bucket, object))).toBeInstanceOf(UnavailableError)
  await close()
})

test('an object that is replaced while it is read is not mixed with the new one: changed', async () => {
  const { bucket, client, source, put } = await testBucket()
  await put('a', megabyte)
  const object = await onlyObject(client, bucket)
  const { hostname, port } = new URL((await testS3()).endpoint)
  let cuts = 1
  const proxy = await startFaultyProxy({
    target: { host: hostname, port: Number(port) },
    plan: () => (cuts-- > 0 ? { name: 'cut', fault: { kind: 'truncated', after_bytes: 300_000 } } : null),
  })
  const through = createSpacesClient(source('', `http://127.0.0.1:${proxy.port}`))
  let replaced = false
  const error = await failure(
    (async () => {
      for await (const _ of readObject(through, bucket, object, never)) {
        if (replaced) continue
        replaced = true
        await put('a', megabyte.toReversed())
      }
    })(),
  )
  expect(error).toMatchObject({ name: 'InvalidError', code: 'changed' })
  await proxy.close()
})

test('a server that overlooks Range does not double what was read', async () => {
  let asked = 0
  const server = Bun.listen({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      data(socket) {
        const head = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n'
        socket.end(head + '0123456789'.slice(0, asked++ === 0 ? 4 : 10))
      },
    },
  })
  const client = loopbackClient(server.port)
  const object = { key: 'a', etag: 'e', bytes: 10, modified_ms: 0 }
  expect((await read(client, 'bucket', object)).toString()).toBe('0123456789')
  expect(asked).toBe(2)
  server.stop(true)
})

test('abort ends a read, also while the server is silent', async () => {
  const { bucket, client, put } = await testBucket()
  await put('a', megabyte)
  const object = await onlyObject(client, bucket)
  const abort = new AbortController()
  let chunks = 0
  const error = await failure(
    (async () => {
      for await (const _ of readObject(client, bucket, object, abort.signal)) {
        chunks++
        abort.abort()
      }
    })(),
  )
  expect(error).toBeInstanceOf(Error)
  expect(chunks).toBe(1)

  const silent = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data: () => silenced.resolve() } })
  const silenced = Promise.withResolvers<void>()
  const { source } = await testBucket()
  const waiting = createSpacesClient(source('', `http://127.0.0.1:${silent.port}`))
  const second = new AbortController()
  const outcome = failure(Array.fromAsync(readObject(waiting, bucket, object, second.signal)))
  await silenced.promise
  second.abort()
  expect(await outcome).toBeInstanceOf(Error)
  silent.stop(true)
})

test('a reader that leaves early leaves its client usable', async () => {
  const { bucket, client, put } = await testBucket()
  await put('a', megabyte)
  const object = await onlyObject(client, bucket)
  // As many as the client has connections, and more.
  for (let i = 0; i < 60; i++) for await (const _ of readObject(client, bucket, object, never)) break
  expect((await read(client, bucket, object)).equals(megabyte)).toBe(true)
})
