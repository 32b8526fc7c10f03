import { expect, test } from 'bun:test'
import { timeSeriesOption } from '../../src/web/chart/time-series.ts'
import type { TimeSeries } from '../../src/web/chart/time-series.ts'

const minute_ms = 60_000
const series: TimeSeries = {
  times_ms: [0, minute_ms],
  step_ms: minute_ms,
  window: { from_ms: 0, to_ms: 2 * minute_ms },
  unit: 'Milliseconds',
  zone: 'utc',
  lines: (['bar', 'line', 'area'] as const).map((kind) => ({
    name: kind,
    kind,
    color: 'blue' as const,
    values: [10, 20],
  })),
}
const colors = { red: '', blue: '', green: '', amber: '', violet: '', teal: '', pink: '', gray: '' }
const palette = { series: colors, font: '', surface: '', line: '', muted: '', text: '' }
const option = timeSeriesOption(series, palette as unknown as Parameters<typeof timeSeriesOption>[1])

test('bars, lines and areas of linked charts stand at the same moments', () => {
  const drawn = option['series'] as { data: [number, number][] }[]
  expect(drawn.length).toBe(3)
  expect(drawn.map(({ data }) => data.map(([at_ms]) => at_ms))).toEqual(
    drawn.map(() => [minute_ms / 2, 1.5 * minute_ms]),
  )
})

test('the steps of a logarithmic axis are round', () => {
  const { axisLabel } = option['yAxis'] as { axisLabel: { formatter: (value: number) => string } }
  expect([1, 100, 1000, 10_000, 1_000_000].map(axisLabel.formatter)).toEqual([
    '1 ms',
    '100 ms',
    '1 s',
    '10 s',
    '1,000 s',
  ])
})
