// Preloaded by `bun test` (bunfig.toml), which fires no exit event: what is said here runs after the last file.
import { afterAll } from 'bun:test'
import { endTestServers } from './servers.ts'
import { removeTempDirs } from './temp-dir.ts'

afterAll(async () => {
  await endTestServers()
  removeTempDirs()
})
