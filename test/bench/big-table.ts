import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { gunzipSync } from 'node:zlib'
import { generate } from '../../src/demo/generate.ts'
import { createLineCutter } from '../../src/logs/lines.ts'
import { createRunParser } from '../../src/logs/parse.ts'
import type { QuestDBAddress } from '../../src/store/address.ts'
import { execute } from '../../src/store/http.ts'
import { originOf } from '../../src/store/ilp-fields.ts'
import { createRowBuffer } from '../../src/store/ilp.ts'
import type { Part } from '../../src/store/slabs.ts'
import { timestamp } from '../../src/store/sql.ts'
import { createWriteRows } from '../../src/store/write.ts'
import { until } from '../support/until.ts'

const day_ms = 86_400_000
const rowsPerPost = 40_000
const rowsPerInsert = 400_000
/** What a native row and its share of the rollups take until closed days are Parquet, and the WAL beside them. */
const bytesPerRow = 500

/** Says what a table of so many rows takes of the disk before it is made; throws where there is not as much. */
export function checkDisk(rows: number): void {
  const { bavail, bsize } = statfsSync(tmpdir())
  const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
  const [needed, free] = [rows * bytesPerRow, bavail * bsize]
  console.error(`${rows} rows take ${gb(needed)} in ${tmpdir()} at most, ${gb(free)} are free`)
  if (needed > free * 0.9)
    throw new Error(`Cannot make ${rows} rows: they take ${gb(needed)}, and ${gb(free)} are free`)
}

/** Rows of the demo's shape over the days before `to_ms`, in order. */
export async function storeGenerated(
  address: QuestDBAddress,
  { rows, days, to_ms }: { rows: number; days: number; to_ms: number },
): Promise<void> {
  const rowBuffer = createRowBuffer()
  const write = createWriteRows(address)
  let parts: Part[] = []
  let waiting = 0
  async function post(): Promise<void> {
    await rowBuffer.take(parts, (bodies) => write(Buffer.concat(bodies)))
    parts = []
    waiting = 0
  }
  const plan = { seed: 5, from_ms: to_ms - days * day_ms, to_ms, lines: rows, lines_per_object: 2_000 }
  for (const { key, body } of generate({ ...plan, deliver_by_ms: to_ms })) {
    const parser = createRunParser()
    const cutter = createLineCutter()
    const plain = body[0] === 0x1f ? gunzipSync(body) : body
    for (const run of [...cutter.push(plain), ...cutter.end()]) {
      const { operations } = parser.parse(run)
      parts.push(rowBuffer.append(operations, originOf('bench', key)))
      waiting += operations.length
    }
    if (waiting >= rowsPerPost) await post()
  }
  await post()
  await untilApplied(address)
}

/**
 * About `rows` rows of the demo's shape over the days before `to_ms`: some are generated, and multiplied inside of QuestDB,
 * a span of time after the other. A tenth of the copies has keys of its own, so that keys have the long tail of a big bucket.
 */
export async function storeMany(
  address: QuestDBAddress,
  { rows, days, to_ms }: { rows: number; days: number; to_ms: number },
): Promise<void> {
  const run = (sql: string): Promise<unknown[][]> => execute(address, sql, 1_200_000)
  await storeGenerated(address, { rows: Math.min(rows, generated), days, to_ms })
  const copies = Math.round(rows / generated)
  if (copies < 2) return
  await run('CREATE TABLE few AS (SELECT * FROM operations) TIMESTAMP(ts) PARTITION BY DAY')
  await run('TRUNCATE TABLE operations')
  const columns = (await run('SELECT "column" FROM table_columns(\'few\')')).map(([name]) => {
    const made = ofCopies[String(name)]
    return made === undefined ? String(name) : `${made} ${name}`
  })
  const step_ms = Math.min(day_ms, Math.ceil((days * day_ms * rowsPerInsert) / rows))
  for (let from_ms = to_ms - days * day_ms; from_ms < to_ms; from_ms += step_ms) {
    const end_ms = Math.min(from_ms + step_ms, to_ms)
    await run(`INSERT INTO operations SELECT ${columns.join(', ')} FROM few CROSS JOIN long_sequence(${copies})
WHERE ts >= ${timestamp(from_ms)} AND ts < ${timestamp(end_ms)}`)
  }
  await untilApplied(address)
  const made = Number((await run('SELECT count() FROM operations'))[0]?.[0])
  if (made < 0.9 * rows) throw new Error(`Cannot measure: ${made} rows were made, not ${rows}`)
  await run('DROP TABLE few')
  // They are invalid since their base was emptied.
  for (const view of ['operations_1m', 'operations_1h', 'first_bytes_1m', 'first_bytes_1h']) {
    await run(`REFRESH MATERIALIZED VIEW ${view} FULL`)
    const state = `SELECT view_status = 'valid' AND refresh_base_table_txn = base_table_txn FROM materialized_views()
WHERE view_name = '${view}'`
    await until(async () => (await run(state))[0]?.[0] === true, { timeout_ms: 3_600_000, what: state })
  }
}

const generated = 500_000
const ofCopies: Record<string, string> = {
  ts: "dateadd('s', (x % 7)::int, ts)",
  key: "CASE WHEN x > 1 AND key IS NOT NULL AND line_hash % 10 = 0 THEN concat(key, '.', x) ELSE key END",
  line_hash: 'line_hash + x * 7919',
  // What is the same in all copies would take no room as Parquet.
  request_id: 'rnd_str(16, 16, 0)',
}

/** Resolves once all rows that were sent can be seen. */
async function untilApplied(address: QuestDBAddress): Promise<void> {
  await execute(address, "SELECT wait_wal_table('operations')", 1_800_000)
}
