import type { AnswerTo } from '../api.ts'
import { formatBytes, formatShort, formatTime, formatUsd } from '../format.ts'
import { view } from '../view.ts'

export type Finding = AnswerTo<'GET /findings'>['findings'][number]

const tones = { critical: 'bad', warning: 'warn', info: 'accent' }

/** How bad it is, by a word and a colour. */
export function Severity({ severity }: Pick<Finding, 'severity'>) {
  return <span class={`badge badge-${tones[severity]}`}>{severity}</span>
}

/** One finding of a list; a click opens it. */
export function FindingLine({ finding, onOpen }: { finding: Finding; onOpen: () => void }) {
  const { title, severity, state, says, bucket, first_seen, last_seen } = finding
  const { zone } = view.value
  return (
    <li>
      <button class={`finding finding-${severity}`} onClick={onOpen}>
        <span class="finding-head">
          <Severity severity={severity} />
          <b>{title}</b>
          {bucket && <span class="faint">{bucket}</span>}
          {state !== 'open' && <span class="badge badge-plain">{state}</span>}
        </span>
        <span class="finding-says">{says}</span>
        <small class="finding-facts">
          {formatTime(first_seen, zone, false)} – {formatTime(last_seen, zone, false)}
          {effectOf(finding).map((part) => (
            <span key={part}> · {part}</span>
          ))}
        </small>
      </button>
    </li>
  )
}

/** What it came to, in short. */
export function effectOf({ requests, bytes, usd_per_month }: Finding): string[] {
  return [
    requests === null ? '' : `${formatShort(requests)} requests`,
    bytes === null ? '' : formatBytes(bytes),
    usd_per_month === null ? '' : `${formatUsd(usd_per_month)} a month`,
  ].filter((part) => part !== '')
}
