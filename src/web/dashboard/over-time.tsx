import { useMemo, useState } from 'preact/hooks'
import { alongTimes, groupsOf, timesOf } from '../chart/grid.ts'
import type { Line, Mark, TimeSeries } from '../chart/time-series.ts'
import { recordsOf, sumOf } from '../records.ts'
import type { TableRecord } from '../records.ts'
import { colorOf } from '../theme.ts'
import type { Asked } from '../use-answer.ts'
import type { Coverage, Table, Unit } from '../api.ts'
import { addFilter } from '../view.ts'
import type { View } from '../view.ts'
import type { Batch, Report } from './questions.ts'
import { TimePanel } from './time-panel.tsx'

export interface OverTimeProps {
  view: View
  report: Asked<Report>
  shapes: Asked<Batch>
  marks: Mark[]
}

const nothing = 'No requests of this kind in this window: choose a longer range, or take filters away.'

/** Rows of the chosen log format. */
export function ofFormat(table: Table | undefined, format: string): TableRecord[] {
  return table ? recordsOf(table).filter((record) => record['format'] === format) : []
}

export function seriesOf(
  coverage: Coverage,
  view: View,
  unit: Unit,
  lines: (times_ms: number[]) => Line[],
  marks: Mark[] = [],
): TimeSeries {
  const window = { from_ms: Date.parse(coverage.window.from), to_ms: Date.parse(coverage.window.to) }
  const step_ms = (coverage.window.step_seconds ?? 60) * 1000
  const times_ms = timesOf(window.from_ms, window.to_ms, step_ms)
  return { times_ms, step_ms, window, unit, zone: view.zone, lines: lines(times_ms), marks }
}

const comparedName = { '': '', previous: 'Previous period', week: 'Week before' }

/** The line of the time that is compared with; none while nothing is. */
function comparedLine(view: View, name: string, values: () => Line['values']): Line[] {
  return view.compare ? [{ name, values: values(), color: 'gray', kind: 'line', dashed: true }] : []
}

export function RequestsPanel({ view, report, shapes, marks }: OverTimeProps) {
  const answer = shapes.data?.['RequestsByClass']
  const series = useMemo(() => {
    if (!answer) return null
    const groups = groupsOf(ofFormat(answer, view.format), 'class').filter(
      ({ records }) => sumOf(records, 'requests') > 0,
    )
    const before = ofFormat(report.data?.series, view.format)
    return seriesOf(
      answer.coverage,
      view,
      'Count',
      (times) => [
        ...groups
          .toSorted((a, b) => sumOf(b.records, 'requests') - sumOf(a.records, 'requests'))
          .map(({ name, records }): Line => ({
            name,
            values: alongTimes(times, records, 'requests', 0),
            color: colorOf(name),
            kind: 'bar',
            stacked: true,
          })),
        ...comparedLine(view, comparedName[view.compare], () =>
          alongTimes(times, before, 'previous_requests', 0),
        ),
      ],
      marks,
    )
  }, [answer, report.data, view, marks])
  return (
    <TimePanel
      title="Requests"
      note="by class of operation"
      span={8}
      height={250}
      asked={shapes}
      series={series}
      empty={series?.lines.length === 0 && nothing}
      onPick={(name) => name in classNames && addFilter('class', name)}
      about={{
        text: 'Requests in each interval, by what they do: read, write, list, delete, copy or configure. Shaded spans are health events.',
        sql: answer?.sql ?? null,
      }}
    />
  )
}

const classNames = { read: 1, write: 1, list: 1, delete: 1, copy: 1, config: 1, lifecycle: 1, other: 1 }

// A status has one colour in every window.
const shades: Record<string, Line['color']> = {
  401: 'pink',
  403: 'amber',
  404: 'teal',
  409: 'green',
  412: 'violet',
  416: 'blue',
  500: 'pink',
  502: 'violet',
  503: 'red',
}

