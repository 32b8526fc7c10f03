import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const dirs: string[] = []

/** A new directory that goes with the tests. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'spacewatch-test-'))
  dirs.push(dir)
  return dir
}

/** Removes all that `tempDir` made. */
export function removeTempDirs(): void {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true, maxRetries: 3 })
}
