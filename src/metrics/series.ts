import type { Query } from '../store/query.ts'
import { text, timestamp } from '../store/sql.ts'
import type { Series, Table } from './answers.ts'
import { inScope } from './filter.ts'
import type { Scope } from './filter.ts'
import type { Metric } from './metric.ts'
import type { MetricParams, RunMetrics } from './run-metrics.ts'
import {
  bytesDownloaded,
  bytesUploaded,
  count,
  countOf,
  errorRate,
  errorsPart,
  isServerError,
  percentile,
  requests,
} from './values.ts'

/** Of one bucket, or of all together where none is named. */
export type ReadSeries = (params: MetricParams, scope: Scope) => Promise<Series>

const metric: Metric = {
  name: 'series',
  description: 'Requests of each interval.',
  shape: 'series',
  by: [],
  values: [
    requests,
    count(errorsPart),
    errorRate,
    count(countOf('errors_5xx', isServerError)),
    bytesDownloaded,
    bytesUploaded,
    percentile('total_ms', 50),
    percentile('total_ms', 95),
    percentile('total_ms', 99),
  ],
}

export function createSeries({ query, runMetrics }: { query: Query; runMetrics: RunMetrics }): ReadSeries {
  return async (params, scope) => {
    const { tables, coverage } = await runMetrics([{ metric, params }], scope)
    const [{ columns, rows, sql } = { columns: [], rows: [], sql: '' }] = tables
    const { from, to, step_seconds } = coverage.window
    const grid = gridOf(Date.parse(from), Date.parse(to), (step_seconds ?? 0) * 1000)
    return {
      requests: filled({ columns, rows, sql }, grid),
      storage: await readStorage(query, grid, params.bucket, scope),
      coverage,
    }
  }
}

/** The intervals that touch a window; without a step the window is the only one. */
interface Grid {
  starts_ms: number[]
  step_ms: number
  to_ms: number
}

// Where the intervals of every metric begin: a Monday.
const anchor_ms = Date.UTC(1970, 0, 5)

function gridOf(from_ms: number, to_ms: number, step_ms: number): Grid {
  if (step_ms === 0) return { starts_ms: [from_ms], step_ms: to_ms - from_ms, to_ms }
  const starts_ms: number[] = []
  const first_ms = anchor_ms + Math.floor((from_ms - anchor_ms) / step_ms) * step_ms
  for (let start_ms = first_ms; start_ms < to_ms; start_ms += step_ms) starts_ms.push(start_ms)
  return { starts_ms, step_ms, to_ms }
}

function filled(table: Table, { starts_ms }: Grid): Table {
  const { columns, rows } = table
  const format = columns.findIndex(({ name }) => name === 'format')
  // Without a step there is no time in the rows.
  if (columns[0]?.name !== 'ts') return table
  const found = new Map(rows.map((row) => [`${Date.parse(String(row[0]))} ${row[format]}`, row]))
  const formats = [...new Set(['s3', ...rows.map((row) => String(row[format]))])].toSorted()
  const empty: unknown[] = columns.map(({ unit }) => (unit === 'Count' || unit === 'Bytes' ? 0 : null))
  return {
    ...table,
    rows: starts_ms.flatMap((start_ms) =>
      formats.map(
        (name) => found.get(`${start_ms} ${name}`) ?? empty.with(0, iso(start_ms)).with(format, name),
      ),
    ),
  }
}

async function readStorage(
  query: Query,
  { starts_ms, step_ms, to_ms }: Grid,
  bucket: string | undefined,
  scope: Scope,
): Promise<Table> {
  const [first_ms = 0] = starts_ms
  const where = `${inScope(scope)} AND ${bucket === undefined ? 'true' : `bucket = ${text(bucket)}`}`
  const interval = `timestamp_floor('${step_ms / 1000}s', ts, ${timestamp(first_ms)})`
  const sql = `SELECT ${interval} ts, source, bucket, last(bytes) bytes, last(objects) objects FROM snapshots
WHERE ts >= ${timestamp(first_ms)} AND ts < ${timestamp(to_ms)} AND ${where} ORDER BY ts`
  const [earlier, within] = await Promise.all([
    query(`SELECT ts, source, bucket, bytes, objects FROM snapshots WHERE ts < ${timestamp(first_ms)} AND ${where}
LATEST ON ts PARTITION BY source, bucket`),
    query(sql),
  ])
  const newest = new Map<string, { bytes: number; objects: number }>()
  const take = ([, source, name, bytes, objects]: unknown[]): void =>
    void newest.set(`${source} ${name}`, { bytes: Number(bytes), objects: Number(objects) })
  earlier.rows.forEach(take)
  const left = within.rows.values()
  let next = left.next()
  const rows = starts_ms.map((start_ms) => {
    for (; !next.done && Date.parse(String(next.value[0])) <= start_ms; next = left.next()) take(next.value)
    const all = [...newest.values()]
    if (all.length === 0) return [iso(start_ms), null, null, 0]
    const sum = (pick: (one: { bytes: number; objects: number }) => number): number =>
      all.reduce((total, one) => total + pick(one), 0)
    return [iso(start_ms), sum(({ bytes }) => bytes), sum(({ objects }) => objects), all.length]
  })
  return { columns: storageColumns, rows, sql }
}

const storageColumns: Table['columns'] = [
  { name: 'ts', type: 'TIMESTAMP' },
  { name: 'bytes', type: 'LONG', unit: 'Bytes' },
  { name: 'objects', type: 'LONG', unit: 'Count' },
  { name: 'buckets', type: 'LONG', unit: 'Count' },
]

/** As QuestDB's answers write it. */
function iso(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z')
}
