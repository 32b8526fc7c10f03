import type { ClosedFigures, Figures, WindowFigures } from '../metrics/answers.ts'
import type { Query } from '../store/query.ts'
import { timestamp } from '../store/sql.ts'
import { closedStep_ms, closedTogether, readClosedUntil } from './closed.ts'

/** Null while nothing was delivered. Throws UnavailableError while QuestDB is away. */
export type ReadClosedFigures = () => Promise<ClosedFigures | null>

export interface ClosedFiguresOptions {
  query: Query
  sources: () => readonly { source: string }[]
  now: () => number
}

const kept_ms = 15_000

/** Reads the figures at most every fifteen seconds, whoever asks how often. */
export function createClosedFigures({ query, sources, now }: ClosedFiguresOptions): ReadClosedFigures {
  let kept: { at_ms: number; figures: Promise<ClosedFigures | null> } | null = null

  async function read(): Promise<ClosedFigures | null> {
    const times = sources().map(({ source }) => readClosedUntil(query, source, now()))
    const closed_ms = closedTogether(await Promise.all(times))
    if (closed_ms === null) return null
    const [five_minutes, hour] = await Promise.all([
      readWindow(query, closed_ms - closedStep_ms, closed_ms),
      readWindow(query, closed_ms - 12 * closedStep_ms, closed_ms),
    ])
    return { closed_until: new Date(closed_ms).toISOString(), five_minutes, hour }
  }

  return () => {
    if (kept === null || now() - kept.at_ms >= kept_ms) {
      const fresh = { at_ms: now(), figures: read() }
      kept = fresh
      fresh.figures.catch(() => {
        if (kept === fresh) kept = null
      })
    }
    return kept.figures
  }
}

async function readWindow(query: Query, from_ms: number, to_ms: number): Promise<WindowFigures> {
  const select = (className: string): string => `SELECT format, ${className} class, count() operations,
  sum(CASE WHEN status >= 400 THEN 1 ELSE 0 END) errors, sum(CASE WHEN status >= 500 THEN 1 ELSE 0 END) errors_5xx,
  sum(bytes_sent) bytes, approx_percentile(total_ms, 0.5, 2) p50, approx_percentile(total_ms, 0.95, 2) p95,
  approx_percentile(total_ms, 0.99, 2) p99
FROM operations WHERE ts >= ${timestamp(from_ms)} AND ts < ${timestamp(to_ms)} AND is_request`
  const [totals, classes] = await Promise.all([
    query(`${select("''")} ORDER BY format`),
    query(`${select('class')} ORDER BY format, class`),
  ])
  const seconds = (to_ms - from_ms) / 1000
  const byClass = classes.rows.map((row) => ({ format: row[0], class: String(row[1]), row }))
  return {
    from: new Date(from_ms).toISOString(),
    to: new Date(to_ms).toISOString(),
    formats: totals.rows.map((row) => ({
      format: String(row[0]),
      ...figures(row, seconds),
      classes: byClass
        .filter(({ format }) => format === row[0])
        .map((part) => ({ class: part.class, ...figures(part.row, seconds) })),
    })),
  }
}

function figures(row: readonly unknown[], seconds: number): Figures {
  const [operations = 0, errors = 0, errors_5xx = 0, bytes = 0] = row.slice(2, 6).map(Number)
  const time = (value: unknown): number | null => (typeof value === 'number' ? value : null)
  return {
    operations_per_second: operations / seconds,
    error_rate: (100 * errors) / operations,
    errors_5xx_rate: (100 * errors_5xx) / operations,
    bytes_per_second: bytes / seconds,
    p50: time(row[6]),
    p95: time(row[7]),
    p99: time(row[8]),
  }
}
