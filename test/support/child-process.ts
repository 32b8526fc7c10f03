import { existsSync, readFileSync } from 'node:fs'

/** True while the process runs; a zombie does not. */
export function lives(pid: number | undefined): boolean {
  return existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`).length > 0
}

/** The number that a process prints first; fails when it prints something else or nothing. */
export async function printedNumber(stdout: ReadableStream<Uint8Array>): Promise<number> {
  const { value } = await stdout.getReader().read()
  const text = new TextDecoder().decode(value)
  if (!/^\d+\n/.test(text)) throw new Error(`Cannot read a number: the process printed '${text}'`)
  return Number.parseInt(text, 10)
}
