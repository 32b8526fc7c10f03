import { useEffect, useRef } from 'preact/hooks'
import { palette } from '../theme.ts'
import type { Palette } from '../theme.ts'
import type { Instance, Option } from './engine.ts'

export interface ChartProps<Data> {
  /** Says what the chart shows to those who do not see it. */
  label: string
  /** What is drawn, anew whenever it is another. */
  data: Data
  draw: (data: Data, palette: Palette) => Option
  height?: number
  group?: string | undefined
  /** A span of time was drawn across the chart; it has a time axis then. */
  onZoom?: ((from_ms: number, to_ms: number) => void) | undefined
  /** A mark was clicked: the name of its series and its value. */
  onPick?: ((series: string, value: unknown, name: string) => void) | undefined
  /** Is given what makes a picture of the chart. */
  picture?: ((take: () => string) => void) | undefined
}

// Drawing takes a quarter of the first load, and only some pages draw.
const engine = () => import('./engine.ts')

/** A chart of ECharts: follows its size, the theme and its data. */
export function Chart<Data>(props: ChartProps<Data>) {
  const { label, data, height = 220, group, onZoom, picture } = props
  const host = useRef<HTMLDivElement>(null)
  const instance = useRef<Instance | null>(null)
  const latest = useRef(props)
  latest.current = props
  const colors = palette.value

  function draw(): void {
    const begun_ms = performance.now()
    const option = latest.current.draw(latest.current.data, palette.peek())
    instance.current?.setOption(option, { notMerge: true, lazyUpdate: false })
    instance.current?.getZr().flush()
    if (host.current && instance.current)
      host.current.dataset['drawn'] = (performance.now() - begun_ms).toFixed(1)
  }

  useEffect(() => {
    const element = host.current
    if (!element) return
    let gone = false
    const observer = new ResizeObserver(() => instance.current?.resize())
    void engine().then(({ createInstance }) => {
      if (gone) return
      const chart = createInstance(element, group)
      instance.current = chart
      chart.on('click', ({ seriesName = '', value, name }) =>
        latest.current.onPick?.(seriesName, value, name),
      )
      draw()
      observer.observe(element)
      picture?.(() =>
        chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: palette.peek().surface }),
      )
    })
    return () => {
      gone = true
      observer.disconnect()
      // A chart that is disposed of while frames of it are still to be drawn would draw them into nothing.
      instance.current?.clear()
      instance.current?.getZr().flush()
      instance.current?.dispose()
      instance.current = null
    }
  }, [group])
  useEffect(draw, [data, colors])

  const zoom = onZoom && {
    onPointerDown: (event: PointerEvent) => select(event, instance.current, latest.current.onZoom),
  }
  return (
    <div class="chart" style={{ height: `${height}px` }} {...zoom}>
      <div class="chart-canvas" ref={host} role="img" aria-label={label} />
    </div>
  )
}

/** Lets a mouse draw a span over the chart; touch goes on scrolling. */
function select(down: PointerEvent, chart: Instance | null, onZoom: ChartProps<never>['onZoom']): void {
  const area = down.currentTarget
  if (!chart || !onZoom || down.button !== 0 || down.pointerType === 'touch') return
  if (!(area instanceof HTMLElement)) return
  const box = area.getBoundingClientRect()
  if (!chart.containPixel('grid', [down.clientX - box.left, down.clientY - box.top])) return
  const band = document.createElement('div')
  band.className = 'chart-band'
  const from_x = down.clientX - box.left
  let to_x = from_x
  const move = (event: PointerEvent): void => {
    to_x = Math.max(0, Math.min(box.width, event.clientX - box.left))
    band.style.left = `${Math.min(from_x, to_x)}px`
    band.style.width = `${Math.abs(to_x - from_x)}px`
    if (!band.isConnected && Math.abs(to_x - from_x) > 4) area.append(band)
  }
  const up = (): void => {
    removeEventListener('pointermove', move)
    removeEventListener('pointerup', up)
    band.remove()
    if (Math.abs(to_x - from_x) < 8) return
    const at = (x: number): number => Number(chart.convertFromPixel({ xAxisIndex: 0 }, x))
    const [from_ms, to_ms] = [at(Math.min(from_x, to_x)), at(Math.max(from_x, to_x))]
    if (to_ms - from_ms >= 1000) onZoom(Math.round(from_ms), Math.round(to_ms))
  }
  addEventListener('pointermove', move)
  addEventListener('pointerup', up)
}
