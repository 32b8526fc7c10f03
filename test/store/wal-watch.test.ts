import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { createLog } from '../../src/log.ts'
import type { Child } from '../../src/servers/child.ts'
import type { QuestDBAddress } from '../../src/store/address.ts'
import { execute } from '../../src/store/http.ts'
import { startWalWatch } from '../../src/store/wal-watch.ts'
import type { WalWatch } from '../../src/store/wal-watch.ts'
import { createWriteRows } from '../../src/store/write.ts'
import { startDevQuestDB } from '../support/dev-questdb.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(60_000)

let server: Child & { address: QuestDBAddress }
beforeAll(async () => {
  server = await startDevQuestDB()
})
afterAll(() => server.stop())

function watch(address = server.address, dir: string | null = null, every_ms = 25): WalWatch {
  return startWalWatch({ address, dir, every_ms, log: createLog('silent') })
}

const write = (table: string, n: number): Promise<unknown> =>
  createWriteRows(server.address)(new TextEncoder().encode(`${table} n=${n}i 179000000000000${n}\n`))
const count = async (table: string): Promise<unknown> =>
  (await execute(server.address, `SELECT count() FROM ${table}`))[0]?.[0]

test('suspended tables and views are resumed, and what they had taken becomes visible', async () => {
  const run = (sql: string): Promise<unknown> => execute(server.address, sql)
  await run('CREATE TABLE stuck (ts TIMESTAMP, n LONG) TIMESTAMP(ts) PARTITION BY DAY WAL')
  await run(
    'CREATE MATERIALIZED VIEW a_view AS (SELECT ts, sum(n) n FROM stuck SAMPLE BY 1h) PARTITION BY DAY',
  )
  await write('stuck', 1)
  await until(async () => (await count('stuck')) === 1)
  // A refresh that is under way would end the suspension of its view.
  await until(async () => (await count('a_view')) === 1, { what: 'the view is refreshed' })
  const suspended = (): Promise<unknown> =>
    execute(server.address, 'SELECT name FROM wal_tables() WHERE suspended')
  await until(
    async () => {
      await run('ALTER MATERIALIZED VIEW a_view SUSPEND WAL')
      await run('ALTER TABLE stuck SUSPEND WAL')
      return ((await suspended()) as unknown[]).length === 2
    },
    { what: 'both are suspended' },
  )
  await write('stuck', 2)
  expect(await count('stuck')).toBe(1)

  // What it sees stays in its status until the next look: long enough to be seen here.
  const wal = watch(server.address, null, 500)
  await until(() => wal.status().suspended.length === 2, { what: 'the watch sees both' })
  expect(wal.status().suspended.toSorted()).toEqual(['a_view', 'stuck'])
  await until(async () => (await count('stuck')) === 2, { what: 'the row becomes visible' })
  await until(() => wal.status().suspended.length === 0 && wal.status().lag_transactions === 0)
  expect(wal.status()).toMatchObject({ away: null, disk_free: null })
  expect(() => wal.guard()).not.toThrow()
  wal.stop()
})

test('the watch tells the free share of the disk', async () => {
  const wal = watch(server.address, import.meta.dir)
  await until(() => wal.status().disk_free !== null)
  expect(wal.status().disk_free).toBeGreaterThan(0)
  expect(wal.status().disk_free).toBeLessThanOrEqual(1)
  wal.stop()
})

test('a server that is away, or a disk that cannot be asked, shows in the status and breaks nothing', async () => {
  const away = watch({ httpUrl: 'http://127.0.0.1:1', authorization: null, pgUrl: '' })
  await until(() => away.status().away !== null)
  expect(away.status().away).toContain('Cannot reach QuestDB')
  away.stop()

  const noDir = watch(server.address, '/no/such/directory')
  await until(() => noDir.status().away !== null)
  expect(noDir.status().away).toContain('/no/such/directory')
  noDir.stop()
})

test('a stopped watch asks no more, and a watch never has two questions open', async () => {
  const asked: Record<string, number> = {}
  let open = 0
  let most = 0
  const slow = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      const who = request.headers.get('authorization') ?? ''
      asked[who] = (asked[who] ?? 0) + 1
      if (who === 'one') most = Math.max(most, ++open)
      // Longer than the watch waits between two questions.
      await new Promise((resolve) => setTimeout(resolve, 60))
      if (who === 'one') open--
      return Response.json({ dataset: [] })
    },
  })
  const as = (authorization: string): WalWatch =>
    watch({ httpUrl: `http://127.0.0.1:${slow.port}`, authorization, pgUrl: '' })
  const one = as('one')
  await until(() => asked.one === 3)
  one.stop()
  const two = as('two')
  await until(() => asked.two === 3)
  two.stop()
  expect({ asked: asked.one, most }).toEqual({ asked: 3, most: 1 })
  await slow.stop(true)
})
