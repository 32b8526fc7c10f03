import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import { UnavailableError } from '../../src/errors.ts'
import { startChild } from '../../src/servers/child.ts'
import { lives, printedNumber } from '../support/child-process.ts'
import { serverOptions } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'

const idle = 'while :; do sleep 0.2; done'

function options(script: string) {
  const { dataDir, log } = serverOptions()
  const command = ['/bin/sh', '-c', script]
  const logFile = join(dataDir, 'child.log')
  const backoff_ms = { least: 1, most: 10 }
  return {
    name: 'Thing',
    command,
    env: { PATH: '/bin:/usr/bin' },
    logFile,
    log,
    ready: async () => true,
    backoff_ms,
  }
}

test('startChild starts the process again when it ends, and counts it', async () => {
  const child = await startChild(options(idle))
  const first = child.pid
  expect(child).toMatchObject({ state: 'running', restarts: 0 })
  process.kill(first ?? 0, 'SIGKILL')
  await until(() => child.state === 'running' && child.restarts === 1)
  expect(child.pid).not.toBe(first)
  child.restart('the test wants it')
  await until(() => child.state === 'running' && child.restarts === 2)
  await child.stop()
})

test('a server that was started goes behind us when the processor is short', async () => {
  const child = await startChild(options(idle))
  expect(getPriority(child.pid ?? 0)).toBeGreaterThan(getPriority())
  await child.stop()
})

test('startChild keeps trying while a restart fails', async () => {
  let fine = true
  const child = await startChild({ ...options(idle), ready: async () => fine, ready_ms: 20 })
  fine = false
  child.restart('the test wants it')
  await until(() => child.restarts >= 4)
  expect(child.state).toBe('restarting')
  fine = true
  await until(() => child.state === 'running')
  await child.stop()
})

test('stop() ends the process, also one that ignores SIGTERM, and one that waits for its restart', async () => {
  const polite = await startChild(options(idle))
  const stubborn = await startChild({ ...options(`trap '' TERM; ${idle}`), stop_ms: 50 })
  const waiting = await startChild({ ...options(idle), backoff_ms: { least: 1e6, most: 1e6 } })
  waiting.restart('the test wants it')
  await until(() => waiting.state === 'restarting')
  for (const child of [polite, stubborn, waiting]) {
    await child.stop()
    expect(child.state).toBe('stopped')
    expect(lives(child.pid)).toBe(false)
    await child.stop()
  }
})

test('startChild shows the last output of a process that ends at once, and leaves it alone', async () => {
  const given = options('echo out; echo err >&2; exit 3')
  const error = await startChild({ ...given, ready: async () => false }).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(UnavailableError)
  expect(String(error)).toContain('Cannot start Thing: it ended with exit code 3:\nout\nerr')
  expect(error).toMatchObject({ hint: expect.stringContaining(given.logFile) })
})

test('startChild gives up on a first start that never answers, and kills it', async () => {
  const given = options(`echo $$; ${idle}`)
  const error = await startChild({ ...given, ready: async () => false, ready_ms: 300 }).catch(
    (error: unknown) => error,
  )
  expect(String(error)).toContain('no answer within 300 ms')
  expect(lives(Number.parseInt(readFileSync(given.logFile, 'utf8'), 10))).toBe(false)
})

test('startChild reports a command that cannot be run', () => {
  expect(
    startChild({ ...options(''), command: ['/no/such/command'], ready: async () => false }),
  ).rejects.toThrow(UnavailableError)
})

test('a child shares neither our environment nor the Ctrl-C of our terminal', async () => {
  const given = options(`env; ${idle}`)
  const child = await startChild({ ...given, env: { PATH: '/bin:/usr/bin', GIVEN: 'yes' } })
  await until(() => readFileSync(given.logFile, 'utf8').includes('GIVEN=yes'))
  expect(readFileSync(given.logFile, 'utf8')).not.toContain('HOME=')
  const [, , , , group] = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(' ')
  expect(Number(group)).toBe(child.pid ?? 0)
  await child.stop()
})

test.each([
  ['is killed', 'stay', '/bin:/usr/bin'],
  // There nothing but our own last act ends the child.
  ['exits, where there is no setpriv', 'exit', '/nowhere'],
])('a child dies with its run when that %s', async (_, end, PATH) => {
  const script = join(import.meta.dir, '../support/run-child.ts')
  const command = [process.execPath, script, join(tempDir(), 'child.log'), end]
  const run = Bun.spawn(command, { env: { PATH }, stdout: 'pipe' })
  const pid = await printedNumber(run.stdout)
  if (end === 'stay') {
    expect(lives(pid)).toBe(true)
    run.kill('SIGKILL')
  }
  await run.exited
  expect(run.signalCode).toBe(end === 'stay' ? 'SIGKILL' : null)
  // It would sleep for a minute.
  await until(() => !lives(pid), { timeout_ms: 10_000 })
  expect(lives(pid)).toBe(false)
})
