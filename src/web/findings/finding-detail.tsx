import { useState } from 'preact/hooks'
import { ask } from '../api.ts'
import type { AnswerTo } from '../api.ts'
import { DataTable, titleOf } from '../data-table.tsx'
import { Dialog } from '../dialog.tsx'
import { ExplainLink } from '../explain/explain-link.tsx'
import { explainedFinding } from '../explain/explained-finding.ts'
import { formatCount, formatTime } from '../format.ts'
import { CopyButton, consoleLink } from '../how-computed.tsx'
import { Icon } from '../icon.tsx'
import { Failed, Loading } from '../states.tsx'
import { useAnswer } from '../use-answer.ts'
import { addressOfView, filterOf, view } from '../view.ts'
import { effectOf, Severity } from './finding-line.tsx'
import { MarkForm } from './mark-form.tsx'

type Detail = AnswerTo<'GET /findings/:id'>

/** One finding: what was seen, what to do about it, the rows that show it, and what was said of it. */
export function FindingDetail({ id, onClose }: { id: string; onClose: () => void }) {
  const asked = useAnswer(id, (signal) => ask('GET /findings/:id', { params: { id }, signal }))
  const [marked, setMarked] = useState<Detail | null>(null)
  const finding = marked ?? asked.data
  return (
    <Dialog title={finding?.title ?? 'Finding'} side onClose={onClose}>
      {finding ? (
        <Told finding={finding} onMarked={setMarked} />
      ) : asked.error ? (
        <Failed error={asked.error} />
      ) : (
        <Loading height={300} />
      )}
    </Dialog>
  )
}

function Told({ finding, onMarked }: { finding: Detail; onMarked: (finding: Detail) => void }) {
  const { zone } = view.value
  const { says, question, severity, state, first_seen, last_seen, seen, every } = finding
  const facts = [
    `${formatTime(first_seen, zone, false)} – ${formatTime(last_seen, zone, false)}`,
    `in ${formatCount(seen)} ${seen === 1 ? every : `${every}s`}`,
    ...effectOf(finding),
  ]
  return (
    <div class="finding-detail">
      <p class="row">
        <Severity severity={severity} />
        <span class={`badge badge-${state === 'open' ? 'bad' : 'plain'}`}>{state}</span>
        {finding.bucket && <b>{finding.bucket}</b>}
      </p>
      <p class="finding-lead">{says}</p>
      <p class="faint">{facts.join(' · ')}</p>
      <Sightings finding={finding} />
      <p class="row">
        <a class="button primary" href={requestsLink(finding)}>
          <Icon name="dashboard" size={14} /> Look at the requests
        </a>
        <ExplainLink of={finding.title} explained={explainedFinding(finding)} />
        <MarkForm finding={finding} onMarked={onMarked} />
      </p>
      <h3>What to do</h3>
      {finding.remedies.map(({ title, language, text }) => (
        <div key={title} class="remedy">
          <p class="row">
            <b>{title}</b>
            <span class="spacer" />
            <CopyButton text={text} />
          </p>
          <pre class="code wrap" tabIndex={0} aria-label={`${title}, ${language}`}>
            {text}
          </pre>
        </div>
      ))}
      <h3>Evidence</h3>
      {finding.evidence.map(({ title, sql, from, to, columns, rows, truncated }) => (
        <div key={title} class="finding-evidence">
          <p class="row">
            <b>{title}</b>
            <span class="spacer" />
            <a class="button small" href={consoleLink(sql, { from, to })}>
              <Icon name="sql" size={14} /> Open in the console
            </a>
          </p>
          <DataTable columns={columns} rows={rows} zone={zone} caption={title} />
          {truncated && <p class="faint">There are more rows than are shown.</p>}
        </div>
      ))}
      <h3>Why it counts</h3>
      <p class="faint">{question}</p>
      <dl class="facts">
        {Object.entries(finding.figures).map(([name, value]) => (
          <div key={name}>
            <dt>{titleOf(name)}</dt>
            <dd>{typeof value === 'number' ? formatCount(value) : String(value ?? '–')}</dd>
          </div>
        ))}
      </dl>
      <ul class="thresholds">
        {finding.thresholds.map(({ name, value, unit, reason, source }) => (
          <li key={name}>
            <code>{name}</code> = {formatCount(value)} {unit}: {reason}
            {source && <span class="faint"> ({source})</span>}
          </li>
        ))}
      </ul>
      <h3>History</h3>
      <ol class="finding-history">
        {finding.history.map(({ at, state: was, note, until }) => (
          <li key={`${at}${was}`}>
            <span class="faint num">{formatTime(at, zone, false)}</span> <b>{was}</b>
            {until && ` until ${formatTime(until, zone, false)}`}
            {note && `: ${note}`}
          </li>
        ))}
      </ol>
    </div>
  )
}

/** How bad each hour or day was. */
function Sightings({ finding: { sightings, measure, every } }: { finding: Detail }) {
  const most = Math.max(1e-9, ...sightings.map(({ value }) => value ?? 0))
  if (sightings.length < 2) return null
  return (
    <figure class="sightings" aria-label={`${titleOf(measure)} of each ${every}`}>
      {sightings.slice(-60).map(({ at, value }) => (
        <i
          key={at}
          style={{ height: `${Math.max(4, (100 * (value ?? 0)) / most)}%` }}
          title={`${formatTime(at, view.value.zone, false)}: ${value === null ? '–' : formatCount(value)}`}
        />
      ))}
    </figure>
  )
}

const margin_ms = 60_000

/** The dashboard, filtered by what the finding is about. */
function requestsLink({ subject, first_seen, last_seen }: Detail): string {
  const filters = Object.entries(subject).flatMap(([column, value]) => {
    const name = filterOf(column)
    return name === undefined ? [] : [[name, value === null ? '-' : String(value)]]
  })
  return addressOfView({
    from: new Date(Date.parse(first_seen) - margin_ms).toISOString(),
    to: new Date(Date.parse(last_seen) + margin_ms).toISOString(),
    filters: Object.fromEntries(filters),
  })
}
