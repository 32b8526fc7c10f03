import { readFileSync } from 'node:fs'

interface Ancestor {
  pid: number
  parent: number
}

const every_ms = 1_000
// npm -> sh -> here, and one more for what wraps them.
const levelsAtMost = 3

/**
 * Calls `onEnd` once when the package manager that started this process (`npm start`) is gone: npm does not pass every
 * signal on. Does nothing where npm did not start it, or where there is no /proc. Gives what ends the watch.
 */
export function watchNpm(onEnd: () => void): () => void {
  const chain = upToNpm()
  if (chain.length === 0) return () => {}
  const timer = setInterval(() => {
    if (chain.every(({ pid, parent }) => statusOf(pid)?.parent === parent)) return
    clearInterval(timer)
    onEnd()
  }, every_ms)
  timer.unref()
  return () => clearInterval(timer)
}

// An orphan gets another parent, so each link of the chain shows that the next one lives.
function upToNpm(): Ancestor[] {
  const chain: Ancestor[] = []
  for (let pid = process.pid; chain.length < levelsAtMost;) {
    const status = statusOf(pid)
    if (!status || status.parent <= 1) return []
    chain.push({ pid, parent: status.parent })
    pid = status.parent
    // npm names itself after what it runs.
    if (/^npm\b/.test(statusOf(pid)?.name ?? '')) return chain
  }
  return []
}

/** Of a process, from Linux's /proc; null where there is none. */
function statusOf(pid: number): { name: string; parent: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const end = stat.lastIndexOf(')')
    return { name: stat.slice(stat.indexOf('(') + 1, end), parent: Number(stat.slice(end + 1).split(' ')[2]) }
  } catch {
    return null
  }
}
