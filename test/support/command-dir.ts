import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempDir } from './temp-dir.ts'

/** A directory for a PATH with shell scripts of these names. */
export function commandDir(scripts: Record<string, string>): string {
  const dir = tempDir()
  for (const [name, script] of Object.entries(scripts))
    writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return dir
}
