import { readFileSync } from 'node:fs'
import { REDACTED } from '../logs/redact.ts'
import { authSchemes, secretMasks, secretStarts } from '../logs/secret-names.ts'
import { names } from '../store/ilp-fields.ts'
import { createMeanings } from './learned-parts.ts'
import type { LearnedName } from './learned-parts.ts'

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
  | 'SCHEMES'
  | 'SECRET_MASKS'
  | 'SECRET_STARTS'
  | 'most_names'
  | 'name_bytes'
  | 'origin_bytes'
  | 'part_bytes'
  | 'redacted_bytes'
  | 'run_bytes'
  | 'run_lines'
  | 'schemes_bytes'
  | 'secret_masks_bytes'
  | 'secret_starts_bytes'
  | 'rows'
  | 'row_bytes'
  | 'expired'
  | 'oldest_s'
  | 'newest_s'
  | 'left'
  | 'left_bytes'
  | 'missed'

interface Kernel extends Record<Exported | LearnedName, { readonly value: number | bigint }> {
  memory: { buffer: ArrayBuffer }
  run(length: number, originLength: number, keptFrom_s: number, keptTo_s: number): void
  learn(kind: number, from: number, length: number, partLength: number, value: number): void
}

const missedBytes = 12
// As AssemblyScript exports an enum: `Name.key`.
const enumName = 'Name.'
const wasm = readFileSync(new URL('kernel/kernel.wasm', import.meta.url))
// Compiled once, so that the engine's work on it serves all sources.
const compiled = WebAssembly.validate(wasm) ? new WebAssembly.Module(wasm) : null

/**
 * Starts the kernel (kernel/, compiled to WebAssembly), which makes rows out of bytes without a string or an object in between:
 * half a microsecond a line, where those take three. Null where the processor lacks the vectors that it computes with.
 */
export function startLineKernel(): LineKernel | null {
  if (compiled === null) return null
  const { exports } = new WebAssembly.Instance(compiled, {})
  const kernel = exports as unknown as Kernel
  const memory = Buffer.from(kernel.memory.buffer)
  const place = (name: Exported | LearnedName): number => Number(kernel[name].value)
  const view = (name: Exported, length: number): Uint8Array =>
    memory.subarray(place(name), place(name) + length)
  const meaningOf = createMeanings(place)
  feed(exports, place, memory)

  /** The lines that hold what was missed were left this time; the careful reader's view of it serves for the next ones. */
  function learnMissed(): void {
    const count = place('missed')
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
      const rows = place('rows')
      return {
        ilp: view('ROWS', place('row_bytes')),
        rows,
        expired: place('expired'),
        oldest_us: rows === 0 ? null : place('oldest_s') * 1_000_000,
        newest_us: rows === 0 ? null : place('newest_s') * 1_000_000,
        left: view('LEFT', place('left_bytes')),
        left_lines: place('left'),
        lineOfLeft: (index) => memory.readUInt32LE(place('LEFT_LINES') + 4 * index),
      }
    },
  }
}

/** Gives the kernel what is said elsewhere: the names of columns, the names of secrets, and what stands for these. */
function feed(
  exports: WebAssembly.Instance['exports'],
  place: (name: Exported) => number,
  memory: Buffer,
): void {
  memory.write(fitting(REDACTED, place('redacted_bytes')), place('REDACTED'))
  const columns = Object.keys(exports).filter((name) => name.startsWith(enumName))
  if (columns.length > place('most_names')) throw new Error('Cannot start the kernel: too many columns')
  for (const exported of columns) {
    const index = (exports[exported] as WebAssembly.Global).value as number
    const name = names[exported.slice(enumName.length) as keyof typeof names]
    memory.set(fitting(name, place('name_bytes')), place('NAMES') + index * place('name_bytes'))
    memory[place('NAME_LENGTHS') + index] = name.length
  }
  const schemes = authSchemes.map((scheme) => scheme.slice(0, 3)).join('')
  memory.write(fitting(schemes, place('schemes_bytes')), place('SCHEMES'))
  memory.set(fitting(secretStarts(), place('secret_starts_bytes')), place('SECRET_STARTS'))
  memory.set(fitting(secretMasks(), place('secret_masks_bytes')), place('SECRET_MASKS'))
}

/** `text` itself: what is longer than its place would lie in the next one. */
function fitting<T extends string | Uint8Array>(text: T, bytes: number): T {
  if (text.length > bytes)
    throw new Error(
      `Cannot start the kernel: ${Buffer.from(text)} has ${text.length} bytes, its place ${bytes}`,
    )
  return text
}
