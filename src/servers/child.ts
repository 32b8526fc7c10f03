import { writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { UnavailableError } from '../errors.ts'
import type { Log } from '../log.ts'
import { openChildOutput } from './child-output.ts'

export type ChildState = 'starting' | 'running' | 'restarting' | 'stopped'

export interface Child {
  readonly state: ChildState
  /** How often it was started again. */
  readonly restarts: number
  readonly pid: number | undefined
  /** Kills the process at once; the supervision starts it again. */
  restart: (reason: string) => void
  /** SIGTERM, and SIGKILL when that is not enough; resolves when the process is gone. */
  stop: () => Promise<void>
}

export interface ChildOptions {
  name: string
  command: string[]
  /** The whole environment: nothing is inherited, secrets least of all. */
  env: Record<string, string>
  logFile: string
  /** True when the server answers; must itself end soon, and not throw. */
  ready: () => Promise<boolean>
  log: Log
  ready_ms?: number
  stop_ms?: number
  backoff_ms?: { least: number; most: number }
}

/** Starts a process and keeps it running until `stop()`; throws UnavailableError when it does not become ready the first time. */
export async function startChild({
  name,
  command,
  env,
  logFile,
  ready,
  log,
  ready_ms = 60_000,
  stop_ms = 10_000,
  backoff_ms = { least: 200, most: 30_000 },
}: ChildOptions): Promise<Child> {
  const output = openChildOutput(logFile)
  const stopping = new AbortController()
  const tied = tiedToUs(command)
  let state: ChildState = 'starting'
  let restarts = 0
  let child = spawn()
  const kill = () => child?.kill('SIGKILL')
  process.on('exit', kill)

  function spawn() {
    output.mark()
    const { fd } = output
    try {
      // Detached: a Ctrl-C in the terminal must not reach the server before we have drained into it.
      const started = Bun.spawn(tied, { env, detached: true, stdin: 'ignore', stdout: fd, stderr: fd })
      putBehindUs(started.pid)
      return started
    } catch (error) {
      log.warn({ error: String(error) }, `Cannot run ${command[0]}`)
      return undefined
    }
  }

  async function becomesReady(started: Process | undefined): Promise<boolean> {
    if (!started) return false
    const deadline = performance.now() + ready_ms
    while (!hasEnded(started) && performance.now() < deadline) {
      if (await ready()) return !hasEnded(started)
      await Bun.sleep(25)
    }
    return false
  }

  async function supervise() {
    for (let failures = 0; ;) {
      await child?.exited
      if (stopping.signal.aborted) return
      state = 'restarting'
      restarts++
      const pause_ms = Math.min(backoff_ms.most, backoff_ms.least * 2 ** failures) * (0.5 + Math.random() / 2)
      log.warn({ restarts, pause_ms, output: output.tail() }, `${name} ${howEnded(child)}: starting it again`)
      await wait(pause_ms, undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return
      child = spawn()
      const up = await becomesReady(child)
      if (stopping.signal.aborted) continue
      if (up) {
        failures = 0
        state = 'running'
        log.info({ pid: child?.pid, restarts }, `${name} runs again`)
      } else {
        failures++
        kill()
      }
    }
  }

  async function stop() {
    if (state === 'stopped') return void (await supervision)
    state = 'stopped'
    stopping.abort()
    child?.kill('SIGTERM')
    const timer = setTimeout(kill, stop_ms)
    await child?.exited
    clearTimeout(timer)
    await supervision
    process.off('exit', kill)
    output.close()
  }

  let supervision: Promise<void> | undefined
  if (!(await becomesReady(child))) {
    const fact = !child || hasEnded(child) ? `it ${howEnded(child)}` : `no answer within ${ready_ms} ms`
    kill()
    await child?.exited
    const tail = output.tail()
    await stop()
    throw new UnavailableError(`Cannot start ${name}: ${fact}:\n${tail}`, `see ${logFile}`)
  }
  state = 'running'
  supervision = supervise()

  return {
    get state() {
      return state
    },
    get restarts() {
      return restarts
    },
    get pid() {
      return child?.pid
    },
    restart(reason) {
      if (state !== 'running') return
      state = 'restarting'
      log.warn({ reason }, `${name} is killed`)
      kill()
    },
    stop,
  }
}

type Process = Bun.Subprocess

function hasEnded({ exitCode, signalCode }: Process): boolean {
  return exitCode !== null || signalCode !== null
}

function howEnded(child: Process | undefined): string {
  if (!child) return 'could not be run'
  return child.signalCode ? `was ended by ${child.signalCode}` : `ended with exit code ${child.exitCode}`
}

const lowered = 5

/** Under load we go first: with both cores in its hands, QuestDB kept our event loop waiting for a quarter of a second. */
function putBehindUs(pid: number): void {
  try {
    setPriority(pid, lowered)
    // Linux deals out the processor to sessions first, and the server has one of its own.
    writeFileSync(`/proc/${pid}/autogroup`, String(lowered))
  } catch {
    // Where there is no such thing, it stays as it is.
  }
}

/** The command, killed by the kernel when this process dies in whatever way; only Linux with util-linux can. */
function tiedToUs(command: string[]): string[] {
  const tie = ['setpriv', '--pdeathsig', 'KILL', '--']
  const works = Bun.which('setpriv') !== null && Bun.spawnSync([...tie, 'true']).success
  return works ? [Bun.which('setpriv') ?? 'setpriv', ...tie.slice(1), ...command] : command
}
