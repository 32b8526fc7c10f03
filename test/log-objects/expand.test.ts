import { expect, test } from 'bun:test'
import { createGzip, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { InvalidError, UnavailableError } from '../../src/errors.ts'
import { expand as expandObject } from '../../src/log-objects/expand.ts'

const text = 'one line of a log\nanother line, with ü\n'.repeat(40)
const member = Bun.gzipSync(text)

/** The bytes in pieces of `size`; `closed` learns whether the source was let go. */
async function* pieces(bytes: Uint8Array, size: number, closed = { yes: false }): AsyncGenerator<Uint8Array> {
  try {
    for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
  } finally {
    closed.yes = true
  }
}

async function expand(bytes: Uint8Array, size = 1024): Promise<string> {
  return Buffer.concat(await Array.fromAsync(expandObject(() => pieces(bytes, size)))).toString()
}

function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no error',
    (error: unknown) => error,
  )
}

test.each([1, 2, 3, 7, 1024])('expand passes plain bytes on unchanged, in pieces of %d', async (size) => {
  expect(await expand(Buffer.from(text), size)).toBe(text)
  expect(await expand(Buffer.from('x'), size)).toBe('x')
  expect(await expand(new Uint8Array(0), size)).toBe('')
})

test.each([1, 2, 3, 7, 1024])('expand expands one member in pieces of %d', async (size) => {
  expect(await expand(member, size)).toBe(text)
})

test('expand expands all members, empty ones too, wherever the pieces end', async () => {
  const texts = fc.array(fc.constantFrom('', 'a\n', text), { minLength: 1, maxLength: 50, size: 'max' })
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 500 }), async (members, size) => {
      const bytes = Buffer.concat(members.map((content) => Bun.gzipSync(content)))
      expect(await expand(bytes, size)).toBe(members.join(''))
    }),
    { numRuns: 60 },
  )
})

test('expand refuses a stream that is cut anywhere but between two members', async () => {
  const bytes = Buffer.concat([member, member])
  for (let cut = 2; cut < bytes.length; cut++) {
    if (cut === member.length) continue
    const error = await failure(expand(bytes.subarray(0, cut)))
    expect(error, `cut at ${cut}`).toBeInstanceOf(InvalidError)
    expect(error, `cut at ${cut}`).toMatchObject({ code: 'damaged' })
  }
})

test('expand refuses a stream with a flipped byte, or gives the same text', async () => {
  for (let at = 2; at < member.length; at++) {
    const bytes = member.slice()
    bytes[at] = (bytes[at] ?? 0) ^ 0x55
    const result = await expand(bytes).catch((error: unknown) => error)
    if (result !== text) expect(result, `flipped at ${at}`).toMatchObject({ code: 'damaged' })
  }
})

test('expand hands out what stands before the damage', async () => {
  const cut = Buffer.concat([member, member]).subarray(0, member.length + 40)
  let got = ''
  const error = await failure(
    (async () => {
      for await (const chunk of expandObject(() => pieces(cut, 16))) got += Buffer.from(chunk).toString()
    })(),
  )
  expect(error).toMatchObject({ code: 'damaged' })
  expect(got.slice(0, text.length)).toBe(text)
})

test('expand loses no byte that stands before garbage, wherever the pieces end', async () => {
  const words = fc.array(fc.constantFrom('', 'a\n', text), { minLength: 1, maxLength: 40, size: 'max' })
  const garbage = fc
    .uint8Array({ minLength: 12, maxLength: 40_000 })
    .filter((bytes) => bytes[0] !== 0x1f && bytes.some((byte) => byte !== 0))
  await fc.assert(
    fc.asyncProperty(words, garbage, fc.integer({ min: 1, max: 70_000 }), async (members, bad, size) => {
      const good = members.map((content) => Bun.gzipSync(content))
      const bytes = Buffer.concat([...good, bad])
      const got: Uint8Array[] = []
      const read = async (): Promise<void> => {
        for await (const chunk of expandObject(() => pieces(bytes, size))) got.push(chunk.slice())
      }
      expect(await failure(read())).toMatchObject({ code: 'damaged' })
      expect(Buffer.concat(got).toString()).toBe(members.join(''))
    }),
    { numRuns: 40 },
  )
})

