// Preloaded by `bun test` (bunfig.toml), which fires no exit event: what is said here runs after the last file.
import { afterAll, setDefaultTimeout } from 'bun:test'
import { endTestServers } from './servers.ts'
import { removeTempDirs } from './temp-dir.ts'

afterAll(async () => {
  await endTestServers()
  removeTempDirs()
})

// Servers are started and killed; a test that is cut off takes the children of all others with it.
setDefaultTimeout(120_000)
