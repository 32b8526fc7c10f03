import { openAppender } from '../../src/store/append.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openQueryPool } from '../../src/store/query.ts'
import { createWriteRows } from '../../src/store/write.ts'
import { migrationsDir } from './migrations-dir.ts'
import { testQuestDB } from './servers.ts'
import type { TestQuestDB } from './servers.ts'
import { until } from './until.ts'

/** What a pipeline needs of a QuestDB, with all tables there and nothing ever expiring; default: the one that all share. */
export async function openTestStore(server?: TestQuestDB) {
  const { address, pgUrl } = server ?? (await testQuestDB())
  await migrate(address, { dir: migrationsDir, retentionDays: 0 })
  const pool = openQueryPool(pgUrl.reveal(), { connections: 2, timeout_ms: 20_000 })
  const appender = await openAppender(address)

  async function rows(sql: string): Promise<Record<string, unknown>[]> {
    const { columns, rows } = await pool.query(sql)
    return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])))
  }
  return {
    address,
    query: pool.query,
    read: pool.read,
    appender,
    write: createWriteRows(address),
    /** Rows by column name. */
    rows,
    /** Resolves once all that was accepted is visible. */
    async visible(): Promise<void> {
      const waiting = `SELECT count() FROM wal_tables() WHERE writerTxn < sequencerTxn AND name IN ('operations', 'log_objects', 'refused_lines', 'snapshots', 'sightings', 'judged_days', 'finding_marks')`
      await until(async () => (await pool.query(waiting)).rows[0]?.[0] === 0, { what: 'rows are visible' })
    },
    async close() {
      await appender.close()
      await pool.close()
    },
  }
}
