import { t } from 'elysia'
import { eventRows, nullable, tableSchema } from './schemas.ts'

const text = t.String()
const count = t.Integer({ minimum: 0 })
const moment = t.String({ format: 'date-time' })
const span = { from: moment, to: moment }

const figures = {
  operations_per_second: t.Number(),
  error_rate: t.Number(),
  errors_5xx_rate: t.Number(),
  bytes_per_second: t.Number(),
  p50: nullable(t.Number()),
  p95: nullable(t.Number()),
  p99: nullable(t.Number()),
}
const windowFigures = t.Object({
  ...span,
  formats: t.Array(
    t.Object({ format: text, ...figures, classes: t.Array(t.Object({ class: text, ...figures })) }),
  ),
})
const storage = nullable(t.Object({ closed_until: moment, five_minutes: windowFigures, hour: windowFigures }))
const status = t.Union([t.Literal('ok'), t.Literal('degraded'), t.Literal('down')])
const health = {
  status,
  reasons: t.Array(t.Object({ code: text, message: text })),
  storage,
}
const source = t.Object({
  source: text,
  endpoint: text,
  bucket: text,
  prefix: text,
  backlog: count,
  listed: t.Boolean(),
  lines: count,
  rows: count,
  refused: count,
  newest_event: nullable(moment),
  delivery_lag_seconds: nullable(t.Number()),
})
const lease = t.Object({
  source: text,
  state: t.Union([t.Literal('reading'), t.Literal('paused'), t.Literal('refused')]),
  reason: nullable(text),
  backlog: count,
  listed: t.Boolean(),
  bytes_today: count,
  expires_at: moment,
})
const recorder = nullable(
  t.Object({ state: text, reason: nullable(text), queued: count, recorded: count, dropped: count }),
)

/** What SpaceWatch tells of itself. */
export const healthAnswer = t.Object({ ...health, sources: t.Optional(t.Array(source)) })
export const liveAnswer = t.Object({ status })
export const missionControl = t.Object({
  ...health,
  window: t.Object(span),
  totals: tableSchema,
  busiest: tableSchema,
  slowest: tableSchema,
  failing: tableSchema,
  events: t.Omit(eventRows, ['next_cursor']),
  sources: t.Array(t.Composite([source, t.Object({ judged_until: nullable(moment) })])),
  leases: t.Array(lease),
  recorder,
})
export const ownSeries = t.Composite([
  tableSchema,
  t.Object({ window: t.Object({ ...span, step_seconds: t.Number() }) }),
])
export const statsAnswer = t.Object({
  uptime_seconds: t.Number(),
  memory: t.Record(text, count),
  cpu: t.Object({ user_seconds: t.Number(), system_seconds: t.Number() }),
  pipeline: t.Record(text, count),
  requests: recorder,
  events: nullable(t.Object({ open: count, pending: count, reason: nullable(text) })),
  questdb: t.Object({
    suspended: t.Array(text),
    lag_transactions: count,
    disk_free: nullable(t.Number()),
    away: nullable(text),
  }),
})
export const openApiAnswer = t.Object({ openapi: text, info: t.Object({}), paths: t.Object({}) })
