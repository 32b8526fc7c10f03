import { join } from 'node:path'
import { startChild } from '../../src/servers/child.ts'
import type { Child } from '../../src/servers/child.ts'
import { findJava } from '../../src/servers/java.ts'
import { freePort } from '../../src/servers/port.ts'
import { questdbAddress } from '../../src/store/address.ts'
import type { QuestDBAddress } from '../../src/store/address.ts'
import { serverOptions, testQuestDB } from './servers.ts'

/** A QuestDB in its developer mode, which alone takes SUSPEND WAL. The caller stops it. */
export async function startDevQuestDB(): Promise<Child & { address: QuestDBAddress }> {
  // Its jar is there once this one runs.
  await testQuestDB()
  const { dataDir, libDir, log } = serverOptions()
  const { java } = await findJava()
  const { port } = await freePort(0, '127.0.0.1')
  const httpUrl = `http://127.0.0.1:${port}`
  const jar = join(libDir, 'questdb-9.3.4', 'questdb-9.3.4.jar')
  const child = await startChild({
    name: 'QuestDB in developer mode',
    command: [java, '-Xmx512m', '-p', jar, '-m', 'io.questdb/io.questdb.ServerMain', '-d', dataDir],
    env: {
      QDB_DEV_MODE_ENABLED: 'true',
      QDB_HTTP_BIND_TO: `127.0.0.1:${port}`,
      QDB_HTTP_MIN_ENABLED: 'false',
      QDB_PG_ENABLED: 'false',
      QDB_LINE_TCP_ENABLED: 'false',
      QDB_TELEMETRY_ENABLED: 'false',
    },
    logFile: join(dataDir, 'questdb.log'),
    ready: () =>
      fetch(`${httpUrl}/exec?query=SELECT%201`, { signal: AbortSignal.timeout(2_000) }).then(
        ({ ok }) => ok,
        () => false,
      ),
    log,
  })
  return Object.assign(child, { address: questdbAddress(httpUrl, '') })
}
