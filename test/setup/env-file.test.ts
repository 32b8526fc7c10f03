import { expect, test } from 'bun:test'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setVariables } from '../../src/setup/env-file.ts'
import { tempDir } from '../support/temp-dir.ts'

async function asBunReads(dir: string, names: string[]): Promise<Record<string, string>> {
  const script = `console.log(JSON.stringify(Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, process.env[name]]))))`
  const child = Bun.spawn([process.execPath, '-e', script], { cwd: dir, env: { HOME: dir } })
  return JSON.parse(await child.stdout.text()) as Record<string, string>
}

test('what is set is what Bun reads, whatever a secret holds, and only its owner can read the file', async () => {
  const dir = tempDir()
  const path = join(dir, '.env')
  const values = {
    SPACES_SECRET: String.raw`a$b"c'd#e\f g=h`,
    OTHER: '$HOME',
    PLAIN: 'sgp1',
    EMPTY: '',
    TRICKY: String.raw`\$x\\`,
  }
  setVariables(path, values)
  expect(await asBunReads(dir, Object.keys(values))).toEqual(values)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a file that is there keeps all else, and no variable is set twice', () => {
  const path = join(tempDir(), '.env')
  writeFileSync(path, '# mine\nPORT=9000\n#LOG_BUCKET=\nLOG_BUCKETS=x\nSPACES_KEY=old\n', { mode: 0o644 })
  setVariables(path, { LOG_BUCKET: 'logs', SPACES_KEY: 'new', LOG_PREFIX: 'p/' })
  setVariables(path, { LOG_PREFIX: 'q/' })
  expect(readFileSync(path, 'utf8')).toBe(
    '# mine\nPORT=9000\nLOG_BUCKET=logs\nLOG_BUCKETS=x\nSPACES_KEY=new\nLOG_PREFIX=q/\n',
  )
  expect(statSync(path).mode & 0o777).toBe(0o600)
})
