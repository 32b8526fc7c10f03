import { groupsOf } from '../chart/grid.ts'
import { FactBoxes } from '../fact-boxes.tsx'
import { formatBytes, formatCount, formatPercent, unknown } from '../format.ts'
import { numberOf, ofFormat, recordsOf, sumOf } from '../records.ts'
import { colorOf } from '../theme.ts'
import type { Asked } from '../use-answer.ts'
import { addFilter } from '../view.ts'
import type { View } from '../view.ts'
import { LinesPanel, barsOf } from './lines-panel.tsx'
import type { Batch, Report } from './questions.ts'

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
  const records = answer ? recordsOf(answer) : []
  const all = sumOf(records, 'requests')
  const hits = records.filter(({ cache_result }) => /hit/i.test(String(cache_result)))
  const totals = report.data?.totals
  const [origin = {}] = ofFormat(totals, 's3')
  const [cdn = {}] = ofFormat(totals, 'cdn')
  const facts: [string, string][] = [
    ['Hit rate', all === 0 ? unknown : formatPercent((100 * sumOf(hits, 'requests')) / all)],
    ['CDN requests', formatCount(numberOf(cdn['requests']) ?? 0)],
    ['Origin requests', formatCount(numberOf(origin['requests']) ?? 0)],
    ['CDN bytes out', formatBytes(numberOf(cdn['bytes_downloaded']) ?? 0)],
    ['Origin bytes out', formatBytes(numberOf(origin['bytes_downloaded']) ?? 0)],
  ]
  return (
    <LinesPanel
      title="CDN beside origin"
      measure="requests"
      span={4}
      note="results of the cache"
      asked={shapes}
      view={view}
      coverage={answer?.coverage}
      unit="Count"
      lines={(times) => barsOf(times, groupsOf(records, 'cache_result'), colorOf)}
      height={170}
      none="No CDN logs in this window. Logs of the CDN are a source of their own."
      onPick={(name) => addFilter('cache_result', name)}
      text="What the CDN answered from its cache (Hit, RefreshHit) and what it had to fetch from the origin (Miss). A miss is in both logs, so the two are never added up."
      sql={answer?.sql}
      footer={<FactBoxes facts={facts} />}
    />
  )
}
