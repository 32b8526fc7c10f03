import { useMemo } from 'preact/hooks'
import { ChartPanel } from '../chart-panel.tsx'
import { alongTimes, groupsOf, intervalsOf } from '../chart/grid.ts'
import { heatMapOption } from '../chart/heat-map.ts'
import type { HeatMap } from '../chart/heat-map.ts'
import { ofFormat } from '../records.ts'
import type { Asked } from '../use-answer.ts'
import { addFilter } from '../view.ts'
import type { View } from '../view.ts'
import type { Batch } from './questions.ts'

/** How many of each status over time: what is rare and bad stands out beside what is common. */
export function StatusPanel({ view, shapes }: { view: View; shapes: Asked<Batch> }) {
  const answer = shapes.data?.['StatusCodes']
  const map = useMemo((): HeatMap | null => {
    if (!answer) return null
    const { times_ms, window } = intervalsOf(answer.coverage)
    const groups = groupsOf(ofFormat(answer, view.format), 'status').toSorted((a, b) =>
      a.name < b.name ? 1 : -1,
    )
    const cells = groups.flatMap(({ records }, row) =>
      alongTimes(times_ms, records, 'requests', 0).map(
        (value, time) => [time, row, value ?? 0] as HeatMap['cells'][0],
      ),
    )
    return {
      times_ms,
      rows: groups.map(({ name }) => name),
      cells,
      zone: view.zone,
      window_ms: window.to_ms - window.from_ms,
    }
  }, [answer, view])
  return (
    <ChartPanel
      title="Status over time"
      note="darker is more, on a log scale"
      asked={shapes}
      empty={map?.rows.length === 0 && 'No requests in this window: choose a longer range.'}
      table={answer ?? null}
      about={{ text: 'Requests of each HTTP status in each interval.', sql: answer?.sql ?? null }}
      height={244}
      chart={
        map && {
          label: `Status over time: ${map.rows.join(', ')}`,
          data: map,
          draw: heatMapOption,
          onPick: (_, value) => {
            const status = Array.isArray(value) ? map.rows[Number(value[1])] : undefined
            if (status) addFilter('status', status)
          },
        }
      }
    />
  )
}
