import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { Chart } from './chart/chart.tsx'
import type { ChartProps } from './chart/chart.tsx'
import { Panel } from './panel.tsx'
import type { PanelProps } from './panel.tsx'

export interface ChartPanelProps<Data> extends Omit<PanelProps, 'children' | 'picture'> {
  /** Null while there is nothing to draw. */
  chart: Omit<ChartProps<Data>, 'picture'> | null
  legend?: ComponentChildren
  footer?: ComponentChildren
}

/** A panel with a chart, which it gives as a picture too. */
export function ChartPanel<Data>({ chart, legend, footer, ...panel }: ChartPanelProps<Data>) {
  const take = useRef<(() => string) | null>(null)
  return (
    <Panel {...panel} picture={() => take.current?.() ?? 'data:,'}>
      {chart && (
        <>
          {legend}
          <Chart
            height={panel.height ?? 220}
            picture={(how) => {
              take.current = how
            }}
            {...chart}
          />
          {footer}
        </>
      )}
    </Panel>
  )
}
