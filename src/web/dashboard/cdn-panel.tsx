import { useMemo } from 'preact/hooks'
import { alongTimes, groupsOf } from '../chart/grid.ts'
import type { Line } from '../chart/time-series.ts'
import { formatBytes, formatCount, formatPercent, unknown } from '../format.ts'
import { numberOf, recordsOf, sumOf } from '../records.ts'
import { colorOf } from '../theme.ts'
import type { Asked } from '../use-answer.ts'
import { addFilter } from '../view.ts'
import type { View } from '../view.ts'
import { seriesOf, ofFormat } from './over-time.tsx'
import type { Batch, Report } from './questions.ts'
import { TimePanel } from './time-panel.tsx'

/** What the CDN answered by itself, and how much of it the origin has to answer again. */
export function CdnPanel({
  view,
  report,
  shapes,
}: {
  view: View
  report: Asked<Report>
  shapes: Asked<Batch>
}) {
  const answer = shapes.data?.['CacheResults']
  const records = useMemo(() => (answer ? recordsOf(answer) : []), [answer])
  const series = useMemo(
    () =>
      answer
        ? seriesOf(answer.coverage, view, 'Count', (times) =>
            groupsOf(records, 'cache_result').map(({ name, records: own }): Line => ({
              name,
              values: alongTimes(times, own, 'requests', 0),
              color: colorOf(name),
              kind: 'bar',
              stacked: true,
            })),
          )
        : null,
    [answer, records, view],
  )
  const all = sumOf(records, 'requests')
  const hits = records.filter(({ cache_result }) => /hit/i.test(String(cache_result)))
  const totals = report.data?.totals
  const [origin = {}] = ofFormat(totals, 's3')
  const [cdn = {}] = ofFormat(totals, 'cdn')
  const fact = (title: string, value: string) => (
    <div class="fact-box">
      <span>{title}</span>
      <b class="num">{value}</b>
    </div>
  )
  return (
    <TimePanel
      title="CDN beside origin"
      span={4}
      note="results of the cache"
      asked={shapes}
      series={series}
      height={170}
      empty={
        series?.lines.length === 0 && 'No CDN logs in this window. Logs of the CDN are a source of their own.'
      }
      onPick={(name) => addFilter('cache_result', name)}
      about={{
        text: 'What the CDN answered from its cache (Hit, RefreshHit) and what it had to fetch from the origin (Miss). A miss is in both logs, so the two are never added up.',
        sql: answer?.sql ?? null,
      }}
      footer={
        <div class="fact-boxes">
          {fact('Hit rate', all === 0 ? unknown : formatPercent((100 * sumOf(hits, 'requests')) / all))}
          {fact('CDN requests', formatCount(numberOf(cdn['requests']) ?? 0))}
          {fact('Origin requests', formatCount(numberOf(origin['requests']) ?? 0))}
          {fact('CDN bytes out', formatBytes(numberOf(cdn['bytes_downloaded']) ?? 0))}
          {fact('Origin bytes out', formatBytes(numberOf(origin['bytes_downloaded']) ?? 0))}
        </div>
      }
    />
  )
}
