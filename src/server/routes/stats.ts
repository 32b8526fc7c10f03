import type { RecorderStatus } from '../../api/own.ts'
import { countedTotals } from '../../pipeline/answers.ts'
import type { SourceStatus } from '../../pipeline/answers.ts'
import type { ClosedDaysStatus } from '../../store/closed-days.ts'
import type { DaySummariesStatus } from '../../store/day-summaries.ts'
import type { WalStatus } from '../../store/wal-watch.ts'
import type { WatcherStatus } from '../../watch/watcher.ts'
import type { Route } from '../router.ts'

export interface StatsRoutesOptions {
  sources: () => readonly SourceStatus[]
  walStatus: () => WalStatus
  closedDays: () => ClosedDaysStatus | null
  daySummaries: () => DaySummariesStatus | null
  recorderStatus: () => RecorderStatus | null
  watcherStatus: () => WatcherStatus | null
}

/** `/stats`: counters of this process since its start, and what it takes. */
export function statsRoutes(route: Route, options: StatsRoutesOptions): void {
  const { sources, walStatus, closedDays, daySummaries, recorderStatus, watcherStatus } = options
  route('GET /stats', () => {
    const all = sources()
    const sum = (name: 'backlog' | (typeof countedTotals)[number]): number =>
      all.reduce((total, source) => total + source[name], 0)
    const [rss_bytes, heap_used_bytes, external_bytes] = memory()
    const { user, system } = process.cpuUsage()
    const watcher = watcherStatus()
    const totals = Object.fromEntries(countedTotals.map((name) => [name, sum(name)]))
    return {
      uptime_seconds: Math.round(process.uptime()),
      memory: { rss_bytes, heap_used_bytes, external_bytes },
      cpu: { user_seconds: user / 1e6, system_seconds: system / 1e6 },
      pipeline: {
        ...(totals as Record<(typeof countedTotals)[number], number>),
        sources: all.length,
        backlog: sum('backlog'),
      },
      requests: recorderStatus(),
      events: watcher && {
        open: watcher.events_open,
        pending: watcher.events_pending,
        reason: watcher.reason,
      },
      questdb: walStatus(),
      parquet: closedDays(),
      summaries: daySummaries(),
    }
  })
}

function memory(): [number, number, number] {
  const { rss, heapUsed, external } = process.memoryUsage()
  return [rss, heapUsed, external]
}
