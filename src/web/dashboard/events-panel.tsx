import { eventRules } from '../../event-rules.ts'
import type { EventRule } from '../../event-rules.ts'
import type { Table } from '../api.ts'
import type { Mark } from '../chart/time-series.ts'
import { ExplainLink } from '../explain/explain-link.tsx'
import { explainedEvent } from '../explain/explained-event.ts'
import { formatBytes, formatCount, formatMs, formatTime, formatValue } from '../format.ts'
import { Icon } from '../icon.tsx'
import { Panel } from '../panel.tsx'
import { recordsOf } from '../records.ts'
import type { TableRecord } from '../records.ts'
import type { Asked } from '../use-answer.ts'
import { bucketsOf, changeView, spanOf } from '../view.ts'
import type { View } from '../view.ts'

/** A query for the health events that touch the window. */
export function eventsSql(view: View): string {
  const { from_ms, to_ms } = spanOf(view)
  // Events are told late, and windows that follow now must not ask anew each second.
  const round_ms = 300_000
  const from = new Date(Math.floor(from_ms / round_ms) * round_ms - 86_400_000).toISOString()
  const to = new Date(Math.ceil(to_ms / round_ms) * round_ms).toISOString()
  return `SELECT ts, rule, severity, state, format, bucket, measure, unit, before, after, started_at, ended_at FROM events WHERE ts >= '${from}' AND ts < '${to}' AND state <> 'withdrawn' ORDER BY ts DESC`
}

export function nameOf(rule: unknown): string {
  return eventRules[rule as EventRule]?.title ?? String(rule)
}

/** When an event ended, in milliseconds since the epoch; null while it is open, where the log tells the time last seen. */
export function endOf({ state, ended_at }: TableRecord): number | null {
  return state === 'open' || !ended_at ? null : Date.parse(String(ended_at))
}

function hasBucket(buckets: readonly string[], bucket: unknown): boolean {
  return buckets.length === 0 || buckets.includes(String(bucket))
}

/** The events that a chart of this view points at. */
export function marksOf(table: Table | null, view: View): Mark[] {
  const { from_ms, to_ms } = spanOf(view)
  const buckets = bucketsOf(view)
  return (table ? recordsOf(table) : [])
    .map((event) => ({
      name: `${nameOf(event['rule'])}: ${event['bucket']}`,
      from_ms: Date.parse(String(event['started_at'])),
      to_ms: endOf(event) ?? to_ms,
      severity: String(event['severity']),
      bucket: event['bucket'],
    }))
    .filter((mark) => mark.to_ms > from_ms && mark.from_ms < to_ms && hasBucket(buckets, mark.bucket))
}

/** What SpaceWatch noticed by itself; a click shows the time around it. */
export function EventsPanel({
  view,
  asked,
}: {
  view: View
  asked: Asked<Table & { sql_executed?: string }>
}) {
  const events = asked.data ? recordsOf(asked.data) : []
  const shown = events.filter((event) => hasBucket(bucketsOf(view), event['bucket']))
  return (
    <Panel
      title="Health events"
      span={4}
      asked={asked}
      table={asked.data}
      empty={shown.length === 0 && 'Nothing unusual was noticed around this window.'}
      about={{
        text: 'Closed intervals of five minutes are compared with what is normal for the bucket at that time: latency that steps up, server errors, traffic that stops or spikes.',
        sql: eventsSql(view),
      }}
    >
      <ol class="events panel-scroll" tabIndex={0}>
        {shown.map((event) => (
          <li key={`${event['ts']}${event['rule']}${event['bucket']}`}>
            <button class={`event event-${event['severity']}`} onClick={() => lookAt(event)}>
              <Icon name="warning" size={16} />
              <span class="event-text">
                <b>{nameOf(event['rule'])}</b> {event['bucket']}
                <small>
                  {formatTime(String(event['started_at']), view.zone, false)} · {changeText(event)}
                </small>
              </span>
              <span class={`badge badge-${event['state'] === 'open' ? 'bad' : 'plain'}`}>
                {event['state']}
              </span>
            </button>
            <ExplainLink
              of={`${nameOf(event['rule'])}, ${event['bucket']}`}
              explained={explainedEvent(event)}
            />
          </li>
        ))}
      </ol>
    </Panel>
  )
}

function changeText({ before, after, unit }: TableRecord): string {
  const write = (value: unknown): string => {
    if (typeof value !== 'number') return '–'
    if (unit === 'Milliseconds') return formatMs(value)
    if (unit === 'Percent') return formatValue(value, 'Percent')
    if (String(unit).startsWith('Bytes')) return `${formatBytes(value)}/s`
    return unit === 'Count/Second'
      ? `${formatCount(Number((value * 60).toPrecision(3)))}/min`
      : formatCount(value)
  }
  return `${write(before)} → ${write(after)}`
}

const hour_ms = 3_600_000

function lookAt(event: TableRecord): void {
  const { started_at, bucket } = event
  const from_ms = Date.parse(String(started_at))
  const to_ms = endOf(event) ?? Date.now()
  changeView({
    from: new Date(from_ms - hour_ms).toISOString(),
    to: new Date(Math.min(Date.now(), to_ms + hour_ms)).toISOString(),
    ...(typeof bucket === 'string' && { filters: { bucket } }),
  })
  // What has changed stands above the list that was clicked.
  scrollTo(0, 0)
}
