import { createLineCutter } from '../../src/logs/lines.ts'
import { createLiveState } from '../../src/pipeline/actor.ts'
import type { startLister } from '../../src/pipeline/lister.ts'
import { startReading } from '../../src/pipeline/messages.ts'
import { createParser } from '../../src/pipeline/parser.ts'
import type { createReader } from '../../src/pipeline/reader.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { pause } from '../../src/retry.ts'
import { listObjects } from '../../src/spaces/list.ts'
import { readObject } from '../../src/spaces/read.ts'

/** What the pipeline would be without one of its protections. Each loses, doubles or forges rows. */

/** The checkpoint before what it vouches for. */
export const ledgerFirst: typeof createWriter = ({ write, ledger, onFinished }) => {
  return async (batch) => {
    const complete = [...new Set(batch.map(({ reading }) => reading).filter(({ ended }) => ended))]
    await ledger.finish(complete)
    await write(Buffer.concat(batch.map(({ ilp }) => ilp.bytes)))
    complete.forEach(onFinished)
  }
}

/** Whoever brings the end of a log object vouches for all of it. */
export const hasty: typeof createWriter = (options) => {
  const receive = createWriter(options)
  return (batch) => {
    for (const { reading } of batch)
      for (const message of reading.pending) if (!batch.includes(message)) reading.pending.delete(message)
    return receive(batch)
  }
}

/** All that sorts after the last key is new, and nothing else is. */
export const watermark: typeof startLister = ({ client, bucket, prefix, send, poll_ms, signal }) => {
  const liveState = createLiveState()
  let after: string | undefined
  let waiting = 0
  let listed = false
  async function discover(): Promise<void> {
    while (!signal.aborted) {
      const where = { bucket, prefix, signal, ...(after === undefined ? {} : { after }) }
      for await (const page of listObjects(client, where)) {
        for (const object of page) {
          after = object.key
          waiting++
          await send(object)
        }
      }
      listed = true
      await pause(poll_ms, signal)
    }
  }
  return {
    status: () => ({ name: 'lister', queued: 0, backlog: waiting, listed, ...liveState.get() }),
    release: () => void waiting--,
    finished: discover().catch(() => {}),
  }
}

/** Expands in one call, which stops at the end of the first gzip member. */
export const oneMember: typeof createReader = ({ client, bucket, send, signal }) => {
  return async (batch) => {
    for (const object of batch) {
      const bytes = Buffer.concat(await Array.fromAsync(readObject(client, bucket, object, signal)))
      const plain = bytes[0] === 0x1f ? Bun.gunzipSync(bytes) : bytes
      const reading = startReading(object)
      const cutter = createLineCutter()
      for (const run of [...cutter.push(plain), ...cutter.end()]) await send({ reading, ...run, last: false })
      await send({ reading, bytes: new Uint8Array(0), first_line: 0, lines: 0, refused: [], last: true })
    }
  }
}

/** Line protocol by joining strings: quotes and backslashes as they came. */
export const unescaped: typeof createParser = (rowMaker, writer) =>
  createParser(
    {
      make(...of) {
        const made = rowMaker.make(...of)
        const ilp = Buffer.from(made.ilp.bytes)
          .toString()
          .replace(/\\(["\\])/g, '$1')
        return { ...made, ilp: { bytes: Buffer.from(ilp) } }
      },
    },
    writer,
  )
