import { createGunzip } from 'node:zlib'
import { InvalidError } from '../errors.ts'

/** Access logs shrink 5 to 30 times; what grows more than this is a bomb. The first 16 MiB are let through. */
const maxRatio = 100
const alwaysAllowed_bytes = 16 << 20
const slice_bytes = 16 << 10

/** By their first bytes; see `compressionOf`. */
const compressions: [name: string, magic: readonly number[]][] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
  ['a zip archive', [0x50, 0x4b, 0x03, 0x04]],
  ['Parquet', [0x50, 0x41, 0x52, 0x31]],
]
const longestMagic = 6

/** The name of what bytes are compressed with, told by the first six of them and not by a name; null for none that is known. */
export function compressionOf(head: Uint8Array): string | null {
  return compressions.find(([, magic]) => magic.every((byte, at) => head[at] === byte))?.[0] ?? null
}

/**
 * Passes plain bytes on and expands gzip, all members of it. Throws InvalidError for a `damaged` stream, after all that
 * stands before the damage; for one that grows more than 100 times (`bomb`); and for what is compressed otherwise
 * (`compression`). `open` reads the object from its beginning, for a second time only where it is damaged.
 */
export async function* expand(open: () => AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let expanded = 0
  try {
    for await (const chunk of expandOnce(open(), Infinity)) {
      expanded += chunk.length
      yield chunk
    }
  } catch (error) {
    if (!(error instanceof Damaged)) throw error
    // zlib keeps what it made of the bytes right before those that it refuses: they are fed to it one by one.
    let known = expanded
    for await (const chunk of expandOnce(open(), error.at)) {
      const fresh = chunk.subarray(Math.min(known, chunk.length))
      known -= chunk.length - fresh.length
      if (fresh.length > 0) yield fresh
    }
  }
}

class Damaged extends InvalidError {
  /** `at`: where the bytes begin that were refused. */
  constructor(
    readonly at: number,
    cause: Error,
  ) {
    const fact = `the gzip stream is damaged (${cause.message})`
    super(`Cannot expand the object: ${fact}`, 'put it into the log bucket again', 'damaged', { cause })
  }
}

/** From `single_from` on, bytes are expanded one by one. */
async function* expandOnce(
  chunks: AsyncGenerator<Uint8Array>,
  single_from: number,
): AsyncGenerator<Uint8Array> {
  const expander = startExpander()
  let read = 0
  try {
    const head = await firstBytes(chunks)
    const compression = compressionOf(head)
    if (compression === null) {
      if (head.length > 0) yield head
      return yield* chunks
    }
    if (compression !== 'gzip')
      throw new InvalidError(
        `Cannot read the object: it is ${compression}`,
        'deliver access logs as plain text or gzip',
        'compression',
      )
    for await (const slice of slices(head, chunks, single_from)) {
      yield* await expander.write(slice, read)
      read += slice.length
    }
    yield* await expander.end(read)
  } finally {
    expander.close()
    await chunks.return(undefined)
  }
}

async function* slices(
  head: Uint8Array,
  chunks: AsyncGenerator<Uint8Array>,
  single_from: number,
): AsyncGenerator<Uint8Array> {
  let read = 0
  function* cut(chunk: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < chunk.length;) {
      const most = read < single_from ? Math.min(slice_bytes, single_from - read) : 1
      const slice = chunk.subarray(at, at + most)
      at += slice.length
      read += slice.length
      yield slice
    }
  }
  yield* cut(head)
  for await (const chunk of chunks) yield* cut(chunk)
}

/** Expands slice by slice, so that no error takes what was made before it. */
function startExpander() {
  const stream = createGunzip({ chunkSize: 256 << 10 })
  let made: Uint8Array[] = []
  let read = 0
  let expanded = 0
  let failure: Error | null = null
  // By zeros, which may pad a stream: zlib takes nothing more then.
  let ended = false
  let wake = (): void => {}
  stream.on('data', (chunk: Uint8Array) => {
    expanded += chunk.length
    made.push(chunk)
    if (expanded <= alwaysAllowed_bytes || expanded <= read * maxRatio) return
    failure ??= new InvalidError(
      `Cannot expand the object: it grows more than ${maxRatio} times`,
      undefined,
      'bomb',
    )
    stream.destroy()
    wake()
  })
  stream.on('error', (error) => {
    failure ??= error
    wake()
  })
  stream.on('end', () => {
    ended = true
    wake()
  })

  async function step(work: (done: () => void) => void, at: number): Promise<Uint8Array[]> {
    await new Promise<void>((resolve) => {
      wake = resolve
      work(resolve)
    })
    if (failure !== null) throw failure instanceof InvalidError ? failure : new Damaged(at, failure)
    const out = made
    made = []
    return out
  }
  return {
    async write(slice: Uint8Array, at: number): Promise<Uint8Array[]> {
      read = at + slice.length
      const out = ended ? [] : await step((done) => stream.write(slice, done), at)
      if (ended && (slice.length > 1 || slice[0] !== 0))
        throw new Damaged(at, new Error('bytes behind its end'))
      return out
    },
    end: async (at: number): Promise<Uint8Array[]> => (ended ? [] : step(() => stream.end(), at)),
    close: (): void => void stream.destroy(),
  }
}

async function firstBytes(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < longestMagic) {
    const { done, value } = await chunks.next()
    if (done) break
    head = head.length === 0 ? value : Buffer.concat([head, value])
  }
  return head
}
