import { useState } from 'preact/hooks'
import { ask } from '../api.ts'
import type { AnswerTo, Table } from '../api.ts'
import { Bars } from '../bars.tsx'
import type { Bar } from '../bars.tsx'
import { Segments } from '../choice.tsx'
import { endOf, nameOf } from '../dashboard/events-panel.tsx'
import { DataTable } from '../data-table.tsx'
import { ExplainLink } from '../explain/explain-link.tsx'
import { explainedEvent } from '../explain/explained-event.ts'
import { isToldOnce, refreshed } from '../failures.ts'
import { formatCount, formatMs, formatPercent, formatSpan, formatTime, formatValue } from '../format.ts'
import { Panel } from '../panel.tsx'
import { numberOf, recordsOf } from '../records.ts'
import { session } from '../session.ts'
import { Empty, Failed, Loading } from '../states.tsx'
import { useAnswer } from '../use-answer.ts'
import type { Asked } from '../use-answer.ts'
import { view } from '../view.ts'
import { Leases } from './leases.tsx'
import { Latency, Traffic } from './own-traffic.tsx'
import { Sources } from './sources.tsx'
import { useEvery } from './use-every.ts'

type MissionControl = AnswerTo<'GET /admin/api/mission-control'>

const windows = ['30m', '1h', '6h', '24h', '7d']

/** How SpaceWatch itself does, for its operator. */
export default function MissionControlPage() {
  if (session.value?.kind !== 'admin') {
    return (
      <>
        <header class="page-head">
          <h1>Mission control</h1>
        </header>
        <section class="panel">
          <Empty title="This page is the operator's" icon="admin">
            <a href="/connect">Connect with the API key</a> that APP_API_KEY or the file api-key in DATA_DIR
            holds.
          </Empty>
        </section>
      </>
    )
  }
  return <Control />
}

function Control() {
  const [window, setWindow] = useState('1h')
  useEvery(15_000, () => refreshed.value++)
  const asked = useAnswer(`control ${window}`, (signal) =>
    ask('GET /admin/api/mission-control', { query: { window }, signal }),
  )
  const series = useAnswer(`series ${window}`, (signal) =>
    ask('GET /admin/api/timeseries', { query: { window, resolution: resolutionOf(window) }, signal }),
  )
  const stats = useAnswer('stats', (signal) => ask('GET /stats', { signal }))
  const control = asked.data
  return (
    <>
      <header class="page-head">
        <div class="controls">
          <h1>Mission control</h1>
          <Segments class="segments" label="Range" options={windows} chosen={window} onChoose={setWindow} />
        </div>
        {control && <Status control={control} isOld={asked.error !== null} />}
      </header>
      {!control && asked.error && !isToldOnce(asked.error) && (
        <section class="panel">
          <Failed error={asked.error} />
        </section>
      )}
      {!control && (!asked.error || isToldOnce(asked.error)) && <Loading height={320} />}
      {control && (
        <>
          <Figures control={control} stats={stats.data} />
          <div class="grid">
            <Traffic asked={series} />
            <Latency asked={series} />
            <Sources sources={control.sources} />
            <Leases leases={control.leases} />
            <Routes title="Busiest" asked={asked} table={control.busiest} column="requests" />
            <Routes title="Slowest" asked={asked} table={control.slowest} column="p95" />
            <Routes title="Failing" asked={asked} table={control.failing} column="errors" />
            <Events asked={asked} table={control.events} />
          </div>
        </>
      )}
    </>
  )
}

const resolutions: Record<string, string> = { '30m': '30s', '1h': '1m', '6h': '5m', '24h': '15m', '7d': '2h' }

function resolutionOf(window: string): string {
  return resolutions[window] ?? '5m'
}

// More requests than these, in percent, fail by themselves on no day.
const failedAtMost_percent = 1

function Status({ control, isOld }: { control: MissionControl; isOld: boolean }) {
  const [totals = {}] = recordsOf(control.totals)
  const failed = numberOf(totals['rate_5xx']) ?? 0
  const isFailing = failed >= failedAtMost_percent
  const tone = { ok: isFailing || isOld ? 'warn' : 'good', degraded: 'warn', down: 'bad' }[control.status]
  const words = isOld ? 'not current' : isFailing ? 'requests fail' : 'All is well'
  return (
    <div class="row" role="status">
      <span class={`badge badge-${tone}`}>{control.status === 'ok' ? words : control.status}</span>
      {isFailing && (
        <span class="faint">{formatPercent(failed)} of the requests of this range failed with 5xx</span>
      )}
      {control.reasons.map(({ code, message }) => (
        <span key={code} class="faint">
          {message}
        </span>
      ))}
    </div>
  )
}

