import type { MetricAnswer } from '../../metrics/answers.ts'
import { drawBarChart } from './bar-chart.ts'

/** The answer of the metric TopClientIPs as SVG. */
export function drawTopIps({ columns, rows, coverage }: MetricAnswer): string {
  const place = (name: string): number => columns.findIndex((column) => column.name === name)
  const [format, ip, requests, errors] = ['format', 'remote_ip', 'requests', 'errors'].map(place)
  const bars = rows.map((row) => {
    const all = Number(row[requests ?? -1])
    const failed = Number(row[errors ?? -1])
    const name = `${row[ip ?? -1] ?? '-'}${row[format ?? -1] === 'cdn' ? ' (CDN)' : ''}`
    return { name, values: [all - failed, failed] }
  })
  const { from, to } = coverage.window
  const subtitle = `${from.slice(0, 16).replace('T', ' ')} to ${to.slice(0, 16).replace('T', ' ')} UTC`
  return drawBarChart({ title: 'Top client IPs', subtitle, bars, parts: ['Answered', 'Errors'] })
}
