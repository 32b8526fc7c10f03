import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { InvalidError } from '../../src/errors.ts'
import { endStale, stalenessMarks } from '../../src/servers/stale.ts'
import { printedNumber } from '../support/child-process.ts'
import { tempDir } from '../support/temp-dir.ts'

// It forks nothing, as a fork shows our marks too until it is another program.
const fifo = join(tempDir(), 'fifo')
Bun.spawnSync(['mkfifo', fifo])
const idle = `echo $$; read x < ${fifo}`

/** Runs in `home` as if started by the process `parent`; its real parent is gone when `orphan`. */
async function run(home: string, parent: number, orphan: boolean): Promise<number> {
  const marks = stalenessMarks(home).map((mark) => mark.replace(/parent=\d+$/, `parent=${parent}`))
  const script = orphan ? ['sh -c "$0" sh "$@" &', idle] : [idle, 'sh']
  const child = Bun.spawn(['sh', '-c', ...script, ...marks], { stdout: 'pipe' })
  if (orphan) await child.exited
  return printedNumber(child.stdout)
}

const newHome = () => `/nowhere/${crypto.randomUUID()}`

test('endStale ends what an earlier run left in this folder, and nothing else', async () => {
  const home = newHome()
  const neighbour = await run(`${home}2`, 999_999_998, true)
  const left = await run(home, 999_999_999, true)
  expect(await endStale(home)).toEqual([left])
  expect(await endStale(home)).toEqual([])
  expect(await endStale(`${home}2`)).toEqual([neighbour])
})

test('endStale ends what this process itself started before it began anew', async () => {
  const home = newHome()
  const left = await run(home, process.pid, false)
  expect(await endStale(home)).toEqual([left])
})

test('endStale refuses a folder where the server of a living run works', async () => {
  const home = newHome()
  const script = 'sh -c "$0" sh "$1" "-Dspacewatch.parent=$$" & wait'
  const living = Bun.spawn(['sh', '-c', script, idle, `-Dspacewatch.home=${home}`], { stdout: 'pipe' })
  const server = await printedNumber(living.stdout)
  const error = await endStale(home).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(InvalidError)
  expect(String(error)).toContain(`process ${living.pid} runs one there (process ${server})`)
  living.kill('SIGKILL')
  await living.exited
  expect(await endStale(home)).toEqual([server])
})
