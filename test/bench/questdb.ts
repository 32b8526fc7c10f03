import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../../src/log.ts'
import { startQuestDB } from '../../src/servers/questdb.ts'
import type { QuestDBServer } from '../../src/servers/questdb.ts'
import { questdbAddress } from '../../src/store/address.ts'
import type { QuestDBAddress } from '../../src/store/address.ts'
import { execute } from '../../src/store/http.ts'
import { migrate } from '../../src/store/migrate.ts'
import { libDir } from './dataset.ts'

/** With where its data is. */
export type BenchServer = QuestDBServer & { address: QuestDBAddress; dataDir: string }

/** An empty QuestDB as the app starts it, with the app's tables, for as long as `work` takes. */
export async function withQuestDB<T>(
  work: (server: BenchServer) => Promise<T>,
  options: { query_timeout_ms?: number } = {},
): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'spacewatch-bench-questdb-'))
  const log = createLog('silent')
  const server = await startQuestDB({
    ...options,
    dataDir,
    libDir,
    httpPort: 0,
    pgPort: 0,
    log,
    progress: () => {},
  })
  try {
    const address = questdbAddress(server.httpUrl.reveal(), server.pgUrl.reveal())
    await migrate(address, { dir: join(import.meta.dir, '../../migrations'), retentionDays: 0 })
    return await work(Object.assign(server, { address, dataDir }))
  } finally {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Resolves once that many rows of `operations` can be seen; fails when there are more, or after `timeout_ms`. */
export async function untilVisible(
  address: QuestDBAddress,
  rows: number,
  timeout_ms = 300_000,
): Promise<void> {
  const deadline = performance.now() + timeout_ms
  for (;;) {
    const visible = Number((await execute(address, 'SELECT count() FROM operations'))[0]?.[0])
    if (visible === rows) return
    if (visible > rows) throw new Error(`Cannot measure: ${visible} rows, more than the ${rows} there are`)
    if (performance.now() > deadline)
      throw new Error(`Cannot measure: ${visible} of ${rows} rows after ${timeout_ms} ms`)
    await Bun.sleep(50)
  }
}
