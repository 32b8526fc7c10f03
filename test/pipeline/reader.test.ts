import { expect, setDefaultTimeout, test } from 'bun:test'
import { Secret } from '../../src/secret.ts'
import { InvalidError, UnavailableError } from '../../src/errors.ts'
import type { Fetched } from '../../src/pipeline/messages.ts'
import { createReader } from '../../src/pipeline/reader.ts'
import { createSpacesClient } from '../../src/spaces/client.ts'
import { listObjects } from '../../src/spaces/list.ts'
import type { ListedObject } from '../../src/spaces/list.ts'
import { testBucket } from '../support/bucket.ts'

setDefaultTimeout(60_000)

const never = new AbortController().signal
const lines = (n: number): string =>
  Array.from({ length: n }, (_, i) => `line ${i + 1} of the log\n`).join('')

async function bucketWith(key: string, body: string | Uint8Array) {
  const made = await testBucket()
  await made.put(key, body)
  const [object] = (
    await Array.fromAsync(listObjects(made.client, { bucket: made.bucket, prefix: '' }))
  ).flat()
  if (!object) throw new Error('nothing was put')
  return { ...made, object }
}

async function read({
  client,
  bucket,
  object,
}: {
  client: ReturnType<typeof createSpacesClient>
  bucket: string
  object: ListedObject
}) {
  const sent: Fetched[] = []
  // The bytes are the cutter's, which may use them again.
  const send = async (fetched: Fetched): Promise<void> =>
    void sent.push({ ...fetched, bytes: fetched.bytes.slice() })
  await createReader({ client, bucket, send, signal: never })([object])
  const last = sent.at(-1)
  return {
    sent,
    text: Buffer.concat(sent.map(({ bytes }) => bytes)).toString(),
    count: sent.reduce((sum, { lines, refused }) => sum + lines + refused.length, 0),
    failure: last?.reading.failure,
    lasts: sent.filter(({ last }) => last).length,
    readings: new Set(sent.map(({ reading }) => reading)).size,
  }
}

function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no error',
    (error: unknown) => error,
  )
}

test('a log object becomes runs of whole lines, in order, and one end', async () => {
  const text = lines(2_500)
  const { sent, ...found } = await read(await bucketWith('plain', text))
  expect(found).toEqual({ text, count: 2_500, failure: null, lasts: 1, readings: 1 })
  expect(sent.map(({ first_line, lines }) => [first_line, lines])).toEqual([
    ...Array.from({ length: 10 }, (_, run) => [1 + 250 * run, 250]),
    [0, 0],
  ])
})

test('gzip is told by its bytes and not by the name, and all its members are read', async () => {
  const members = [lines(700), '', lines(900)].map((text) => Bun.gzipSync(text))
  const found = await read(await bucketWith('no-suffix.log', Buffer.concat(members)))
  expect(found).toMatchObject({ text: lines(700) + lines(900), count: 1_600, failure: null, lasts: 1 })
})

test.each<[string, Uint8Array, string]>([
  ['damaged', Bun.gzipSync(lines(40)).subarray(0, 60), 'the gzip stream is damaged'],
  ['a bomb', Bun.gzipSync(new Uint8Array(40 << 20), { level: 9 }), 'it grows more than 100 times'],
])('an object that is %s ends as refused, with its reason, and is no error', async (_, body, fact) => {
  const found = await read(await bucketWith('bad.gz', body))
  expect(found.failure).toEqual({ state: 'refused', reason: expect.stringContaining(fact) })
  expect(found.lasts).toBe(1)
})

test('an object that is gone or was replaced ends as gone', async () => {
  const gone = await bucketWith('a', lines(1))
  await gone.remove('a')
  expect((await read(gone)).failure).toEqual({
    state: 'gone',
    reason: expect.stringContaining('no such thing'),
  })
  const replaced = await bucketWith('a', lines(1))
  await replaced.put('a', lines(2))
  expect((await read(replaced)).failure).toEqual({
    state: 'gone',
    reason: expect.stringContaining('has changed'),
  })
})

test('a key that was revoked condemns no object: the reader throws, and sends no end', async () => {
  const { bucket, object, source } = await bucketWith('a', lines(1))
  for (const change of [{ secret: new Secret('wrong') }, { key: 'wrong' }]) {
    const client = createSpacesClient({ ...source(), ...change })
    const error = await failure(read({ client, bucket, object }))
    expect(error).toBeInstanceOf(InvalidError)
    expect(error).toMatchObject({ code: 'bad_credentials' })
  }
})

test('an object store that is away condemns no object', async () => {
  const { bucket, object, source } = await bucketWith('a', lines(1))
  const client = createSpacesClient(source('', 'http://127.0.0.1:1'))
  expect(await failure(read({ client, bucket, object }))).toBeInstanceOf(UnavailableError)
})

test('a line over 64 KiB is refused, and the lines around it are kept', async () => {
  const found = await read(await bucketWith('a', `${lines(2)}${'x'.repeat(100_000)}\n${lines(3)}`))
  expect(found).toMatchObject({ text: lines(2) + lines(3), count: 6, failure: null })
  expect(found.sent.flatMap(({ refused }) => refused)).toEqual([
    { line: 3, reason: 'line over 65536 bytes', excerpt: 'x'.repeat(512) },
  ])
})
