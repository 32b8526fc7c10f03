import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Dataset } from './dataset.ts'
import { timed } from './figure.ts'
import type { Figure } from './figure.ts'

/** Counts the lines, as the fastest that can be done with them. */
export async function measureWc({ file, lines, bytes }: Dataset): Promise<Figure[]> {
  const effort = await timed({ wc: process.pid }, () => run(['wc', '-l', file]))
  return [{ name: 'wc -l', lines, bytes, ...effort, peak_rss_mb: null, loop_p99_ms: null, note: '' }]
}

/** GoAccess's report of the lines; nothing where it is not installed. */
export async function measureGoAccess({ file, dir, lines, bytes }: Dataset): Promise<Figure[]> {
  if (Bun.which('goaccess') === null) return []
  const report = join(dir, 'goaccess.json')
  const effort = await timed({ goaccess: process.pid }, () =>
    run(['goaccess', file, '--log-format=AWSS3', '--no-global-config', '--no-progress', '-o', report]),
  )
  const general = existsSync(report)
    ? ((await Bun.file(report).json()) as { general: { valid_requests: number } }).general
    : { valid_requests: 0 }
  const note = `${general.valid_requests} lines read, a report and no table`
  return [{ name: 'GoAccess', lines, bytes, ...effort, peak_rss_mb: null, loop_p99_ms: null, note }]
}

async function run(command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' })
  if ((await child.exited) !== 0)
    throw new Error(`Cannot measure ${command[0]}: ${await child.stderr.text()}`)
}
