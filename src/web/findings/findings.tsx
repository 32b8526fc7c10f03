import { ask } from '../api.ts'
import type { AnswerTo } from '../api.ts'
import { Segments } from '../choice.tsx'
import { formatAgo, formatTime } from '../format.ts'
import { Icon } from '../icon.tsx'
import { navigate, place } from '../location.ts'
import { Empty, Failed, Loading } from '../states.tsx'
import { useAnswer } from '../use-answer.ts'
import type { Asked } from '../use-answer.ts'
import { view } from '../view.ts'
import { FindingDetail } from './finding-detail.tsx'
import { FindingLine } from './finding-line.tsx'

type List = AnswerTo<'GET /findings'>

const states: Record<string, string> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  muted: 'Muted',
  over: 'Over',
  '': 'All',
}
const windows: Record<string, string> = { '7d': '7 days', '30d': '30 days', '90d': '90 days' }

/** What is wrong, dangerous or costly, found unasked; one of them with its evidence and what to do. The address says which. */
export default function Findings() {
  const params = new URLSearchParams(place.value.search)
  const state = params.get('state') ?? 'open'
  const window = params.get('window') ?? '30d'
  const id = params.get('id')
  const query = { state, window, bucket: params.get('bucket') ?? '', limit: 200 }
  const asked = useAnswer(JSON.stringify(query), (signal) => ask('GET /findings', { query, signal }))
  const go = (change: Record<string, string>): void => {
    const all = Object.entries({ ...Object.fromEntries(params), ...change })
    const next = new URLSearchParams(all.filter(([name, value]) => value !== '' || name === 'state'))
    navigate(`/findings?${next}`)
  }
  return (
    <>
      <header class="page-head">
        <h1>Findings</h1>
        <p>What is wrong, dangerous or costly, found in closed hours and days without being asked.</p>
        <div class="row findings-choose">
          <Segments label="State" options={states} chosen={state} onChoose={(next) => go({ state: next })} />
          <Segments
            label="Seen in the last"
            options={windows}
            chosen={window}
            onChoose={(next) => go({ window: next })}
          />
          {query.bucket && (
            <button
              class="chip"
              aria-label={`Remove the filter Bucket ${query.bucket}`}
              onClick={() => go({ bucket: '' })}
            >
              <span class="chip-name">Bucket</span> <span class="chip-value">{query.bucket}</span>
              <Icon name="close" size={12} />
            </button>
          )}
        </div>
      </header>
      <FindingList asked={asked} state={state} onOpen={(next) => go({ id: next })} />
      {id && <FindingDetail key={id} id={id} onClose={() => go({ id: '' })} />}
    </>
  )
}

function FindingList({
  asked,
  state,
  onOpen,
}: {
  asked: Asked<List>
  state: string
  onOpen: (id: string) => void
}) {
  const { data, error } = asked
  if (!data) return error ? <Failed error={error} /> : <Loading height={320} />
  const { findings, judged, truncated } = data
  const waiting = judged.reduce((days, source) => days + source.waiting_days, 0)
  const until = judged.map((source) => source.until).toSorted()[0]
  return (
    <section class={asked.loading ? 'panel is-stale' : 'panel'} aria-label="Findings">
      <p class="faint findings-judged" role="status">
        {until === undefined
          ? 'No closed hour has been judged yet: findings come once logs have been read.'
          : `Judged until ${formatTime(until, view.value.zone, false)} (${formatAgo(until)})`}
        {waiting > 0 && `; ${waiting} earlier ${waiting === 1 ? 'day is' : 'days are'} still to be looked at`}
      </p>
      {findings.length === 0 ? (
        <Empty title={state === 'open' ? 'Nothing is wrong' : 'Nothing of this kind'} icon="check">
          {state === 'open'
            ? 'No detector has found anything that still goes on. What is over stands under “Over”.'
            : 'Choose another state or a longer time.'}
        </Empty>
      ) : (
        <ol class="findings">
          {findings.map((finding) => (
            <FindingLine key={finding.id} finding={finding} onOpen={() => onOpen(finding.id)} />
          ))}
        </ol>
      )}
      {truncated && <p class="faint">There are more: choose a shorter time or one state.</p>}
    </section>
  )
}
