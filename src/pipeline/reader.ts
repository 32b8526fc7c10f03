import { InvalidError } from '../errors.ts'
import { expand } from '../log-objects/expand.ts'
import { createLineCutter, createRunBuffers } from '../logs/lines.ts'
import type { Run } from '../logs/lines.ts'
import type { SpacesClient } from '../spaces/client.ts'
import { readObject } from '../spaces/read.ts'
import type { Receive } from './actor.ts'
import { startReading } from './messages.ts'
import type { Fetched, Found } from './messages.ts'
import { createSpentChunks } from './spent-chunks.ts'

export interface ReaderOptions {
  client: SpacesClient
  bucket: string
  send: (fetched: Fetched) => Promise<void>
  signal: AbortSignal
}

/**
 * Streams log objects and cuts them into runs of whole lines. An object that cannot be read to its
 * end (damaged, a bomb, gone) ends as a failed reading; what stood before the failure counts.
 */
export function createReader({ client, bucket, send, signal }: ReaderOptions): Receive<Found> {
  const buffers = createRunBuffers()
  const spent = createSpentChunks()

  async function read(object: Found): Promise<void> {
    const reading = startReading(object)
    const cutter = createLineCutter({ buffers })
    const forward = async (runs: readonly Run[]): Promise<void> => {
      for (const run of runs) {
        await send({ reading, ...run, last: false, release: () => buffers.give(run.bytes) })
      }
    }
    try {
      for await (const chunk of expand(() => readObject(client, bucket, object, signal))) {
        const runs = cutter.push(chunk)
        spent.add(chunk)
        await forward(runs)
      }
    } catch (error) {
      const state = error instanceof InvalidError ? final[error.code] : undefined
      if (!(error instanceof InvalidError) || state === undefined) throw error
      reading.failure = { state, reason: error.message }
    }
    await forward(cutter.end())
    await send({ reading, bytes: nothing, first_line: 0, lines: 0, refused: [], last: true })
  }
  return async (batch) => {
    for (const object of batch) await read(object)
  }
}

const nothing = new Uint8Array(0)

// What holds for this version of the object whenever it is read; a key that was revoked, say, is no fault of it.
const final: Record<string, 'refused' | 'gone'> = {
  damaged: 'refused',
  compression: 'refused',
  bomb: 'refused',
  not_found: 'gone',
  changed: 'gone',
}
