import { BarChart, HeatmapChart, LineChart, TreemapChart } from 'echarts/charts'
import {
  AriaComponent,
  GridComponent,
  MarkAreaComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components'
import { connect, init, use } from 'echarts/core'
import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  GridComponent,
  HeatmapChart,
  LineChart,
  MarkAreaComponent,
  TooltipComponent,
  TreemapChart,
  VisualMapComponent,
])

export type Instance = EChartsType
export type Option = EChartsCoreOption

/** Draws charts into an element; those of one group show their pointers at the same time. */
export function createInstance(element: HTMLElement, group: string | undefined): Instance {
  const instance = init(element, null, { renderer: 'canvas' })
  if (group) {
    instance.group = group
    connect(group)
  }
  return instance
}
