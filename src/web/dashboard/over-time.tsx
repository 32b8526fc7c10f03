import { useState } from 'preact/hooks'
import { alongTimes, groupsOf } from '../chart/grid.ts'
import type { Line, Mark } from '../chart/time-series.ts'
import { Segments } from '../choice.tsx'
import { ofFormat, sumOf } from '../records.ts'
import { colorOf } from '../theme.ts'
import type { SeriesColor } from '../theme.ts'
import type { Asked } from '../use-answer.ts'
import { addFilter } from '../view.ts'
import type { View } from '../view.ts'
import { LinesPanel, barsOf, comparedLine } from './lines-panel.tsx'
import type { Batch, Report } from './questions.ts'

export interface OverTimeProps {
  view: View
  report: Asked<Report>
  shapes: Asked<Batch>
  marks: Mark[]
}

const nothing = 'No requests of this kind in this window: choose a longer range, or take filters away.'

export function RequestsPanel({ view, report, shapes, marks }: OverTimeProps) {
  const answer = shapes.data?.['RequestsByClass']
  const before = ofFormat(report.data?.series, view.format)
  const groups = groupsOf(ofFormat(answer, view.format), 'class')
    .map((group) => ({ ...group, all: sumOf(group.records, 'requests') }))
    .filter(({ all }) => all > 0)
    .toSorted((a, b) => b.all - a.all)
  return (
    <LinesPanel
      title="Requests"
      measure="requests"
      note="by class of operation"
      span={8}
      height={250}
      asked={shapes}
      view={view}
      marks={marks}
      coverage={answer?.coverage}
      also={report.data}
      unit="Count"
      lines={(times) => [
        ...barsOf(times, groups, colorOf),
        ...comparedLine(view, 'All', alongTimes(times, before, 'previous_requests', 0)),
      ]}
      onPick={(name) => groups.some((group) => group.name === name) && addFilter('class', name)}
      none={nothing}
      text="Requests in each interval, by what they do: read, write, list, delete, copy or configure. Shaded spans are health events."
      sql={answer?.sql}
    />
  )
}

// A status has one colour in every window.
const shades: Record<string, SeriesColor> = {
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
  const before = ofFormat(report.data?.series, view.format)
  const failed = ofFormat(answer, view.format).filter(({ status }) => Number(status) >= 400)
  const groups = groupsOf(failed, 'status').toSorted((a, b) => Number(a.name) - Number(b.name))
  return (
    <LinesPanel
      title="Errors"
      measure="errors"
      note="by status"
      asked={shapes}
      view={view}
      marks={marks}
      coverage={answer?.coverage}
      also={report.data}
      unit="Count"
      lines={(times) => [
        ...barsOf(times, groups, (status) => shades[status] ?? 'gray'),
        ...comparedLine(view, 'All', alongTimes(times, before, 'previous_errors', 0)),
      ]}
      onPick={(name) => /^\d{3}$/.test(name) && addFilter('status', name)}
      none="No request failed in this window."
      text="Requests answered with a status of 400 and up, by status. 503 is mostly Slow Down: a bucket was asked too fast."
      sql={answer?.sql}
    />
  )
}

const latencies = { TotalRequestLatency: 'Total', FirstByteLatency: 'First byte' } as const
const percentiles = { p50: 'teal', p95: 'blue', p99: 'violet' } as const

export function LatencyPanel({ view, shapes, marks }: OverTimeProps) {
  const [which, setWhich] = useState<keyof typeof latencies>('TotalRequestLatency')
  const answer = shapes.data?.[which]
  const records = ofFormat(answer, view.format)
  const lines = (times: number[]): Line[] => [
    ...Object.entries(percentiles).map(([name, color]): Line => ({
      name,
      color,
      values: alongTimes(times, records, name, null),
      kind: 'line',
    })),
    ...comparedLine(view, 'p95', alongTimes(times, records, 'previous_p95', null)),
  ]
  return (
    <LinesPanel
      title="Latency"
      measure="slow_requests"
      note="percentiles"
      asked={shapes}
      view={view}
      marks={marks}
      coverage={answer?.coverage}
      unit="Milliseconds"
      lines={(times) => (records.length === 0 ? [] : lines(times))}
      controls={<Segments label="Which time" options={latencies} chosen={which} onChoose={setWhich} />}
      none={nothing}
      text="Total: from the first byte of a request to the last byte of its answer. First byte: from the whole request to the first byte of the answer (turn-around time). Half of the requests are faster than p50, one in a hundred slower than p99."
      sql={answer?.sql}
    />
  )
}

export function BytesPanel({ view, report, marks }: OverTimeProps) {
  const records = ofFormat(report.data?.series, view.format)
  const lines = (times: number[]): Line[] => {
    const area = (name: string, color: SeriesColor, column: string): Line => ({
      name,
      color,
      values: alongTimes(times, records, column, 0),
      kind: 'area',
    })
    return [
      area('Out', 'blue', 'bytes_downloaded'),
      area('In', 'green', 'bytes_uploaded'),
      ...comparedLine(view, 'Out', alongTimes(times, records, 'previous_bytes_downloaded', 0)),
    ]
  }
  return (
    <LinesPanel
      title="Transfer"
      measure="bytes_sent"
      note="bytes out and in"
      asked={report}
      view={view}
      marks={marks}
      coverage={report.data?.coverage}
      unit="Bytes"
      lines={(times) => (records.length === 0 ? [] : lines(times))}
      none={nothing}
      text="Bytes of response bodies that went out, and bytes of objects and parts that came in, in each interval."
      sql={report.data?.series.sql}
    />
  )
}