test.each([1, 7, 100_000])(
  'expand takes zeros behind a stream for padding, in pieces of %d',
  async (size) => {
    const padded = Buffer.concat([member, new Uint8Array(40_000)])
    expect(await expand(padded, size)).toBe(text)
    const error = await failure(expand(Buffer.concat([padded, Buffer.from('x')]), size))
    expect(error).toMatchObject({ code: 'damaged' })
  },
)

test.each([
  ['zstd', zstdCompressSync(text)],
  ['bzip2', Buffer.from('BZh91AY&SY')],
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0])],
  ['lz4', Buffer.from([0x04, 0x22, 0x4d, 0x18, 0])],
  ['a zip archive', Buffer.from('PK\x03\x04....')],
  ['Parquet', Buffer.from('PAR1....')],
])('expand refuses %s by its name, and lets its source go', async (name, bytes) => {
  const closed = { yes: false }
  const error = await failure(Array.fromAsync(expandObject(() => pieces(bytes, 3, closed))))
  expect(error).toMatchObject({
    code: 'compression',
    message: `Cannot read the object: it is ${name}`,
    hint: 'deliver access logs as plain text or gzip',
  })
  expect(closed.yes).toBe(true)
})

test('expand refuses garbage behind a member', async () => {
  const garbage = Buffer.from('this is no gzip member at all')
  expect(await failure(expand(Buffer.concat([member, garbage])))).toMatchObject({ code: 'damaged' })
  expect(await failure(expand(Buffer.concat([member, garbage]), 1))).toMatchObject({ code: 'damaged' })
})

test('expand refuses a bomb of 10 GB in bounded memory', async () => {
  const zeros = Buffer.alloc(1 << 20)
  async function* bomb(): AsyncGenerator<Uint8Array> {
    const gzip = createGzip({ level: 1 })
    let written = 0
    const fill = (): void => {
      while (written++ < 10_000) if (!gzip.write(zeros)) return void gzip.once('drain', fill)
      gzip.end()
    }
    fill()
    yield* gzip as AsyncIterable<Uint8Array>
  }
  const before = process.memoryUsage.rss()
  let expanded = 0
  const error = await failure(
    (async () => {
      for await (const chunk of expandObject(bomb)) expanded += chunk.length
    })(),
  )
  expect(error).toMatchObject({ code: 'bomb' })
  expect(expanded).toBeLessThan(64e6)
  expect(process.memoryUsage.rss() - before).toBeLessThan(200e6)
})

test('expand lets pass what shrinks well but honestly', async () => {
  const line = 'GET /the/same/long/path '.repeat(20)
  const log = Array.from({ length: 60_000 }, (_, i) => `${line}${i * 7919}\n`).join('')
  const bytes = Bun.gzipSync(log, { level: 9 })
  expect(log.length).toBeGreaterThan(16 << 20)
  expect(log.length / bytes.length).toBeGreaterThan(50)
  expect((await expand(bytes)).length).toBe(log.length)
})

const outage = new UnavailableError('Cannot read: the connection broke')
test.each<[string, string, Error]>([
  ['plain', 'an outage', outage],
  ['gzip', 'an outage', outage],
  ['gzip', 'an abort', new DOMException('The operation was aborted.', 'AbortError')],
])('the error of a %s source comes through as itself: %s', async (kind, _, away) => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield kind === 'gzip' ? member.subarray(0, 60) : Buffer.from(text)
    throw away
  }
  expect(await failure(Array.fromAsync(expandObject(broken)))).toBe(away)
})

test.each(['plain', 'gzip'])('leaving a %s stream early lets its source go', async (kind) => {
  for (const size of [1, 64, 1 << 20]) {
    const closed = { yes: false }
    const bytes =
      kind === 'gzip' ? Buffer.concat(Array.from({ length: 50 }, () => member)) : Buffer.from(text)
    for await (const _ of expandObject(() => pieces(bytes, size, closed))) break
    await Bun.sleep(0)
    expect(closed.yes, `pieces of ${size}`).toBe(true)
  }
})
