import { useMemo } from 'preact/hooks'
import type { AnswerTo } from '../api.ts'
import type { Line } from '../chart/time-series.ts'
import { TimePanel } from '../dashboard/time-panel.tsx'
import { numberOf, recordsOf } from '../records.ts'
import type { useAnswer } from '../use-answer.ts'

/** SpaceWatch's own requests over time. */
export type OwnSeries = AnswerTo<'GET /admin/api/timeseries'>

type AskedSeries = ReturnType<typeof useAnswer<OwnSeries>>

function useOwn(
  asked: AskedSeries,
  unit: 'Count' | 'Milliseconds',
  wanted: [string, string, Line['color'], Line['kind']][],
) {
  return useMemo(() => {
    if (!asked.data) return null
    const { window } = asked.data
    const records = recordsOf(asked.data)
    return {
      times_ms: records.map(({ ts }) => Date.parse(String(ts))),
      step_ms: window.step_seconds * 1000,
      window: { from_ms: Date.parse(window.from), to_ms: Date.parse(window.to) },
      unit,
      zone: 'local' as const,
      lines: wanted.map(([name, column, color, kind]): Line => ({
        name,
        color,
        kind,
        stacked: kind === 'bar',
        values: records.map((record) => numberOf(record[column])),
      })),
    }
  }, [asked.data])
}

/** How many requests came, and how many failed. */
export function Traffic({ asked }: { asked: AskedSeries }) {
  const series = useOwn(asked, 'Count', [
    ['Requests', 'requests', 'blue', 'line'],
    ['4xx', 'errors_4xx', 'amber', 'bar'],
    ['5xx', 'errors_5xx', 'red', 'bar'],
  ])
  return (
    <TimePanel
      title="Requests to SpaceWatch"
      asked={asked}
      series={series}
      about={{ text: 'Requests that this service answered, pages and API, in each interval.', sql: null }}
    />
  )
}

/** How long the answers took. */
export function Latency({ asked }: { asked: AskedSeries }) {
  const series = useOwn(asked, 'Milliseconds', [
    ['p50', 'p50', 'teal', 'line'],
    ['p95', 'p95', 'blue', 'line'],
  ])
  return (
    <TimePanel
      title="Answer time"
      asked={asked}
      series={series}
      about={{
        text: 'From the request to the end of the handler, in percentiles of each interval.',
        sql: null,
      }}
    />
  )
}
