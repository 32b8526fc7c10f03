import { readFileSync, readdirSync } from 'node:fs'
import { InvalidError, UnavailableError } from '../errors.ts'

const gone_ms = 15_000

/** JVM arguments by which a later run knows that a process works in the folder `home`, and for which process of ours. */
export function stalenessMarks(home: string): string[] {
  return [`-Dspacewatch.home=${home}`, `-Dspacewatch.parent=${process.pid}`]
}

/**
 * Kills what an earlier run left working in `home` and waits until it is gone; gives the process ids.
 * Throws InvalidError when the SpaceWatch that started it still lives.
 */
export async function endStale(home: string): Promise<number[]> {
  const stale = inHome(home)
  for (const { pid, parent, startedBy } of stale) {
    // The same id is no other run of ours: `bun --watch` starts anew within the same process.
    if (parent === startedBy && parent !== process.pid) {
      throw new InvalidError(
        `Cannot start a server in ${home}: process ${parent} runs one there (process ${pid})`,
        'stop that SpaceWatch, or set DATA_DIR to another folder',
      )
    }
  }
  for (const { pid } of stale) kill(pid)
  const deadline = performance.now() + gone_ms
  while (inHome(home).length > 0) {
    if (performance.now() > deadline)
      throw new UnavailableError(`Cannot end the earlier server in ${home}: still there after ${gone_ms} ms`)
    await Bun.sleep(20)
  }
  return stale.map(({ pid }) => pid)
}

function kill(pid: number) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone by itself; what may not be killed is reported as still there.
  }
}

function inHome(home: string): { pid: number; parent: number; startedBy: number }[] {
  const mark = stalenessMarks(home).join(' ').replace(/\d+$/, '')
  return processes().flatMap(({ pid, parent, command }) => {
    const at = command.indexOf(mark)
    return at < 0 ? [] : [{ pid, parent, startedBy: Number.parseInt(command.slice(at + mark.length), 10) }]
  })
}

function processes(): { pid: number; parent: number; command: string }[] {
  if (process.platform === 'linux')
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap(readProc)
  const { stdout } = Bun.spawnSync(['ps', '-axww', '-o', 'pid=,ppid=,args='])
  return stdout
    .toString()
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
      return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }]
    })
}

function readProc(pid: string): { pid: number; parent: number; command: string }[] {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    const [, parent] = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return [{ pid: Number(pid), parent: Number(parent), command }]
  } catch {
    // It ended while we looked.
    return []
  }
}
