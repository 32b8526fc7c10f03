import { excerptOf } from './redact.ts'
import type { Refusal } from './record.ts'

/** Whole lines of one log object, each ending in `\n` save perhaps the object's last. */
export interface Run {
  bytes: Uint8Array
  /** How many lines `bytes` holds; the refused ones are not among them. */
  lines: number
  /** 1-based number, within the log object, of the first line in `bytes`. */
  first_line: number
  /** Lines that follow `bytes` in the object and are too long to keep. */
  refused: Refusal[]
}

export interface LineCutter {
  /** Takes the object's next bytes, which may be reused afterwards; returns the runs that are full. */
  push(chunk: Uint8Array): Run[]
  /** Returns what is left, once the object has ended. */
  end(): Run[]
}

/** Places for runs. A run whose bytes are given back makes room for a later one: fresh memory costs more than the copy. */
export interface RunBuffers {
  take(size: number): Uint8Array
  /** The run's bytes are read no more. */
  give(bytes: Uint8Array): void
}

const NEWLINE = 10
const HEAD_BYTES = 2048
const MAX_FREE = 16

export function createRunBuffers(): RunBuffers {
  const free: ArrayBufferLike[] = []
  return {
    take(size) {
      const buffer = free.pop()
      return buffer?.byteLength === size ? new Uint8Array(buffer) : new Uint8Array(size)
    },
    give({ buffer }) {
      if (free.length < MAX_FREE) free.push(buffer)
    },
  }
}

/**
 * Cuts one log object's bytes into runs of whole lines. Keeps at most one run and one line in memory; of a line over
 * `max_line_bytes` only the head. Over all runs, `lines` and `refused` add up to the lines of the object.
 */
export function createLineCutter({
  max_line_bytes = 65_536,
  max_run_lines = 250,
  max_run_bytes = 131_072,
  buffers = createRunBuffers(),
} = {}): LineCutter {
  const capacity = Math.max(max_run_bytes, max_line_bytes) + max_line_bytes
  let buffer: Uint8Array = new Uint8Array(0)
  let used = 0
  /** Where the line that has no end yet starts in `buffer`. */
  let open = 0
  let lines = 0
  let first_line = 1
  let skipping = false
  let runs: Run[] = []

  function append(chunk: Uint8Array, from: number, to: number): void {
    if (from === to) return
    if (buffer.length === 0) buffer = buffers.take(capacity)
    buffer.set(chunk.subarray(from, to), used)
    used += to - from
  }

  /** Hands the whole lines over, and carries the open line into a buffer of its own. */
  function flush(refused: Refusal[] = []): void {
    if (lines === 0 && refused.length === 0) return
    runs.push({ bytes: buffer.subarray(0, open), lines, first_line, refused })
    const rest = buffer.subarray(open, used)
    buffer = new Uint8Array(0)
    used = 0
    append(rest, 0, rest.length)
    first_line += lines + refused.length
    open = 0
    lines = 0
  }

  /** Refuses the open line, of which `tail` are bytes not yet appended. */
  function refuseOpenLine(tail: Uint8Array): void {
    const kept = buffer.subarray(open, Math.min(used, open + HEAD_BYTES))
    const head = Buffer.concat([kept, tail.subarray(0, HEAD_BYTES - kept.length)]).toString()
    used = open
    flush([
      { line: first_line + lines, reason: `line over ${max_line_bytes} bytes`, excerpt: excerptOf(head) },
    ])
  }

  function drain(): Run[] {
    const full = runs
    runs = []
    return full
  }

  return {
    push(chunk) {
      // Up to here the chunk is in the buffer, or skipped: whole lines are copied together.
      let taken = 0
      for (let from = 0; from < chunk.length;) {
        const newline = chunk.indexOf(NEWLINE, from)
        const to = newline === -1 ? chunk.length : newline + 1
        if (skipping) {
          skipping = newline === -1
          taken = to
        } else if (used + (newline === -1 ? to : newline) - taken - open > max_line_bytes) {
          append(chunk, taken, from)
          refuseOpenLine(chunk.subarray(from, to))
          skipping = newline === -1
          taken = to
        } else if (newline !== -1) {
          if (lines > 0 && used + to - taken > max_run_bytes) {
            append(chunk, taken, from)
            taken = from
            flush()
          }
          open = used + to - taken
          lines += 1
          if (lines === max_run_lines) {
            append(chunk, taken, to)
            taken = to
            flush()
          }
        }
        from = to
      }
      append(chunk, taken, chunk.length)
      return drain()
    },
    end() {
      if (used > open) {
        if (lines > 0 && used > max_run_bytes) flush()
        open = used
        lines += 1
      }
      flush()
      return drain()
    },
  }
}
