import { startApp } from '../support/app-process.ts'
import type { AppOptions, AppProcess } from '../support/app-process.ts'

/** An app that is started again whenever it ends, as a service manager would. */
export interface SupervisedApp {
  readonly process: AppProcess
  /** How often it ended by itself: without QuestDB it does not start. */
  readonly ends: number
  kill(): void
  ready(): Promise<boolean>
  /** SIGTERM; gives its exit code and how long it took. */
  stop(): Promise<{ exitCode: number | null; seconds: number }>
}

const pause_ms = 100

export function superviseApp(options: AppOptions): SupervisedApp {
  let stopping = false
  let killed = false
  let ends = 0
  let current = startApp(options)

  async function supervise(): Promise<void> {
    for (;;) {
      await current.exited
      if (stopping) return
      if (!killed) ends++
      killed = false
      await Bun.sleep(pause_ms)
      current = startApp(options)
    }
  }
  const supervision = supervise()

  return {
    get process() {
      return current
    },
    get ends() {
      return ends
    },
    kill() {
      killed = true
      current.kill('SIGKILL')
    },
    async ready() {
      const url = current.url()
      if (url === null) return false
      const signal = AbortSignal.timeout(4_000)
      return fetch(`${url}/health/ready`, { signal }).then(
        ({ ok }) => ok,
        () => false,
      )
    },
    async stop() {
      const started_ms = performance.now()
      stopping = true
      current.kill('SIGTERM')
      const exitCode = await current.exited
      await supervision
      return { exitCode, seconds: (performance.now() - started_ms) / 1000 }
    },
  }
}
