/** Takes back the memory of chunks that nobody reads any more. */
export interface SpentChunks {
  /** The chunk is empty afterwards. */
  add(chunk: Uint8Array): void
}

// Some 40 ms of the processor for each.
const collectEvery_bytes = 100_000_000

/**
 * The engine counts buffers late, and on a machine of many gigabytes lets hundreds of megabytes of them gather. So a chunk
 * gives back its memory at once, and what hangs on it is collected each 100 MB.
 */
export function createSpentChunks(): SpentChunks {
  let spent_bytes = 0
  return {
    add(chunk) {
      spent_bytes += chunk.length
      // A part of a buffer is not ours to take back.
      if (chunk.buffer instanceof ArrayBuffer && chunk.length === chunk.buffer.byteLength)
        chunk.buffer.transfer(0)
      if (spent_bytes < collectEvery_bytes) return
      spent_bytes = 0
      Bun.gc(true)
    },
  }
}