function Figures({ control, stats }: { control: MissionControl; stats: AnswerTo<'GET /stats'> | null }) {
  const [totals = {}] = recordsOf(control.totals)
  const of = (name: string): number | null => numberOf(totals[name])
  const free = stats?.questdb.disk_free
  const figures: [title: string, value: string, note: string][] = [
    [
      'Requests',
      formatCount(of('requests') ?? 0),
      `${formatCount(Number((of('requests_per_minute') ?? 0).toFixed(1)))} a minute`,
    ],
    [
      'Answer time p95',
      formatValue(of('p95'), 'Milliseconds'),
      `p50 ${formatValue(of('p50'), 'Milliseconds')}`,
    ],
    ['4xx', formatCount(of('errors_4xx') ?? 0), formatPercent(of('rate_4xx') ?? 0)],
    ['5xx', formatCount(of('errors_5xx') ?? 0), formatPercent(of('rate_5xx') ?? 0)],
    ['Sessions', formatCount(of('sessions') ?? 0), `${formatCount(of('slow') ?? 0)} slow requests`],
    [
      'Memory',
      stats ? formatValue(stats.memory.rss_bytes, 'Bytes') : '–',
      stats
        ? `up ${formatSpan(stats.uptime_seconds)}${free ? `, disk ${Math.round(free * 100)} % free` : ''}${
            stats.parquet?.days ? `, ${stats.parquet.days} days packed` : ''
          }${stats.summaries?.days ? `, ${stats.summaries.days} counted` : ''}`
        : '',
    ],
  ]
  return (
    <div class="tiles tiles-plain">
      {figures.map(([title, value, note]) => (
        <div key={title} class="tile">
          <span class="tile-title">{title}</span>
          <strong class="tile-value">{value}</strong>
          <span class="tile-change">{note}</span>
        </div>
      ))}
    </div>
  )
}

function Routes(props: { title: string; asked: Asked<MissionControl>; table: Table; column: string }) {
  const { title, asked, table, column } = props
  const isFailing = title === 'Failing'
  const bars = recordsOf(table)
    .filter(({ errors }) => !isFailing || Number(errors) > 0)
    .map(({ method, route, [column]: value }): Bar => {
      const amount = numberOf(value) ?? 0
      return {
        key: `${method} ${route}`,
        name: (
          <>
            <small class="faint">{method}</small> {route}
          </>
        ),
        amount,
        text: column === 'p95' ? formatMs(amount) : formatCount(amount),
      }
    })
  return (
    <Panel
      title={`${title} routes`}
      span={4}
      asked={asked}
      table={table}
      empty={bars.length === 0 && (isFailing ? 'No request failed.' : 'No request came.')}
    >
      <Bars bars={bars.slice(0, 8)} bad={isFailing} />
    </Panel>
  )
}

const eventColumns = [
  'started_at',
  'rule',
  'severity',
  'state',
  'format',
  'bucket',
  'measure',
  'before',
  'after',
  'ended_at',
]

/** A row of the list, by the names that it was made of. */
function eventIn(row: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(eventColumns.map((name, at) => [name, row[at]]))
}

function Events({ asked, table }: { asked: Asked<MissionControl>; table: Table }) {
  const places = eventColumns.map((name) => table.columns.findIndex((column) => column.name === name))
  return (
    <Panel
      title="What changed"
      note="health events of all sources"
      span={12}
      asked={asked}
      empty={table.rows.length === 0 && 'Nothing unusual was noticed in the last seven days.'}
    >
      <DataTable
        caption="Health events"
        zone={view.value.zone}
        columns={places.flatMap((place) => table.columns[place] ?? [])}
        rows={recordsOf(table).map((event) =>
          eventColumns.map((name) => (name === 'ended_at' && endOf(event) === null ? null : event[name])),
        )}
        cell={({ name }, value, row) => {
          if (name === 'rule')
            return (
              <span class="row">
                {nameOf(value)} <ExplainLink of={nameOf(value)} explained={explainedEvent(eventIn(row))} />
              </span>
            )
          if (name === 'severity') {
            return <span class={`badge badge-${value === 'critical' ? 'bad' : 'warn'}`}>{String(value)}</span>
          }
          return name.endsWith('_at') && typeof value === 'string'
            ? formatTime(value, view.value.zone, false)
            : undefined
        }}
      />
    </Panel>
  )
}
