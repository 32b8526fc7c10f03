import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { InvalidError, UnavailableError } from '../errors.ts'

/** Access logs shrink 5 to 30 times; what grows more than this is a bomb. The first 16 MiB are let through. */
const maxRatio = 100
const alwaysAllowed_bytes = 16 << 20

/**
 * Passes plain bytes on and expands gzip, all members of it, told by its magic bytes and not by a name.
 * Throws InvalidError for a damaged stream, and for one that grows more than 100 times.
 */
export async function* gunzip(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const head = await firstBytes(chunks)
  let read = 0
  let expanded = 0
  let sourceError: unknown
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      read += head.length
      yield head
      for await (const chunk of chunks) {
        read += chunk.length
        yield chunk
      }
    } catch (error) {
      sourceError = error
      throw error
    } finally {
      await chunks.return(undefined)
    }
  }
  if (!(head[0] === 0x1f && head[1] === 0x8b)) return yield* whole()
  const source = Readable.from(whole(), { objectMode: true, highWaterMark: 2 })
  const expander = createGunzip({ chunkSize: 256 << 10 })
  source.on('error', (error) => expander.destroy(error))
  source.pipe(expander)
  try {
    for await (const chunk of expander as AsyncIterable<Uint8Array>) {
      expanded += chunk.length
      if (expanded > alwaysAllowed_bytes && expanded > read * maxRatio) {
        throw new InvalidError(
          `Cannot expand the object: it grows more than ${maxRatio} times`,
          undefined,
          'bomb',
        )
      }
      yield chunk
    }
  } catch (error) {
    if (sourceError !== undefined) throw sourceError
    if (error instanceof InvalidError || error instanceof UnavailableError) throw error
    const fact = error instanceof Error ? error.message : 'unknown'
    throw new InvalidError(
      `Cannot expand the object: the gzip stream is damaged (${fact})`,
      undefined,
      'damaged',
    )
  } finally {
    expander.destroy()
    source.destroy()
  }
}

async function firstBytes(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < 2) {
    const { done, value } = await chunks.next()
    if (done) break
    head = head.length === 0 ? value : Buffer.concat([head, value])
  }
  return head
}
