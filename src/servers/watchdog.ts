import { setTimeout as wait } from 'node:timers/promises'
import type { Child } from './child.ts'

export interface WatchdogTimes {
  interval_ms: number
  /** How long one question may take. */
  deadline_ms: number
  /** A port is wedged after this silence; must exceed what honest work may hold all its workers for. */
  wedged_ms: number
}

/** A real question to one port: true when it was answered in time; must not throw. */
export type Probe = (deadline_ms: number) => Promise<boolean>

/** Asks every port until the child is stopped; restarts it when a port left two questions or more in a row unanswered over `wedged_ms`. */
export function startWatchdog(
  child: Child,
  probes: Record<string, Probe>,
  { interval_ms, deadline_ms, wedged_ms }: WatchdogTimes,
): void {
  async function watch(port: string, probe: Probe) {
    let unanswered = 0
    let silentFrom = 0
    for (;;) {
      await wait(interval_ms, undefined, { ref: false })
      if (child.state === 'stopped') return
      const asked = performance.now()
      // While it is known to be down, silence counts for nothing.
      const fine = child.state !== 'running' || (await probe(deadline_ms)) || child.state !== 'running'
      if (fine) {
        unanswered = 0
        continue
      }
      if (unanswered++ === 0) silentFrom = asked
      const silent_ms = Math.round(performance.now() - silentFrom)
      if (unanswered < 2 || silent_ms < wedged_ms) continue
      unanswered = 0
      child.restart(`no answer on the ${port} port for ${silent_ms} ms`)
    }
  }
  for (const [port, probe] of Object.entries(probes)) void watch(port, probe)
}
