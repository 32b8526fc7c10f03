import type { AnswerTo } from '../api.ts'
import { FactBoxes } from '../fact-boxes.tsx'
import { formatAgo, formatBytes, formatCount, formatSpan } from '../format.ts'

/** A log source and the pipeline that reads it. */
type ReadSource = AnswerTo<'GET /admin/api/mission-control'>['sources'][number]

const tones = { idle: 'plain', busy: 'accent', retrying: 'warn', stopped: 'bad' }

/** Every log source with what its actors do. */
export function Sources({ sources }: { sources: readonly ReadSource[] }) {
  return (
    <section class="panel span-12" aria-label="Log sources">
      <header class="panel-head">
        <h2>Log sources</h2>
        <span class="panel-note">{sources.length} read by this process</span>
      </header>
      {sources.length === 0 && (
        <p class="faint">None is being read: configure one, or connect with a Spaces key.</p>
      )}
      <div class="sources">
        {sources.map((source) => (
          <Source key={source.source} source={source} />
        ))}
      </div>
    </section>
  )
}

function Source({ source }: { source: ReadSource }) {
  const {
    bucket,
    prefix,
    endpoint,
    actors,
    backlog,
    listed,
    newest_event,
    delivery_lag_seconds,
    judged_until,
  } = source
  const facts: [string, string][] = [
    ['Backlog', `${formatCount(backlog)}${listed ? '' : ', listing'}`],
    ['Newest event', newest_event ? formatAgo(newest_event) : '–'],
    ['Delivery lag', delivery_lag_seconds === null ? '–' : formatSpan(delivery_lag_seconds)],
    ['Log objects', formatCount(source.objects_done)],
    ['Rows', formatCount(source.rows)],
    ['Lines refused', formatCount(source.refused)],
    ['Objects refused', formatCount(source.objects_refused)],
    ['Read', formatBytes(source.bytes)],
    ['Judged until', judged_until ? formatAgo(judged_until) : '–'],
  ]
  return (
    <article class="source" aria-label={`${bucket}/${prefix}`}>
      <div class="source-head">
        <b>
          {bucket}/{prefix}
        </b>
        <span class="faint">
          {endpoint} · {source.source}
        </span>
      </div>
      <ol class="actors" aria-label="Actors">
        {actors.map(({ name, state, queued, reason, since_ms }) => (
          <li key={name} title={reason ?? undefined}>
            <span>{name}</span>
            <span class={`badge badge-${tones[state]}`}>{state}</span>
            <small>
              {state === 'retrying' || state === 'stopped'
                ? `${reason ?? ''} for ${formatSpan((Date.now() - since_ms) / 1000)}`
                : `${queued} queued`}
            </small>
          </li>
        ))}
      </ol>
      <FactBoxes facts={facts} />
    </article>
  )
}
