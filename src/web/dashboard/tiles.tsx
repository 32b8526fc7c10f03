import type { Unit } from '../api.ts'
import { alongTimes, intervalsOf } from '../chart/grid.ts'
import { isToldOnce } from '../failures.ts'
import { formatBytes, formatMs, formatPercent, formatShort, unknown } from '../format.ts'
import { numberOf, ofFormat, sumOf } from '../records.ts'
import type { TableRecord } from '../records.ts'
import { Failed } from '../states.tsx'
import type { Asked } from '../use-answer.ts'
import type { View } from '../view.ts'
import type { Report } from './questions.ts'

interface TileKind {
  title: string
  value: string
  unit: Unit
  hint: string
  more_is_worse?: true
}

const tiles: TileKind[] = [
  { title: 'Requests', value: 'requests', unit: 'Count', hint: 'all requests of the window' },
  {
    title: 'Error rate',
    value: 'error_rate',
    unit: 'Percent',
    hint: 'share with status 400 and up',
    more_is_worse: true,
  },
  {
    title: '5xx errors',
    value: 'errors_5xx',
    unit: 'Count',
    hint: 'mostly 503 Slow Down',
    more_is_worse: true,
  },
  {
    title: 'Latency p95',
    value: 'p95',
    unit: 'Milliseconds',
    hint: 'total time; 1 in 20 is slower',
    more_is_worse: true,
  },
  {
    title: 'Objects deleted',
    value: 'objects_deleted',
    unit: 'Count',
    hint: 'one by one and in multi-object deletes; not by lifecycle rules',
  },
  { title: 'Bytes out', value: 'bytes_downloaded', unit: 'Bytes', hint: 'bodies of responses' },
  { title: 'Bytes in', value: 'bytes_uploaded', unit: 'Bytes', hint: 'uploaded objects and parts' },
]

const short: Record<string, (value: number) => string> = {
  Count: formatShort,
  Percent: formatPercent,
  Milliseconds: formatMs,
  Bytes: formatBytes,
}

/** The numbers of the window, each with its change against the period that is compared with. */
export function Tiles(props: {
  view: View
  report: Asked<Report>
  /** Since when there are logs, in milliseconds since the epoch; null: not told, undefined: not told yet. */
  begin_ms: number | null | undefined
}) {
  const { view, report, begin_ms } = props

  if (!report.data) {
    return report.error && !isToldOnce(report.error) ? (
      <section class="panel span-12">
        <Failed error={report.error} />
      </section>
    ) : (
      <div class="tiles" role="status">
        {tiles.map(({ title }) => (
          <div key={title} class="tile">
            <span class="tile-title">{title}</span>
            <span class="skeleton tile-wait" />
          </div>
        ))}
        <span class="sr">Loading</span>
      </div>
    )
  }
  const { totals, series, objects_deleted, coverage } = report.data
  const deleted = ofFormat(objects_deleted, view.format)
  const [counted] = ofFormat(totals, view.format)
  const total = {
    ...counted,
    objects_deleted: sumOf(deleted, 'objects_deleted'),
    previous_objects_deleted: sumOf(deleted, 'previous_objects_deleted'),
  }
  const records = ofFormat(series, view.format)
  const { times_ms } = intervalsOf(coverage)
  const before = coverage.compared_with
  const isPartial = before !== null && typeof begin_ms === 'number' && begin_ms > Date.parse(before.from)
  const against = view.compare === 'week' ? 'week before' : 'previous period'
  return (
    <div class={report.error ? 'tiles is-old' : report.loading ? 'tiles is-stale' : 'tiles'}>
      {tiles.map((tile) => (
        <Tile
          key={tile.title}
          tile={tile}
          total={total}
          against={against}
          isPartial={isPartial}
          isCompared={begin_ms !== undefined}
          line={alongTimes(times_ms, tile.value === 'objects_deleted' ? deleted : records, tile.value, 0)}
        />
      ))}
    </div>
  )
}

function Tile(props: {
  tile: TileKind
  total: TableRecord
  against: string
  isPartial: boolean
  /** False until it is known whether the logs reach back to what is compared with. */
  isCompared: boolean
  line: (number | null)[]
}) {
  const { tile, total, against, isPartial, isCompared, line } = props
  const { title, value, unit, hint } = tile
  const now = numberOf(total[value]) ?? (unit === 'Count' || unit === 'Bytes' ? 0 : null)
  const before = numberOf(total[`previous_${value}`])
  const write = short[unit] ?? String
  return (
    <div class="tile" title={hint}>
      <span class="tile-title">{title}</span>
      <strong class="tile-value">{now === null ? unknown : write(now)}</strong>
      {!isCompared ? (
        <span class="tile-change">&nbsp;</span>
      ) : isPartial && before !== null ? (
        <span class="tile-change" title={`The logs do not reach back to the beginning of the ${against}`}>
          logs begin later
        </span>
      ) : now === null || before === null ? (
        <span class="tile-change">no {against}</span>
      ) : (
        <Change tile={tile} now={now} before={before} before_text={write(before)} against={against} />
      )}
      <Sparkline values={unit === 'Milliseconds' ? [] : line} />
    </div>
  )
}

function Change(props: {
  tile: TileKind
  now: number
  before: number
  before_text: string
  against: string
}) {
  const { tile, now, before, before_text, against } = props
  const difference = now - before
  const percent = before === 0 ? null : (100 * difference) / before
  const isSame = percent === null ? difference === 0 : Math.abs(percent) < 0.5
  const tone = isSame || !tile.more_is_worse ? '' : difference > 0 ? ' bad' : ' good'
  const by =
    tile.unit === 'Percent'
      ? `${difference > 0 ? '+' : ''}${difference.toFixed(2)} points`
      : percent === null
        ? 'new'
        : percent >= 1000
          ? `× ${formatShort(Math.round(now / before))}`
          : `${difference > 0 ? '+' : ''}${percent.toFixed(Math.abs(percent) < 10 ? 1 : 0)} %`
  return (
    <span class={`tile-change${tone}`} title={`${against}: ${before_text}`}>
      <b>
        {isSame ? '=' : difference > 0 ? '▲' : '▼'} {isSame ? 'unchanged' : by}
      </b>{' '}
      <span class="tile-before">from {before_text}</span>
    </span>
  )
}

function Sparkline({ values }: { values: (number | null)[] }) {
  const most = Math.max(1e-9, ...values.map((value) => value ?? 0))
  const step = 100 / Math.max(1, values.length - 1)
  const points = values.map(
    (value, index) => `${(index * step).toFixed(1)},${(26 - (24 * (value ?? 0)) / most).toFixed(1)}`,
  )
  return (
    <svg class="sparkline" viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden="true">
      {points.length > 1 && <polygon points={`0,28 ${points.join(' ')} 100,28`} />}
      <polyline points={points.join(' ')} />
    </svg>
  )
}
