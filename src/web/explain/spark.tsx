import type { Explanation } from './use-explanation.ts'

type Series = Explanation['total']['series']

const height = 36

/** Bars of a figure over time, those of the selection in colour, in the order of time. */
export function Spark({
  series,
  explanation,
  label,
}: {
  series: Series
  explanation: Explanation
  label: string
}) {
  const { selection, baseline } = explanation
  const parts = [
    { from: selection.from, values: series.selection, chosen: true },
    ...baseline.spans.map(({ from }, part) => ({ from, values: series.baseline[part] ?? [], chosen: false })),
  ].toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from))
  const bars = parts.flatMap(({ values, chosen }) => values.map((value) => ({ value, chosen })))
  const most = Math.max(1e-9, ...bars.map(({ value }) => value))
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${Math.max(1, bars.length)} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {bars.map(({ value, chosen }, at) => {
        const tall = value === 0 ? 0 : Math.max(1, (value / most) * height)
        return (
          <rect
            key={at}
            class={chosen ? 'spark-chosen' : ''}
            x={at + 0.08}
            width={0.84}
            y={height - tall}
            height={tall}
          />
        )
      })}
    </svg>
  )
}