export function ErrorsPanel({ view, report, shapes, marks }: OverTimeProps) {
  const answer = shapes.data?.['StatusCodes']
  const series = useMemo(() => {
    if (!answer) return null
    const failed = ofFormat(answer, view.format).filter(({ status }) => Number(status) >= 400)
    const groups = groupsOf(failed, 'status').toSorted((a, b) => Number(a.name) - Number(b.name))
    const before = ofFormat(report.data?.series, view.format)
    return seriesOf(
      answer.coverage,
      view,
      'Count',
      (times) => [
        ...groups.map(({ name, records }): Line => ({
          name,
          values: alongTimes(times, records, 'requests', 0),
          color: shades[name] ?? 'gray',
          kind: 'bar',
          stacked: true,
        })),
        ...comparedLine(view, comparedName[view.compare], () =>
          alongTimes(times, before, 'previous_errors', 0),
        ),
      ],
      marks,
    )
  }, [answer, report.data, view, marks])
  return (
    <TimePanel
      title="Errors"
      note="by status"
      asked={shapes}
      series={series}
      empty={series?.lines.length === 0 && 'No request failed in this window.'}
      onPick={(name) => /^\d{3}$/.test(name) && addFilter('status', name)}
      about={{
        text: 'Requests answered with a status of 400 and up, by status. 503 is mostly Slow Down: a bucket was asked too fast.',
        sql: answer?.sql ?? null,
      }}
    />
  )
}

const latencies = { TotalRequestLatency: 'Total', FirstByteLatency: 'First byte' } as const

export function LatencyPanel({ view, shapes, marks }: OverTimeProps) {
  const [which, setWhich] = useState<keyof typeof latencies>('TotalRequestLatency')
  const answer = shapes.data?.[which]
  const series = useMemo(() => {
    if (!answer) return null
    const records = ofFormat(answer, view.format)
    const line = (name: string, color: Line['color'], dashed = false) => ({ name, color, dashed })
    const wanted = [line('p50', 'teal'), line('p95', 'blue'), line('p99', 'violet')]
    if (records.length === 0) return seriesOf(answer.coverage, view, 'Milliseconds', () => [])
    return seriesOf(
      answer.coverage,
      view,
      'Milliseconds',
      (times) => [
        ...wanted.map(({ name, color }): Line => ({
          name,
          color,
          values: alongTimes(times, records, name, null),
          kind: 'line',
        })),
        ...comparedLine(view, `p95 ${comparedName[view.compare].toLowerCase()}`, () =>
          alongTimes(times, records, 'previous_p95', null),
        ),
      ],
      marks,
    )
  }, [answer, view, marks])
  return (
    <TimePanel
      title="Latency"
      note="percentiles"
      asked={shapes}
      series={series}
      empty={series?.lines.length === 0 && nothing}
      controls={
        <div class="segments small" role="group" aria-label="Which time">
          {(Object.keys(latencies) as (keyof typeof latencies)[]).map((name) => (
            <button key={name} aria-pressed={which === name} onClick={() => setWhich(name)}>
              {latencies[name]}
            </button>
          ))}
        </div>
      }
      about={{
        text: 'Total: from the first byte of a request to the last byte of its answer. First byte: from the whole request to the first byte of the answer (turn-around time). Half of the requests are faster than p50, one in a hundred slower than p99.',
        sql: answer?.sql ?? null,
      }}
    />
  )
}

export function BytesPanel({ view, report, marks }: OverTimeProps) {
  const answer = report.data?.series
  const series = useMemo(() => {
    if (!answer || !report.data) return null
    const records = ofFormat(answer, view.format)
    const line = (name: string, color: Line['color'], column: string, dashed = false) => ({
      name,
      color,
      column,
      dashed,
    })
    const wanted = [
      line('Out', 'blue', 'bytes_downloaded'),
      line('In', 'green', 'bytes_uploaded'),
      ...(view.compare
        ? [
            line(
              `Out, ${comparedName[view.compare].toLowerCase()}`,
              'gray',
              'previous_bytes_downloaded',
              true,
            ),
          ]
        : []),
    ]
    return seriesOf(
      report.data.coverage,
      view,
      'Bytes',
      (times) =>
        records.length === 0
          ? []
          : wanted.map(({ name, color, column, dashed }): Line => ({
              name,
              color,
              values: alongTimes(times, records, column, 0),
              kind: dashed ? 'line' : 'area',
              dashed,
            })),
      marks,
    )
  }, [answer, report.data, view, marks])
  return (
    <TimePanel
      title="Transfer"
      note="bytes out and in"
      asked={report}
      series={series}
      empty={series?.lines.length === 0 && nothing}
      about={{
        text: 'Bytes of response bodies that went out, and bytes of objects and parts that came in, in each interval.',
        sql: answer?.sql ?? null,
      }}
    />
  )
}
