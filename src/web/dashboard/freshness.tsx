import type { Table } from '../api.ts'
import { formatAgo, formatCount, formatSpan, formatTime } from '../format.ts'
import { Icon } from '../icon.tsx'
import type { Asked } from '../use-answer.ts'
import type { View } from '../view.ts'
import { useSql } from './questions.ts'
import type { Report } from './questions.ts'

const late_seconds = 3 * 3600

// How long storage took to deliver each of the newest log objects.
const lagSql = `SELECT datediff('s', newest_event, ts) lag_seconds FROM log_objects WHERE newest_event IS NOT NULL ORDER BY ts DESC LIMIT 20`

/** What the numbers rest on: how new, how late, how much is still to come, what could not be read. */
export function Freshness({ view, report }: { view: View; report: Asked<Report> }) {
  const coverage = report.data?.coverage
  const lag = medianLag(useSql(lagSql))
  if (!coverage) return <div class="freshness" />
  const { newest_event, objects_pending, listing_complete, lines_refused, approximate, notes } = coverage
  const age = newest_event === null ? null : (Date.now() - Date.parse(newest_event)) / 1000
  const isReading = objects_pending > 0 || !listing_complete
  const state = report.error
    ? 'old'
    : newest_event === null
      ? 'none'
      : isReading
        ? 'busy'
        : (age ?? 0) > late_seconds
          ? 'late'
          : 'fresh'
  const extra = notes.filter((note) => !note.startsWith('log objects') && !note.startsWith('percentiles'))
  return (
    <div class={`freshness freshness-${state}`} role="status">
      {report.error && (
        <span class="fact">
          <i class="beat" />
          Not current: all figures are from <b>{formatAgo(new Date(report.at_ms).toISOString())}</b>
        </span>
      )}
      <span class="fact">
        {!report.error && <i class="beat" />}
        {newest_event === null ? (
          'No operation has been read yet'
        ) : (
          <span title={formatTime(newest_event, view.zone)}>
            Newest event <b>{formatAgo(newest_event)}</b>
          </span>
        )}
      </span>
      {lag !== null && (
        <span
          class="fact"
          title="From the newest event of a log object to its delivery; median of the last 20"
        >
          Delivery lag <b>{formatSpan(lag)}</b>
        </span>
      )}
      {isReading && (
        <span class="fact">
          Reading <b>{formatCount(objects_pending)}</b> log objects{listing_complete ? '' : ', still listing'}
          : numbers will grow
        </span>
      )}
      {!isReading && (
        <span class="fact">
          Backlog <b>0</b>
        </span>
      )}
      {lines_refused > 0 ? (
        <a class="fact" href={`/sql?q=${encodeURIComponent(refusedSql)}`}>
          <Icon name="warning" size={14} />
          <b>{formatCount(lines_refused)}</b> {lines_refused === 1 ? 'line' : 'lines'} refused
        </a>
      ) : (
        <span class="fact">
          Refused lines <b>0</b>
        </span>
      )}
      {approximate && <span class="fact">Percentiles within 7 %</span>}
      {state === 'late' && (
        <span class="fact">Spaces delivers logs late; the newest hours may still come</span>
      )}
      {extra.map((note) => (
        <span key={note} class="fact">
          {note}
        </span>
      ))}
    </div>
  )
}

const refusedSql =
  'SELECT ts, log_object, line, reason, excerpt FROM refused_lines ORDER BY ts DESC LIMIT 100'

function medianLag({ data }: Asked<Table>): number | null {
  const lags = (data?.rows ?? []).map(([lag]) => Number(lag)).filter((lag) => lag >= 0)
  return lags.toSorted((a, b) => a - b)[Math.floor(lags.length / 2)] ?? null
}
