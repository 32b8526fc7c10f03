import { logFormats } from '../../log-formats.ts'
import type { Asking } from '../api.ts'
import { Select } from '../choice.tsx'
import { isToldOnce } from '../failures.ts'
import { formatTime } from '../format.ts'
import { consoleLink } from '../how-computed.tsx'
import { Icon } from '../icon.tsx'
import { navigate, place } from '../location.ts'
import { Failed, Loading } from '../states.tsx'
import { dashboardLink, filterLabels, filterNames, filtersIn, view as currentView } from '../view.ts'
import type { Filters, View } from '../view.ts'
import { CauseLine, ContributionLine, dimensions, hullOf, keyOf } from './contribution.tsx'
import { Spark } from './spark.tsx'
import { useExplanation } from './use-explanation.ts'
import type { Explanation } from './use-explanation.ts'

const measures: Record<Explanation['measure'], string> = {
  requests: 'Requests',
  errors: 'Errors (4xx and 5xx)',
  errors_5xx: 'Server errors (5xx)',
  bytes_sent: 'Bytes sent',
  slow_requests: 'Slow requests',
  objects_deleted: 'Objects deleted',
}
const baselines: Record<Explanation['baseline']['kind'], string> = {
  neighbourhood: 'Before and after',
  previous: 'Just before',
  week: 'Same hours a week ago',
}

/** Why a figure of a window differs from what is usual. The address holds what is asked. */
export default function ExplainPage() {
  const params = new URLSearchParams(place.value.search)
  const query = Object.fromEntries(params) as Asking<'GET /explain'>['query'] & object
  const { asked, looked } = useExplanation({ from: '24h', ...query })
  const found = asked.data
  const filters = filtersIn(params)
  return (
    <>
      <header class="page-head">
        <div class="controls">
          <h1>Explain</h1>
          <div class="row">
            <Select
              label="What changed"
              options={measures}
              chosen={(params.get('measure') ?? 'requests') as Explanation['measure']}
              onChoose={(measure) => change('measure', measure)}
            />
            <Select
              label="Compared with"
              options={baselines}
              chosen={(params.get('baseline') ?? 'neighbourhood') as Explanation['baseline']['kind']}
              onChoose={(baseline) => change('baseline', baseline)}
            />
          </div>
        </div>
        {found && <Windows found={found} filters={filters} />}
      </header>
      {asked.loading && (
        <p class="explain-progress" role="status">
          <progress max={dimensions.length} value={looked.length} aria-label="What has been looked at" />
          <span class="faint">
            {looked.length === 0 ? 'Counting both windows' : `Looked at ${looked.at(-1)?.replace('_', ' ')}`}
          </span>
        </p>
      )}
      {!found && asked.error && !isToldOnce(asked.error) && (
        <section class="panel">
          <Failed error={asked.error} />
        </section>
      )}
      {!found && !asked.error && <Loading height={320} />}
      {found && !asked.error && <Told found={found} filters={filters} isOld={asked.loading} />}
      {found && asked.error && (
        <section class="panel">
          <Failed error={asked.error} />
        </section>
      )}
    </>
  )
}

function Windows({ found, filters }: { found: Explanation; filters: Filters }) {
  const { zone } = currentView.value
  const { selection, format } = found
  const told = filterNames.flatMap((name) => (filters[name] ? `${filterLabels[name]} ${filters[name]}` : []))
  const title = logFormats.find(({ name }) => name === format)?.title
  return (
    <p class="explain-windows faint">
      <a href={dashboardLink({ ...selection, format: (format ?? 's3') as View['format'], filters })}>
        {formatTime(selection.from, zone, false)} – {formatTime(selection.to, zone, false)}
      </a>{' '}
      {[...(title ? [title] : []), ...told].map((part) => `· ${part} `)}
    </p>
  )
}

function Told({ found, filters, isOld }: { found: Explanation; filters: Filters; isOld: boolean }) {
  const { headline, total, causes, others, notes, coverage } = found
  const shared = { explanation: found, filters }
  return (
    <div class={isOld ? 'grid is-stale' : 'grid'}>
      <section class="panel span-12 explain-head" aria-label="Answer">
        <p class="explain-headline">{headline}</p>
        <Spark series={total.series} explanation={found} label="The whole over time, the selection marked" />
        <p class="row faint">
          <span>
            <i class="dot dot-blue" /> the window <i class="dot dot-gray" /> what it is compared with
          </span>
          <a href={consoleLink(total.sql, hullOf(found))}>
            <Icon name="sql" size={13} /> SQL<span class="sr"> of the whole</span>
          </a>
        </p>
        {[...notes, ...coverage.notes].map((note) => (
          <p key={note} class="panel-warning">
            <Icon name="info" size={14} /> {note}
          </p>
        ))}
      </section>
      {causes.length > 0 && (
        <section class="panel span-12" aria-label="What explains it">
          <header class="panel-head">
            <h2>What explains it</h2>
            <span class="panel-note">share of the difference; what only came along is folded in</span>
          </header>
          <ol class="contributions">
            {causes.map((one) => (
              <CauseLine key={keyOf(one)} one={one} {...shared} />
            ))}
          </ol>
        </section>
      )}
      {others.length > 0 && (
        <section class="panel span-12" aria-label="What does not stand out">
          <header class="panel-head">
            <h2>What does not stand out</h2>
            <span class="panel-note">the largest other differences</span>
          </header>
          <ol class="contributions">
            {others.map((one) => (
              <ContributionLine key={keyOf(one)} one={one} {...shared} />
            ))}
          </ol>
        </section>
      )}
    </div>
  )
}

function change(name: string, value: string): void {
  const params = new URLSearchParams(place.value.search)
  params.set(name, value)
  navigate(`/explain?${params}`)
}
