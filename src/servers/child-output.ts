import { closeSync, copyFileSync, fstatSync, ftruncateSync, openSync, readFileSync } from 'node:fs'

const look_ms = 10_000

export interface ChildOutput {
  /** For stdout and stderr of the child: it writes to the file itself, so that a busy or dead parent never stops it. */
  fd: number
  /** The last lines written since the last `mark()`. */
  tail: () => string
  mark: () => void
  close: () => void
}

/** Opens the file that a child's output is added to; beyond `limit_bytes` it is moved to `path.1` and begun anew. */
export function openChildOutput(path: string, limit_bytes = 4 * 1024 * 1024): ChildOutput {
  const fd = openSync(path, 'a', 0o600)
  let begin_bytes = 0
  function bound() {
    if (fstatSync(fd).size <= limit_bytes) return
    copyFileSync(path, `${path}.1`)
    ftruncateSync(fd)
    begin_bytes = 0
  }
  const timer = setInterval(bound, look_ms)
  timer.unref()
  return {
    fd,
    tail: () => readFileSync(path).subarray(begin_bytes).toString().trim().split('\n').slice(-15).join('\n'),
    mark() {
      bound()
      begin_bytes = fstatSync(fd).size
    },
    close() {
      clearInterval(timer)
      closeSync(fd)
    },
  }
}
