import type { OwnSeries, OwnTraffic, Table, TableColumn } from '../metrics/answers.ts'
import { parseWindow } from '../metrics/window.ts'
import type { Window, WindowParams } from '../metrics/window.ts'
import type { Query } from '../store/query.ts'
import { timestamp } from '../store/sql.ts'

export interface ReadOwnTraffic {
  totals(params: Omit<WindowParams, 'step'>): Promise<OwnTraffic>
  /** Every interval of the window, also those without a request. */
  series(params: WindowParams): Promise<OwnSeries>
}

const hour_ms = 3_600_000
const topRoutes = 10

const units: Record<string, NonNullable<TableColumn['unit']>> = {
  requests: 'Count',
  requests_per_minute: 'Count',
  errors_4xx: 'Count',
  errors_5xx: 'Count',
  rate_4xx: 'Percent',
  rate_5xx: 'Percent',
  error_rate: 'Percent',
  errors: 'Count',
  bytes_out: 'Bytes',
  p50: 'Milliseconds',
  p95: 'Milliseconds',
  slow: 'Count',
  sessions: 'Count',
}

const count = (condition: string): string => `sum(CASE WHEN ${condition} THEN 1 ELSE 0 END)`
const failed = count('status >= 400')
const errors_4xx = count('status >= 400 AND status < 500')
const errors_5xx = count('status >= 500')
const p50 = 'approx_percentile(duration_ms, 0.5, 2) p50'
const p95 = 'approx_percentile(duration_ms, 0.95, 2) p95'
const sessions = "count_distinct(concat(scope, ' ', client_network)) sessions"

/** Answers questions about the table `requests`; the last hour by default. */
export function createOwnTraffic({ query, now }: { query: Query; now: () => number }): ReadOwnTraffic {
  async function table(sql: string): Promise<Table> {
    const { columns, rows } = await query(sql)
    const named = columns.map((column) => {
      const unit = units[column.name]
      return unit === undefined ? column : { ...column, unit }
    })
    return { columns: named, rows, sql }
  }

  function windowOf(params: WindowParams, intervals: boolean): Window {
    const to_ms = now()
    return parseWindow({ ...params, from: params.from ?? '1h' }, to_ms, intervals)
  }

  return {
    async totals(params) {
      const window = windowOf(params, false)
      const minutes = (window.to_ms - window.from_ms) / 60_000
      const routes = (where: string, order: string): Promise<Table> =>
        table(`SELECT operation_type, method, route, count() requests, ${failed} errors,
  100.0 * ${failed} / count() error_rate, max(status) worst_status, ${p50}, ${p95}
FROM requests WHERE ${within(window)} AND ${where} ORDER BY ${order} DESC, route, method LIMIT ${topRoutes}`)
      const [totals, busiest, slowest, failing] = await Promise.all([
        table(`SELECT count() requests, 1.0 * count() / ${minutes} requests_per_minute, ${p50}, ${p95},
  ${errors_4xx} errors_4xx, ${errors_5xx} errors_5xx, 100.0 * ${errors_4xx} / count() rate_4xx,
  100.0 * ${errors_5xx} / count() rate_5xx, ${count('duration_ms > 5000')} slow, sum(bytes_out) bytes_out, ${sessions}
FROM requests WHERE ${within(window)}`),
        routes('true', 'requests'),
        routes('true', 'p95'),
        routes(`route IN (SELECT route FROM requests WHERE ${within(window)} AND status >= 400)`, 'errors'),
      ])
      return { window: spanOf(window), totals, busiest, slowest, failing }
    },
    async series(params) {
      const window = windowOf(params, true)
      const step_ms = window.step_ms ?? hour_ms
      const first_ms = Math.floor(window.from_ms / step_ms) * step_ms
      const intervals = Math.ceil((window.to_ms - first_ms) / step_ms)
      const first = timestamp(first_ms)
      // FILL of SAMPLE BY gives nothing for a window without any row.
      const answer =
        await table(`SELECT every.ts, coalesce(seen.requests, 0) requests, coalesce(seen.errors_4xx, 0) errors_4xx,
  coalesce(seen.errors_5xx, 0) errors_5xx, seen.p50, seen.p95, coalesce(seen.bytes_out, 0) bytes_out, coalesce(seen.sessions, 0) sessions
FROM (SELECT dateadd('s', ((x - 1) * ${step_ms / 1000})::int, ${first}::timestamp) ts FROM long_sequence(${intervals})) every
LEFT JOIN (
SELECT timestamp_floor('${step_ms / 1000}s', ts, ${first}) at, count() requests, ${errors_4xx} errors_4xx,
  ${errors_5xx} errors_5xx, ${p50}, ${p95}, sum(bytes_out) bytes_out, ${sessions}
FROM requests WHERE ${within(window)}
) seen ON every.ts = seen.at
ORDER BY every.ts`)
      return { window: { ...spanOf(window), step_seconds: step_ms / 1000 }, ...answer }
    },
  }
}

function within({ from_ms, to_ms }: Window): string {
  return `ts >= ${timestamp(from_ms)} AND ts < ${timestamp(to_ms)}`
}

function spanOf({ from_ms, to_ms }: Window): { from: string; to: string } {
  return { from: new Date(from_ms).toISOString(), to: new Date(to_ms).toISOString() }
}
