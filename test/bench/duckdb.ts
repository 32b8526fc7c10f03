import { cpus } from 'node:os'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Dataset } from './dataset.ts'
import { peakRss_mb, timed } from './figure.ts'
import type { Figure } from './figure.ts'

const columns = {
  owner: String.raw`(\S+)`,
  bucket: String.raw`(\S+)`,
  time: String.raw`\[([^\]]+)\]`,
  remote_ip: String.raw`(\S+)`,
  requester: String.raw`(\S+)`,
  request_id: String.raw`(\S+)`,
  operation: String.raw`(\S+)`,
  key: String.raw`(\S+)`,
  request_uri: String.raw`"?((?:[^"]|"[^ ])*|-)"?`,
  status: String.raw`(\d+|-)`,
  error_code: String.raw`(\S+)`,
  bytes_sent: String.raw`(\d+|-)`,
  object_size: String.raw`(\d+|-)`,
  total_ms: String.raw`(\d+|-)`,
  turnaround_ms: String.raw`(\d+|-)`,
  referer: String.raw`(".*?"|-)`,
  user_agent: String.raw`(".*?"|-)`,
  version_id: String.raw`(\S+)`,
  host_id: String.raw`(\S+)`,
  signature_version: String.raw`(\S+)`,
  cipher: String.raw`(\S+)`,
  auth_type: String.raw`(\S+)`,
  host: String.raw`(\S+)`,
  tls_version: String.raw`(\S+)`,
}
const numbers = new Set(['status', 'bytes_sent', 'object_size', 'total_ms', 'turnaround_ms'])

/** The lines into a table of DuckDB by one regular expression, with times and numbers as such, over all cores. */
export async function measureDuckDB({ file, lines, bytes }: Dataset): Promise<Figure[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(cpus().length) })
  const connection = await instance.connect()
  const names = Object.keys(columns)
  const typed = names.map((name) =>
    name === 'time'
      ? `try_strptime(f.time, '%d/%b/%Y:%H:%M:%S %z') AS ts`
      : numbers.has(name)
        ? `try_cast(f.${name} AS BIGINT) AS ${name}`
        : `nullif(f.${name}, '-') AS ${name}`,
  )
  const regex = `^${Object.values(columns).join(' ')}`.replaceAll("'", "''")
  const list = names.map((name) => `'${name}'`).join(', ')
  const effort = await timed({ duckdb: process.pid }, async () => {
    await connection.run(
      `CREATE TABLE operations AS SELECT ${typed.join(', ')} FROM (
         SELECT regexp_extract(line, '${regex}', [${list}]) AS f
         FROM read_csv('${file}', columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '',
           header = false, auto_detect = false, strict_mode = false, max_line_size = 4000000))`,
    )
  })
  const counted = await connection.runAndReadAll('SELECT count(), count(ts) FROM operations')
  const [all, read] = counted.getRows()[0] ?? []
  connection.closeSync()
  const measured = { lines, bytes, ...effort, peak_rss_mb: peakRss_mb(), loop_p99_ms: null }
  return [{ name: 'DuckDB', ...measured, note: `one regex, all cores; ${read} of ${all} lines read` }]
}
