import { existsSync } from 'node:fs'
import { expect, setDefaultTimeout, test } from 'bun:test'
import { createLog } from '../../src/log.ts'
import { startClosedDays } from '../../src/store/closed-days.ts'
import { execute } from '../../src/store/http.ts'
import { createRowBuffer } from '../../src/store/ilp.ts'
import { originOf } from '../../src/store/ilp-fields.ts'
import { operation } from '../metrics/operations-store.ts'
import { traffic } from '../metrics/traffic.ts'
import { stopAfterTests, startTestQuestDB } from '../support/servers.ts'
import { openTestStore } from '../support/store.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(240_000)

const day_ms = 86_400_000
const kills = 6
const lives = (pid: number): boolean => existsSync(`/proc/${pid}`)

test('kills of QuestDB while days become Parquet and late rows come for them lose and double nothing', async () => {
  const server = await startTestQuestDB()
  stopAfterTests(server.stop)
  const store = await openTestStore(server)
  const now_ms = Math.floor(Date.now() / day_ms) * day_ms + day_ms / 2
  const buffer = createRowBuffer()
  const originals = traffic(8, 30_000, now_ms - 9 * day_ms, now_ms)
  const rowsOf = (operations: typeof originals) => buffer.append(operations, originOf('source-a', 'o')).bytes
  expect(await store.write(rowsOf(originals))).toEqual([])
  await store.visible()
  const late = Array.from({ length: kills }, (_, round) =>
    Array.from({ length: 300 }, (_, n) =>
      operation({ ts: (now_ms - (3 + (n % 6)) * day_ms + n) * 1000, key: `late/${round}/${n}` }),
    ),
  )
  const keeper = startClosedDays({
    address: store.address,
    after_ms: 2 * day_ms,
    isIdle: () => true,
    log: createLog('silent'),
    now: () => now_ms,
    every_ms: 1,
  })
  for (const [round, operations] of late.entries()) {
    const body = rowsOf(operations)
    // A post that is not answered is sent again, as the writer does.
    const stored = until(async () => (await store.write(body).catch(() => null)) !== null, {
      timeout_ms: 60_000,
    })
    await Bun.sleep((round * 37) % 150)
    await until(() => server.pid !== undefined && lives(server.pid), { timeout_ms: 60_000 })
    process.kill(server.pid ?? 0, 'SIGKILL')
    await stored
    expect(await store.write(body).catch(() => [])).toEqual([])
  }
  const answers = () =>
    execute(store.address, 'SELECT 1').then(
      () => true,
      () => false,
    )
  await until(answers, { timeout_ms: 60_000 })
  await until(() => keeper.status().days >= 6 && keeper.status().waiting_days === 0, { timeout_ms: 60_000 })
  await keeper.stop()
  await store.visible()
  const count = async (sql: string) => (await execute(store.address, sql))[0]?.map(Number)
  const added = kills * 300
  expect(
    await count("SELECT count(), count_distinct(line_hash) FROM operations WHERE key LIKE 'late/%'"),
  ).toEqual([added, added])
  const wanted = originals.reduce((sum, { bytes_sent }) => sum + bytes_sent, 0)
  expect(
    await count("SELECT count(), sum(bytes_sent) FROM operations WHERE key IS NULL OR NOT key LIKE 'late/%'"),
  ).toEqual([originals.length, wanted])
  await store.close()
})
