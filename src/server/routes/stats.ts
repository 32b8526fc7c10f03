import { Elysia } from 'elysia'
import type { SourceStatus } from '../../pipeline/status.ts'
import type { WalStatus } from '../../store/wal-watch.ts'
import type { WatcherStatus } from '../../watch/watcher.ts'
import { requireApiKey } from '../auth.ts'
import type { HasApiKey } from '../auth.ts'
import { only } from '../query-schema.ts'
import type { RecorderStatus } from '../request-recorder.ts'
import { describe } from '../openapi/describe.ts'
import { statsAnswer } from '../openapi/own-schemas.ts'

export interface StatsRoutesOptions {
  hasApiKey: HasApiKey
  sources: () => readonly SourceStatus[]
  walStatus: () => WalStatus
  recorderStatus: () => RecorderStatus | null
  watcherStatus: () => WatcherStatus | null
}

const counted = [
  'objects_done',
  'objects_refused',
  'lines',
  'rows',
  'refused',
  'blank',
  'expired',
  'bytes',
  'backlog',
] as const

/** `/stats`: counters of this process since its start, and what it takes. */
export function statsRoutes(options: StatsRoutesOptions) {
  const { hasApiKey, sources, walStatus, recorderStatus, watcherStatus } = options
  return new Elysia({ normalize: false }).use(requireApiKey(hasApiKey)).get(
    '/stats',
    () => {
      const all = sources()
      const totals = counted.map((name) => [name, all.reduce((sum, source) => sum + source[name], 0)])
      const { rss, heapUsed, external } = process.memoryUsage()
      const cpu = process.cpuUsage()
      const watcher = watcherStatus()
      return {
        uptime_seconds: Math.round(process.uptime()),
        memory: { rss_bytes: rss, heap_used_bytes: heapUsed, external_bytes: external },
        cpu: { user_seconds: cpu.user / 1e6, system_seconds: cpu.system / 1e6 },
        pipeline: { sources: all.length, ...Object.fromEntries(totals) },
        requests: recorderStatus(),
        events: watcher && {
          open: watcher.events_open,
          pending: watcher.events_pending,
          reason: watcher.reason,
        },
        questdb: walStatus(),
      }
    },
    {
      query: only({}),
      detail: describe('Counters of this process since its start', { json: statsAnswer }),
    },
  )
}
