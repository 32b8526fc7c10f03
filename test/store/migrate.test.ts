import { expect, setDefaultTimeout, test } from 'bun:test'
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startQuestDB } from '../../src/servers/questdb.ts'
import type { QuestDBServer } from '../../src/servers/questdb.ts'
import { questdbAddress } from '../../src/store/address.ts'
import { execute } from '../../src/store/http.ts'
import { migrate, statements } from '../../src/store/migrate.ts'
import { migrationsDir } from '../support/migrations-dir.ts'
import { serverOptions } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(60_000)

async function withEmptyQuestDB(work: (address: ReturnType<typeof questdbAddress>) => Promise<void>) {
  const server: QuestDBServer = await startQuestDB({ ...serverOptions(), heap_mb: 512 })
  try {
    await work(questdbAddress(server.httpUrl.reveal(), server.pgUrl.reveal()))
  } finally {
    await server.stop()
  }
}

/** A copy of the real migrations that a test may change. */
function copyOfMigrations(): string {
  const dir = tempDir()
  cpSync(migrationsDir, dir, { recursive: true })
  return dir
}

test('migrations are applied once, and what is changed or lost is refused', async () => {
  await withEmptyQuestDB(async (address) => {
    const dir = copyOfMigrations()
    const names = readdirSync(dir).toSorted()
    const applied = (): Promise<unknown[][]> => execute(address, 'SELECT name FROM migrations ORDER BY name')
    // SET TTL is applied a moment after it was accepted.
    const keepsEverywhere = (days: number): Promise<void> =>
      until(async () => {
        const rows = await execute(
          address,
          `SELECT table_name FROM tables() WHERE table_name IN ('operations', 'refused_lines', 'requests', 'operations_1m', 'operations_1h', 'first_bytes_1m', 'first_bytes_1h')
             AND ttlValue * (CASE WHEN ttlUnit = 'DAY' THEN 24 WHEN ttlUnit = 'WEEK' THEN 168 WHEN ttlUnit = 'HOUR' THEN 1 END) = ${days * 24}`,
        )
        return rows.length === 7
      })

    // Keep everything.
    expect(await migrate(address, { dir, retentionDays: 0 })).toEqual(names)
    await keepsEverywhere(0)

    const found = await applied()
    expect(await migrate(address, { dir, retentionDays: 90 })).toEqual([])
    expect(await applied()).toEqual(found)
    await keepsEverywhere(90)
    expect(await migrate(address, { dir, retentionDays: 31 })).toEqual([])
    await keepsEverywhere(31)
    expect(await migrate(address, { dir, retentionDays: 0 })).toEqual([])
    await keepsEverywhere(0)

    writeFileSync(join(dir, '900_more.sql'), 'CREATE TABLE IF NOT EXISTS more (note VARCHAR); -- one;\n')
    expect(await migrate(address, { dir, retentionDays: 31 })).toEqual(['900_more.sql'])

    writeFileSync(join(dir, '900_more.sql'), 'CREATE TABLE IF NOT EXISTS more (note VARCHAR, n INT)')
    const again = migrate(address, { dir, retentionDays: 31 })
    await expect(again).rejects.toThrow('Cannot migrate: 900_more.sql has changed since it was applied')
    await expect(again).rejects.toMatchObject({ name: 'InvalidError' })

    rmSync(join(dir, '900_more.sql'))
    const without = migrate(address, { dir, retentionDays: 31 })
    await expect(without).rejects.toThrow('Cannot migrate: 900_more.sql was applied but is not in')
    await expect(without).rejects.toMatchObject({ name: 'InvalidError' })
    expect((await applied()).flat()).toEqual([...names, '900_more.sql'])
  })
})

test('a migration that fails is not recorded, and is finished at the next try', async () => {
  await withEmptyQuestDB(async (address) => {
    const dir = copyOfMigrations()
    const path = join(dir, '899_half.sql')
    const first = 'CREATE TABLE IF NOT EXISTS half (x INT);'
    writeFileSync(path, `${first} CREATE TABEL other (x INT);`)
    await expect(migrate(address, { dir, retentionDays: 0 })).rejects.toThrow('CREATE TABEL other')
    writeFileSync(path, `${first} CREATE TABLE IF NOT EXISTS other (x INT);`)
    expect(await migrate(address, { dir, retentionDays: 0 })).toEqual(['899_half.sql'])
    expect(await execute(address, 'SELECT count() FROM other')).toEqual([[0]])
  })
})

test.each<[string, string[]]>([
  ['', []],
  [' ;; \n ; ', []],
  ['SELECT 1', ['SELECT 1']],
  ['SELECT 1;SELECT 2;', ['SELECT 1', 'SELECT 2']],
  ["INSERT INTO t VALUES ('a;b'); SELECT 2", ["INSERT INTO t VALUES ('a;b')", 'SELECT 2']],
  ["SELECT 'it''s; fine'; SELECT 2", ["SELECT 'it''s; fine'", 'SELECT 2']],
  ['SELECT 1 "a;b"; SELECT 2', ['SELECT 1 "a;b"', 'SELECT 2']],
  ["-- one; two\nSELECT 1 -- three; 'four\nFROM t;", ['SELECT 1 \nFROM t']],
  ["SELECT '-- no comment; none', 3 - 2, 3 -2", ["SELECT '-- no comment; none', 3 - 2, 3 -2"]],
  ['SELECT 1; -- the end', ['SELECT 1']],
  ["SELECT '\n;\n'; SELECT '--'", ["SELECT '\n;\n'", "SELECT '--'"]],
])('statements of %j', (sql, found) => {
  expect(statements(sql)).toEqual(found)
})
