import type { RunParser } from '../logs/parse.ts'
import type { Operation, Refusal } from '../logs/record.ts'
import { originOf } from '../store/ilp-fields.ts'
import type { RowBuffer } from '../store/ilp.ts'
import type { Part } from '../store/slabs.ts'
import { startLineKernel } from './line-kernel.ts'
import type { LineKernel, Taken } from './line-kernel.ts'

/** What became of the lines of a run: `rows`, `refused`, `blank` and `expired` together. */
export interface RunRows {
  /** Rows in line protocol, in the buffer that they were appended to. */
  ilp: Part
  rows: number
  refused: Refusal[]
  blank: number
  /** Records from before what is kept. */
  expired: number
  /** Over the rows; null when there are none. */
  oldest_us: number | null
  newest_us: number | null
}

/** Records of `[from_us, to_us)` are kept: older ones are counted as expired, later ones are refused. */
export interface Kept {
  from_us: number
  to_us: number
}

export const everything: Kept = { from_us: 0, to_us: Infinity }

export interface RowMaker {
  /** Never throws, whatever the bytes are. `parser` is that of the log object, which sees its runs in order. */
  make(
    run: { bytes: Uint8Array; lines: number; first_line: number },
    parser: RunParser,
    logObject: string,
    kept: Kept,
  ): RunRows
}

/**
 * Turns the lines of a log source into rows: the regular ones by the kernel, all others by the careful reader and the
 * encoder. For a line that both can take the row is the same, byte by byte.
 */
export function createRowMaker(
  source: string,
  buffer: Pick<RowBuffer, 'append'>,
  kernel: LineKernel | null = startLineKernel(),
): RowMaker {
  let logObject = ''
  let origin = originOf(source, logObject)

  return {
    make(run, parser, of, within) {
      if (of !== logObject) {
        logObject = of
        origin = originOf(source, logObject)
      }
      const taken = kernel?.take(run, origin, within) ?? leaveAll(run)
      // Numbered from 0, so that a refused line tells its place among those that were left.
      const left = { bytes: taken.left, lines: taken.left_lines, first_line: 0 }
      const { operations, refused, blank } = parser.parse(left, within.to_us)
      const kept = operations.some(({ ts }) => ts < within.from_us)
        ? operations.filter(({ ts }) => ts >= within.from_us)
        : operations
      return {
        ilp: buffer.append(kept, origin, taken.ilp),
        rows: taken.rows + kept.length,
        refused: refused.map((refusal) => ({
          ...refusal,
          line: run.first_line + taken.lineOfLeft(refusal.line),
        })),
        blank,
        expired: taken.expired + operations.length - kept.length,
        ...span(kept, taken),
      }
    },
  }
}

function leaveAll({ bytes, lines }: { bytes: Uint8Array; lines: number }): Taken {
  return {
    ilp: new Uint8Array(0),
    rows: 0,
    expired: 0,
    oldest_us: null,
    newest_us: null,
    left: bytes,
    left_lines: lines,
    lineOfLeft: (index) => index,
  }
}

function span(
  operations: readonly Operation[],
  { oldest_us, newest_us }: Taken,
): Pick<RunRows, 'oldest_us' | 'newest_us'> {
  for (const { ts } of operations) {
    if (oldest_us === null || ts < oldest_us) oldest_us = ts
    if (newest_us === null || ts > newest_us) newest_us = ts
  }
  return { oldest_us, newest_us }
}
