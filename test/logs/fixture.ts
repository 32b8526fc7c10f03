import type { Operation } from '../../src/logs/record.ts'

/** One line of `fixtures/*.jsonl` and what it must become; `operation` leaves out what is null or 0 bytes, its `ts` is ISO. */
export interface Fixture {
  shape: string
  line: string
  operation?: Record<string, unknown>
  refused?: string
  blank?: true
}

/** The fixtures of one file, in order: they are the lines of one log object. */
export async function readFixtures(name: string): Promise<Fixture[]> {
  const text = await Bun.file(`${import.meta.dir}/fixtures/${name}.jsonl`).text()
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** `operation` in the form that fixtures have. */
export function condense({ ts, ...columns }: Operation): Record<string, unknown> {
  const set = Object.entries(columns).filter(
    ([name, value]) => name !== 'line_hash' && value !== null && !(name.startsWith('bytes_') && value === 0),
  )
  return { ts: new Date(ts / 1000).toISOString(), ...Object.fromEntries(set) }
}

/** A run that holds all of `text`. */
export function runOf(text: string | Uint8Array): { bytes: Uint8Array; lines: number; first_line: number } {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const newlines = bytes.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0)
  return { bytes, lines: newlines + (bytes.length > 0 && bytes.at(-1) !== 10 ? 1 : 0), first_line: 1 }
}
