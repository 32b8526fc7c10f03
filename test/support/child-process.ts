import { existsSync, readFileSync } from 'node:fs'

/** True while the process runs; a zombie does not. */
export function lives(pid: number | undefined): boolean {
  return existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`).length > 0
}

/** The number that a process prints first. */
export async function printedNumber(stdout: ReadableStream<Uint8Array>): Promise<number> {
  const { value } = await stdout.getReader().read()
  return Number.parseInt(new TextDecoder().decode(value), 10)
}
