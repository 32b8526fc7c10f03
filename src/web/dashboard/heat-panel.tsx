import { useMemo, useRef } from 'preact/hooks'
import { Chart } from '../chart/chart.tsx'
import { alongTimes, groupsOf, timesOf } from '../chart/grid.ts'
import { heatMapOption } from '../chart/heat-map.ts'
import type { HeatMap } from '../chart/heat-map.ts'
import { Panel } from '../panel.tsx'
import type { Palette } from '../theme.ts'
import type { Asked } from '../use-answer.ts'
import { addFilter } from '../view.ts'
import type { View } from '../view.ts'
import { ofFormat } from './over-time.tsx'
import type { Batch } from './questions.ts'

/** How many of each status over time: what is rare and bad stands out beside what is common. */
export function StatusPanel({ view, shapes }: { view: View; shapes: Asked<Batch> }) {
  const answer = shapes.data?.['StatusCodes']
  const take = useRef<(() => string) | null>(null)
  const map = useMemo((): HeatMap | null => {
    if (!answer) return null
    const { from, to, step_seconds } = answer.coverage.window
    const window_ms = Date.parse(to) - Date.parse(from)
    const times_ms = timesOf(Date.parse(from), Date.parse(to), (step_seconds ?? 60) * 1000)
    const groups = groupsOf(ofFormat(answer, view.format), 'status').toSorted((a, b) =>
      a.name < b.name ? 1 : -1,
    )
    const cells = groups.flatMap(({ records }, row) =>
      alongTimes(times_ms, records, 'requests', 0).map(
        (value, time) => [time, row, value ?? 0] as HeatMap['cells'][0],
      ),
    )
    return { times_ms, rows: groups.map(({ name }) => name), cells, zone: view.zone, window_ms }
  }, [answer, view])
  const option = useMemo(() => map && ((colors: Palette) => heatMapOption(map, colors)), [map])
  return (
    <Panel
      title="Status over time"
      note="darker is more, on a log scale"
      asked={shapes}
      empty={map?.rows.length === 0 && 'No requests in this window: choose a longer range.'}
      table={answer ?? null}
      about={{ text: 'Requests of each HTTP status in each interval.', sql: answer?.sql ?? null }}
      picture={() => take.current?.() ?? 'data:,'}
      height={244}
    >
      {map && option && (
        <Chart
          label={`Status over time: ${map.rows.join(', ')}`}
          option={option}
          height={244}
          onPick={(_, value) => {
            const status = Array.isArray(value) ? map.rows[Number(value[1])] : undefined
            if (status) addFilter('status', status)
          }}
          picture={(how) => {
            take.current = how
          }}
        />
      )}
    </Panel>
  )
}
