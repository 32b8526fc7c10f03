import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidError } from '../errors.ts'
import type { QuestDBAddress } from './address.ts'
import { execute } from './http.ts'
import { text } from './sql.ts'

export interface MigrateOptions {
  dir: string
  retentionDays: number
}

/**
 * Applies `NNN_name.sql` files once, in order, and records each with a hash of its text; gives the names of the new
 * ones. Each statement must be idempotent, as QuestDB has no transactions for DDL.
 * Throws InvalidError when a file that was applied has been changed or taken away since.
 */
export async function migrate(
  address: QuestDBAddress,
  { dir, retentionDays }: MigrateOptions,
): Promise<string[]> {
  await execute(
    address,
    `CREATE TABLE IF NOT EXISTS migrations (ts TIMESTAMP, name VARCHAR, hash VARCHAR)
     TIMESTAMP(ts) PARTITION BY YEAR BYPASS WAL`,
  )
  const applied = new Map(
    (await execute(address, 'SELECT name, hash FROM migrations')).map((row) => [
      String(row[0]),
      String(row[1]),
    ]),
  )
  const names = (await readdir(dir)).filter((name) => /^\d{3}_.*\.sql$/.test(name)).toSorted()
  const lost = [...applied.keys()].filter((name) => !names.includes(name))
  if (lost.length > 0) {
    throw new InvalidError(
      `Cannot migrate: ${lost.join(', ')} was applied but is not in ${dir}`,
      'restore the file',
    )
  }
  const fresh: string[] = []
  for (const name of names) {
    const sql = await readFile(join(dir, name), 'utf8')
    const hash = new Bun.CryptoHasher('sha256').update(sql).digest('hex')
    const known = applied.get(name)
    if (known === hash) continue
    if (known !== undefined) {
      throw new InvalidError(
        `Cannot migrate: ${name} has changed since it was applied`,
        'restore the file and put the change into a new migration',
      )
    }
    for (const statement of statements(sql.replaceAll('${RETENTION_DAYS}', String(retentionDays)))) {
      await execute(address, statement)
    }
    await execute(address, `INSERT INTO migrations VALUES (now(), ${text(name)}, ${text(hash)})`)
    fresh.push(name)
  }
  await setRetention(address, retentionDays)
  return fresh
}

const retained = {
  operations: 'TABLE',
  refused_lines: 'TABLE',
  requests: 'TABLE',
  operations_1m: 'MATERIALIZED VIEW',
  operations_1h: 'MATERIALIZED VIEW',
  first_bytes_1m: 'MATERIALIZED VIEW',
  first_bytes_1h: 'MATERIALIZED VIEW',
  day_counts: 'TABLE',
}
// QuestDB shows 14 days as 2 weeks.
const unit_hours: Record<string, number> = { HOUR: 1, DAY: 24, WEEK: 168 }

// RETENTION_DAYS may have changed since the tables were made. Only then: setting a TTL counts as a change of the table,
// and its rollups are out of date until their next refresh.
async function setRetention(address: QuestDBAddress, days: number): Promise<void> {
  const tables = await execute(address, 'SELECT table_name, ttlValue, ttlUnit FROM tables()')
  const hours = new Map(
    tables.map(([name, value, unit]) => [String(name), Number(value) * (unit_hours[String(unit)] ?? NaN)]),
  )
  for (const [name, kind] of Object.entries(retained)) {
    if (hours.get(name) !== days * 24) await execute(address, `ALTER ${kind} ${name} SET TTL ${days} DAYS`)
  }
}

/** Cuts a migration into statements at `;` outside of quotes, without `--` comments and blank ones. */
export function statements(sql: string): string[] {
  const parts = sql.match(/'(?:[^']|'')*'|"[^"]*"|--[^\n]*|;|[^'";-]+|-/g) ?? []
  const found = ['']
  for (const part of parts) {
    if (part === ';') found.push('')
    else if (!part.startsWith('--')) found[found.length - 1] += part
  }
  return found.map((statement) => statement.trim()).filter((statement) => statement !== '')
}
