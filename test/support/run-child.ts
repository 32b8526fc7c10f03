// A run of its own that a test can kill: keeps a child that idles, logging to argv[2], prints its process id, then exits or stays (argv[3]).
import { readFileSync } from 'node:fs'
import { createLog } from '../../src/log.ts'
import { startChild } from '../../src/servers/child.ts'

const [, , logFile = '', end] = process.argv
const child = await startChild({
  name: 'Child',
  command: ['/bin/sh', '-c', 'echo up; exec sleep 60'],
  env: { PATH: '/bin:/usr/bin' },
  logFile,
  log: createLog('silent'),
  ready: async () => readFileSync(logFile, 'utf8') === 'up\n',
})
console.log(child.pid)
if (end === 'exit') process.exit()
