import { readFileSync } from 'node:fs'

/** What one step of the benchmark measured. */
export interface Figure {
  name: string
  lines: number
  bytes: number
  seconds: number
  /** Processor seconds of each process that took part. */
  cpu_s: Record<string, number>
  /** Share (0 to 1) of all processor time that went to processes that took no part: from 0.1 on it is disturbed. */
  others: number
  /** Largest resident memory of the process that did the work; null where that is another's program. */
  peak_rss_mb: number | null
  /** 99th percentile of the event loop's delay while it worked; null where nobody waits for that loop. */
  loop_p99_ms: number | null
  note: string
}

export type Effort = Pick<Figure, 'seconds' | 'cpu_s' | 'others'>

// USER_HZ, the same on every Linux that Bun runs on.
const ticksPerSecond = 100

/** Runs `work`, and tells how long it took and how much of that was the work of these processes. */
export async function timed(
  processes: Record<string, number | undefined>,
  work: () => Promise<void>,
): Promise<Effort> {
  const before = cpu(processes)
  const started_ms = performance.now()
  await work()
  const seconds = (performance.now() - started_ms) / 1000
  const after = cpu(processes)
  const cpu_s = Object.fromEntries(
    Object.entries(after.each).map(([name, used]) => [name, used - (before.each[name] ?? 0)]),
  )
  const own = Object.values(cpu_s).reduce((sum, used) => sum + used, 0)
  const busy = after.busy - before.busy
  return { seconds, cpu_s, others: Math.max(0, busy - own) / (after.all - before.all) }
}

function cpu(processes: Record<string, number | undefined>) {
  const each = Object.fromEntries(
    Object.entries(processes).map(([name, pid]) => [name, processorSeconds(pid ?? 0)]),
  )
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softIrq = 0, stolen = 0] = readFileSync(
    '/proc/stat',
    'utf8',
  )
    .split('\n', 1)
    .join()
    .split(/ +/)
    .slice(1)
    .map((ticks) => Number(ticks) / ticksPerSecond)
  const busy = user + nice + system + irq + softIrq + stolen
  return { each, busy, all: busy + idle + wait }
}

/** Processor seconds of a process and of its ended children. */
function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond
}

/** The largest resident memory that a process has had so far, in MB. */
export function peakRss_mb(pid: number | 'self' = 'self'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round((Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) * 1024) / 1e6)
}
