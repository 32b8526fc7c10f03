import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../../src/log.ts'
import { library } from '../../src/questions/library.ts'
import { startClosedDays } from '../../src/store/closed-days.ts'
import { startDaySummaries } from '../../src/store/day-summaries.ts'
import type { QuestDBAddress } from '../../src/store/address.ts'
import { readDays } from '../../src/store/days.ts'
import { execute } from '../../src/store/http.ts'
import { startApp } from '../support/app-process.ts'
import { until } from '../support/until.ts'
import { checkDisk, storeMany } from './big-table.ts'
import { duckDBTimes } from './duckdb-parquet.ts'
import { timed } from './figure.ts'
import { withQuestDB } from './questdb.ts'
import type { BenchServer } from './questdb.ts'

/** One figure of a history, and what it should be at most. */
export interface Measured {
  name: string
  value: number
  unit: 'ms' | 's' | 'B a row' | 'rows'
  /** Processor time of QuestDB and the app. */
  cpu_ms?: number
  goal?: number
  note?: string
}

const day_ms = 86_400_000
const days = 30
const closedAfter_ms = 3 * day_ms
const asks = 3
const key = 'bench-api-key-0123456789'
const tables = [
  'operations',
  'operations_1m',
  'operations_1h',
  'first_bytes_1m',
  'first_bytes_1h',
  'day_counts',
]

/**
 * What thirty days of so many rows take of the disk and of time: closed days are Parquet and counted beforehand, then the
 * app is asked what the default dashboard asks, each metric over a week and the thirty days, and each question.
 */
export async function measureHistory(rows: number): Promise<Measured[]> {
  checkDisk(rows)
  return withQuestDB(
    async (server) => {
      const to_ms = Math.floor(Date.now() / 1000) * 1000
      const figures: Measured[] = []
      const step = async (name: string, work: () => Promise<void>): Promise<void> => {
        const begun_ms = performance.now()
        await work()
        figures.push({ name, value: (performance.now() - begun_ms) / 1000, unit: 's' })
        console.error(`${name}: ${Math.round((performance.now() - begun_ms) / 1000)} s`)
      }
      await step('made', () => storeMany(server.address, { rows, days, to_ms }))
      const native = await bytesPerRow(server, to_ms)
      await step('closed days counted', () => close(startDaySummaries, server))
      await step('closed days turned into Parquet', () => close(startClosedDays, server))
      const packed = await bytesPerRow(server, to_ms)
      figures.push(...native.map((figure) => ({ ...figure, name: `${figure.name}, native` })))
      figures.push(...packed)
      figures.push(...(await askAll(server, to_ms)))
      figures.push(...(await duckDBTimes(server)))
      return figures
    },
    { query_timeout_ms: 600_000 },
  )
}

/** Lets a keeper do all that it would do by itself in time. */
async function close(
  start: typeof startDaySummaries | typeof startClosedDays,
  { address }: BenchServer,
): Promise<void> {
  const keeper = start({
    address,
    after_ms: closedAfter_ms,
    isIdle: () => true,
    log: createLog('silent'),
    every_ms: 200,
    settled_ms: 0,
    least_rows: 1,
  })
  const isThrough = (): boolean => {
    const { days, waiting_days, reason } = keeper.status()
    if (reason !== null) throw new Error(reason)
    return days > 0 && waiting_days === 0
  }
  await until(isThrough, { timeout_ms: 3_600_000, what: 'closed days' })
  // What it does after the days of operations, it does not tell.
  if (start === startClosedDays)
    await until(async () => (await nativeDays(address)) === 0, { timeout_ms: 600_000 })
  await keeper.stop()
}

async function nativeDays(address: QuestDBAddress): Promise<number> {
  const counted = await readDays((sql) => execute(address, sql), 'day_counts')
  const before_ms = Date.now() - closedAfter_ms - day_ms
  return counted.filter(({ from_ms, is_parquet }) => from_ms <= before_ms && !is_parquet).length
}

/** Of the days that are old enough to be Parquet. */
async function bytesPerRow({ address }: BenchServer, to_ms: number): Promise<Measured[]> {
  const closed = await Promise.all(
    tables.map(async (table) => {
      const stored = await readDays((sql) => execute(address, sql), table)
      return stored.filter(({ from_ms }) => from_ms + day_ms <= to_ms - closedAfter_ms)
    }),
  )
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
  const rows = sum(closed[0]?.map((day) => day.rows) ?? [])
  const each = closed.map((stored) => sum(stored.map(({ bytes }) => bytes)) / rows)
  const figures = each.map((value, at): Measured => ({ name: tables[at] ?? '', value, unit: 'B a row' }))
  return [...figures, { name: 'all tables of operations', value: sum(each), unit: 'B a row', goal: 75 }]
}

