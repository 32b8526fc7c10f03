import type { RecorderStatus } from '../../api/own.ts'
import type { LeaseStatus } from '../../pipeline/answers.ts'
import type { ReadEventRows } from '../../records/event-rows.ts'
import type { ReadOwnTraffic } from '../../records/own-traffic.ts'
import type { WatcherStatus } from '../../watch/watcher.ts'
import type { ReadHealth } from '../health.ts'
import type { Route } from '../router.ts'

export interface AdminRoutesOptions {
  readHealth: ReadHealth
  readEventRows: ReadEventRows
  ownTraffic: ReadOwnTraffic
  leases: () => readonly LeaseStatus[]
  recorderStatus: () => RecorderStatus | null
  watcherStatus: () => WatcherStatus | null
}

const recentEvents = 10

/** How SpaceWatch itself does, for its operator. */
export function adminRoutes(route: Route, options: AdminRoutesOptions): void {
  const { readHealth, readEventRows, ownTraffic, leases, recorderStatus, watcherStatus } = options
  route('GET /admin/api/mission-control', async ({ query: { window } }) => {
    const [health, traffic, events] = await Promise.all([
      readHealth(),
      ownTraffic.totals({ from: window }),
      readEventRows({ limit: recentEvents }, null),
    ])
    const { sources, ...rest } = health
    const closed = watcherStatus()?.closed_ms
    return {
      ...rest,
      ...traffic,
      events: { columns: events.columns, rows: events.rows, sql: events.sql },
      sources: sources.map((source) => ({ ...source, judged_until: iso(closed?.get(source.source)) })),
      leases: leases().map(({ expires_ms, ...lease }) => ({
        ...lease,
        expires_at: new Date(expires_ms).toISOString(),
      })),
      recorder: recorderStatus(),
    }
  })
  route('GET /admin/api/timeseries', ({ query: { window, resolution } }) =>
    ownTraffic.series({ from: window, step: resolution }),
  )
  route('GET /admin/api/events', ({ query: { window, ...filters } }) =>
    readEventRows({ ...filters, from: window }, null),
  )
}

function iso(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString()
}
