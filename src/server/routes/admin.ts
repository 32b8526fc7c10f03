import { Elysia } from 'elysia'
import type { ReadEventRows } from '../../metrics/event-rows.ts'
import type { ReadOwnTraffic } from '../../metrics/own-traffic.ts'
import type { LeaseStatus } from '../../pipeline/leases.ts'
import type { WatcherStatus } from '../../watch/watcher.ts'
import { requireApiKey } from '../auth.ts'
import type { HasApiKey } from '../auth.ts'
import type { ReadHealth } from '../health.ts'
import { eventParams, numeric, only, timeseriesParams, windowParams } from '../query-schema.ts'
import type { RecorderStatus } from '../request-recorder.ts'
import { describe } from '../openapi/describe.ts'
import { missionControl, ownSeries } from '../openapi/own-schemas.ts'
import { eventRows } from '../openapi/schemas.ts'

export interface AdminRoutesOptions {
  hasApiKey: HasApiKey
  readHealth: ReadHealth
  readEventRows: ReadEventRows
  ownTraffic: ReadOwnTraffic
  leases: () => readonly LeaseStatus[]
  recorderStatus: () => RecorderStatus | null
  watcherStatus: () => WatcherStatus | null
}

const recentEvents = 10

/** `/admin/api/mission-control`, `/admin/api/timeseries`, `/admin/api/events`: how SpaceWatch itself does, for its operator. */
export function adminRoutes(options: AdminRoutesOptions) {
  const { hasApiKey, readHealth, readEventRows, ownTraffic, leases, recorderStatus, watcherStatus } = options
  return new Elysia({ prefix: '/admin/api', normalize: false })
    .use(requireApiKey(hasApiKey))
    .get(
      '/mission-control',
      async ({ query: { window } }) => {
        const [health, traffic, events] = await Promise.all([
          readHealth(),
          ownTraffic.totals({ from: window }),
          readEventRows({ limit: recentEvents }, null),
        ])
        const { status, reasons, sources, storage } = health
        const closed = watcherStatus()?.closed_ms
        return {
          status,
          reasons,
          ...traffic,
          events: { columns: events.columns, rows: events.rows, sql: events.sql },
          sources: sources.map((source) => ({ ...source, judged_until: iso(closed?.get(source.source)) })),
          leases: leases().map(({ expires_ms, ...lease }) => ({ ...lease, expires_at: iso(expires_ms) })),
          storage,
          recorder: recorderStatus(),
        }
      },
      {
        query: only(windowParams),
        detail: describe('How SpaceWatch itself does: traffic, routes, events, sources', {
          json: missionControl,
        }),
      },
    )
    .get(
      '/timeseries',
      ({ query: { window, resolution } }) => ownTraffic.series({ from: window, step: resolution }),
      {
        query: only(timeseriesParams),
        detail: describe("SpaceWatch's own traffic over time", { json: ownSeries }),
      },
    )
    .get(
      '/events',
      ({ query: { window, limit, ...filters } }) =>
        readEventRows({ ...filters, from: window, limit: numeric(limit) }, null),
      {
        query: only(eventParams),
        detail: describe('Health events of SpaceWatch and of every bucket, newest first', {
          json: eventRows,
        }),
      },
    )
}

function iso(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString()
}
