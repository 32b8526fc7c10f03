// A run of its own that a test can kill: starts QuestDB in the data directory argv[2], jars in argv[3], prints its process id, stays.
import { createLog } from '../../src/log.ts'
import { startQuestDB } from '../../src/servers/questdb.ts'

const [, , dataDir = '', libDir = ''] = process.argv
const server = await startQuestDB({
  dataDir,
  libDir,
  httpPort: 0,
  pgPort: 0,
  heap_mb: 256,
  log: createLog('silent'),
  progress: () => {},
})
console.log(server.pid)
