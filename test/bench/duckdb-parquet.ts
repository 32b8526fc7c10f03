import { cpus } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { timed } from './figure.ts'
import type { Measured } from './history.ts'

const asks = 3
const over = (column: string): string =>
  `SELECT format, ${column}, count(*), sum(bytes_sent) FROM operations WHERE is_request GROUP BY ALL ORDER BY 3 DESC LIMIT 20`
const queries: Record<string, string> = {
  TopKeys: over('key'),
  TopClientIPs: over('remote_ip'),
  TopUserAgents: over('user_agent'),
  TopReferers: over('referer'),
  'distinct keys': 'SELECT count(DISTINCT key) FROM operations',
  'one key': "SELECT * FROM operations WHERE key = 'no such key'",
}

/** How long DuckDB takes over the very files of the closed days of `operations`, over all cores. */
export async function duckDBTimes({ dataDir }: { dataDir: string }): Promise<Measured[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(cpus().length) })
  const connection = await instance.connect()
  const files = join(dataDir, 'questdb/root/db/operations~*/*/data.parquet')
  await connection.run(`CREATE VIEW operations AS SELECT * FROM read_parquet('${files}')`)
  const figures: Measured[] = []
  const counted = await connection.runAndReadAll('SELECT count(*) FROM operations')
  figures.push({ name: 'DuckDB reads', value: Number(counted.getRows()[0]?.[0]), unit: 'rows' })
  for (const [name, sql] of Object.entries(queries)) {
    const times: number[] = []
    const { cpu_s } = await timed({ duckdb: process.pid }, async () => {
      for (let asked = 0; asked < asks; asked++) {
        const begun_ms = performance.now()
        await connection.runAndReadAll(sql)
        times.push(performance.now() - begun_ms)
      }
    })
    const middle = times.toSorted((a, b) => a - b)[Math.floor(asks / 2)] ?? NaN
    figures.push({
      name: `DuckDB, ${name}, closed days`,
      value: middle,
      unit: 'ms',
      cpu_ms: (1000 * (cpu_s['duckdb'] ?? 0)) / asks,
    })
  }
  connection.closeSync()
  return figures
}
