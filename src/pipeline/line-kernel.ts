import { readFileSync } from 'node:fs'
import { REDACTED } from '../logs/redact.ts'
import { names } from '../store/ilp-fields.ts'
import { meaningOf } from './learned-parts.ts'

/** What the kernel made of one run: its lines are `rows`, `expired` and those in `left`. Valid until the next run. */
export interface Taken {
  /** Rows in line protocol. */
  ilp: Uint8Array
  rows: number
  /** Records from before what is kept. */
  expired: number
  /** Over the rows; null when there are none. */
  oldest_us: number | null
  newest_us: number | null
  /** The lines that are not of the regular shape, for the careful reader. */
  left: Uint8Array
  /** How many these are. */
  left_lines: number
  /** Which line of the run, from 0, the one at `index` in `left` was. */
  lineOfLeft(index: number): number
}

/** Turns the regular lines of S3 access logs into rows. */
export interface LineKernel {
  /**
   * Each row begins with `origin`; records from after what is kept are left. Null when the run or the origin is too long
   * for the kernel.
   */
  take(
    run: { bytes: Uint8Array; lines: number },
    origin: Uint8Array,
    kept: { from_us: number; to_us: number },
  ): Taken | null
}

type Exported =
  | 'INPUT'
  | 'LEFT'
  | 'LEFT_LINES'
  | 'MISSED'
  | 'NAMES'
  | 'NAME_LENGTHS'
  | 'ORIGIN'
  | 'PART'
  | 'REDACTED'
  | 'ROWS'
  | 'name_bytes'
  | 'origin_bytes'
  | 'part_bytes'
  | 'run_bytes'
  | 'run_lines'
  | 'rows'
  | 'row_bytes'
  | 'expired'
  | 'oldest_s'
  | 'newest_s'
  | 'left'
  | 'left_bytes'
  | 'missed'

interface Kernel extends Record<Exported, { readonly value: number }> {
  memory: { buffer: ArrayBuffer }
  run(length: number, originLength: number, keptFrom_s: number, keptTo_s: number): void
  learn(kind: number, from: number, length: number, partLength: number, value: number): void
}

/** The columns of `enum Name` in kernel/write.ts. */
const writtenColumns = [
  'status',
  'error_code',
  'key',
  'key_prefix',
  'bytes_sent',
  'bytes_received',
  'object_size',
  'total_ms',
  'turnaround_ms',
  'remote_ip',
  'requester',
  'request_id',
  'request_uri',
  'referer',
  'user_agent',
  'version_id',
  'line_hash',
] as const
const missedBytes = 12
const wasm = readFileSync(new URL('kernel/kernel.wasm', import.meta.url))
// Compiled once, so that the engine's work on it serves all sources.
const compiled = WebAssembly.validate(wasm) ? new WebAssembly.Module(wasm) : null

/**
 * Starts the kernel (kernel/, compiled to WebAssembly), which makes rows out of bytes without a string or an object in between:
 * half a microsecond a line, where those take three. Null where the processor lacks the vectors that it computes with.
 */
export function startLineKernel(): LineKernel | null {
  if (compiled === null) return null
  const kernel = new WebAssembly.Instance(compiled, {}).exports as unknown as Kernel
  const memory = Buffer.from(kernel.memory.buffer)
  const place = (name: Exported): number => kernel[name].value
  const view = (name: Exported, length: number): Uint8Array =>
    memory.subarray(place(name), place(name) + length)

  memory.write(REDACTED, place('REDACTED'))
  for (const [index, column] of writtenColumns.entries()) {
    memory.set(names[column], place('NAMES') + index * place('name_bytes'))
    memory[place('NAME_LENGTHS') + index] = names[column].length
  }

  /** The lines that hold what was missed were left this time; the careful reader's view of it serves for the next ones. */
  function learnMissed(): void {
    const count = kernel.missed.value
    for (let i = 0; i < count; i++) {
      const at = place('MISSED') + i * missedBytes
      const [kind, from, length] = [0, 4, 8].map((offset) => memory.readUInt32LE(at + offset)) as [
        number,
        number,
        number,
      ]
      const meaning = meaningOf(kind, memory.toString('latin1', from, from + length))
      if (meaning === null || meaning.part.length > place('part_bytes')) continue
      memory.set(meaning.part, place('PART'))
      kernel.learn(kind, from, length, meaning.part.length, meaning.number)
    }
  }

  return {
    take({ bytes, lines }, origin, { from_us, to_us }) {
      if (
        bytes.length > place('run_bytes') ||
        lines > place('run_lines') ||
        origin.length > place('origin_bytes')
      )
        return null
      memory.set(bytes, place('INPUT'))
      memory.set(origin, place('ORIGIN'))
      kernel.run(bytes.length, origin.length, from_us / 1_000_000, to_us / 1_000_000)
      learnMissed()
      const rows = kernel.rows.value
      return {
        ilp: view('ROWS', kernel.row_bytes.value),
        rows,
        expired: kernel.expired.value,
        oldest_us: rows === 0 ? null : kernel.oldest_s.value * 1_000_000,
        newest_us: rows === 0 ? null : kernel.newest_s.value * 1_000_000,
        left: view('LEFT', kernel.left_bytes.value),
        left_lines: kernel.left.value,
        lineOfLeft: (index) => memory.readUInt32LE(place('LEFT_LINES') + 4 * index),
      }
    },
  }
}
