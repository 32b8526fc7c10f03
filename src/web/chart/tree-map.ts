import { formatBytes, formatCount } from '../format.ts'
import type { Palette, SeriesColor } from '../theme.ts'
import type { Option } from './engine.ts'
import { frame, tipTime } from './frame.ts'

export interface Leaf {
  prefix: string
  bytes: number
  objects: number
}

const colors: SeriesColor[] = ['blue', 'teal', 'violet', 'green', 'amber', 'pink', 'gray']

/** What ECharts draws of sizes: an area for each. */
export function treeMapOption(leaves: readonly Leaf[], palette: Palette): Option {
  return {
    ...frame(palette, {
      formatter: ({ name, data }: { name: string; data?: Leaf }) =>
        data ? `${tipTime(name)}${formatBytes(data.bytes)} in ${formatCount(data.objects)} objects` : '',
    }),
    series: [
      {
        type: 'treemap',
        left: 0,
        right: 0,
        top: 0,
        bottom: 0,
        roam: false,
        nodeClick: false,
        breadcrumb: { show: false },
        label: { color: '#ffffff', fontSize: 12, textBorderColor: 'rgba(0,0,0,.55)', textBorderWidth: 2 },
        itemStyle: { borderColor: palette.surface, gapWidth: 2 },
        data: leaves.map((leaf, place) => ({
          ...leaf,
          name: leaf.prefix,
          value: leaf.bytes,
          itemStyle: { color: palette.series[colors[place % colors.length] ?? 'gray'] },
        })),
      },
    ],
  }
}