async function askAll(server: BenchServer, to_ms: number): Promise<Measured[]> {
  const dir = mkdtempSync(join(tmpdir(), 'spacewatch-bench-app-'))
  const urls = { QUESTDB_HTTP_URL: server.httpUrl.reveal(), QUESTDB_PG_URL: server.pgUrl.reveal() }
  const limits = { RATE_LIMIT_BURST: '1000', RATE_LIMIT_PER_SECOND: '1000', PARQUET_AFTER_HOURS: '0' }
  const own = { DATA_DIR: dir, DEMO: 'off', PORT: '0', APP_API_KEY: key, RETENTION_DAYS: '0' }
  const app = startApp({ env: { ...urls, ...limits, ...own }, logFile: join(dir, 'app.log') })
  try {
    await until(() => app.url() !== null, { what: `the app listens\n${app.output()}` })
    const ask = (path: string, query: Record<string, string>, body?: object): Promise<Asked> =>
      timeOf({ questdb: server.pid, app: app.pid }, `${app.url()}${path}?${new URLSearchParams(query)}`, body)
    const figures: Measured[] = []
    const add = (name: string, { ms, cpu_ms, note }: Asked, goal: number): void => {
      figures.push({ name, value: ms, unit: 'ms', cpu_ms, goal, note })
      console.error(`${name}: ${Math.round(ms)} ms, ${Math.round(cpu_ms)} ms CPU ${note}`)
    }
    const span = (length: number) => ({
      from: new Date(to_ms - length * day_ms).toISOString(),
      to: new Date(to_ms).toISOString(),
    })
    const together = { value: 0, cpu_ms: 0 }
    for (const [path, query, body] of dashboard(span(1))) {
      const asked = await ask(path, query, body)
      together.value += asked.ms
      together.cpu_ms += asked.cpu_ms
      add(`dashboard, 24 h: ${path} ${query['metrics'] ?? ''}`, asked, 1_500)
    }
    figures.push({ name: 'dashboard, 24 h, all of it', ...together, unit: 'ms', goal: 1_500 })
    const catalog = await fetch(`${app.url()}/metrics/catalog`, { headers: { 'x-api-key': key } })
    const { metrics } = (await catalog.json()) as { metrics: { name: string }[] }
    for (const { name } of metrics)
      for (const length of [7, 30])
        add(
          `${name}, ${length} d`,
          await ask(`/metrics/query/${name}`, span(length)),
          length === 7 ? 500 : 1_000,
        )
    for (const { name } of library) add(`question ${name}, 30 d`, await ask(`/ask/${name}`, span(30)), 5_000)
    const hot = await execute(
      server.address,
      'SELECT bucket, key, count() n FROM operations WHERE key IS NOT NULL ORDER BY n DESC LIMIT 1000, 1001',
    )
    const object = { bucket: String(hot[0]?.[0]), key: String(hot[0]?.[1]) }
    add(
      'object history by exact key, 30 d',
      await ask('/ask/object-history', { ...span(30), ...object }),
      300,
    )
    return figures
  } finally {
    app.kill('SIGKILL')
    rmSync(dir, { recursive: true })
  }
}

/** What the page asks for when it is opened; see src/web/dashboard/questions.ts. */
function dashboard(span: { from: string; to: string }): [string, Record<string, string>, object?][] {
  const step = '300s'
  const shapes = 'RequestsByClass,StatusCodes,FirstByteLatency,TotalRequestLatency,CacheResults'
  const tops =
    'TopKeys,TopPrefixes,TopClientIPs,TopRequesters,TopUserAgents,TopReferers,ErrorCodes,RequestsByBucket'
  const events = `SELECT ts, rule, state, bucket FROM events WHERE ts >= '${span.from}' AND state <> 'withdrawn' ORDER BY ts DESC`
  return [
    ['/metrics/operations', { ...span, step, compare: 'previous' }],
    ['/metrics/batch', { ...span, step, metrics: shapes }],
    ['/metrics/batch', { ...span, metrics: tops, order: 'requests', limit: '10', format: 's3' }],
    ['/metrics/sources', {}],
    ['/sql', {}, { sql: events, limit: 500 }],
    ['/metrics/aggregate-series', { ...span, step }],
    ['/logs/operations', { ...span, format: 's3', limit: '25' }],
  ]
}

interface Asked {
  ms: number
  /** Of a processor; where others are busy too this tells more than the time. */
  cpu_ms: number
  note: string
}

/** The middle of several answers, and what the first one took or why there is none. */
async function timeOf(
  processes: Record<string, number | undefined>,
  url: string,
  body?: object,
): Promise<Asked> {
  const times: number[] = []
  let refused: string | null = null
  const headers = { 'x-api-key': key, 'content-type': 'application/json' }
  const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
  const { cpu_s } = await timed(processes, async () => {
    while (times.length < asks && refused === null) {
      const begun_ms = performance.now()
      const response = await fetch(url, init)
      const text = await response.text()
      times.push(performance.now() - begun_ms)
      if (!response.ok) refused = `${response.status} ${text.slice(0, 120)}`
    }
  })
  const used_s = Object.values(cpu_s).reduce((sum, used) => sum + used, 0)
  return {
    ms: times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN,
    cpu_ms: (1000 * used_s) / times.length,
    note: refused ?? `first ${Math.round(times[0] ?? NaN)} ms`,
  }
}
