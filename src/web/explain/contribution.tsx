import type { ComponentChildren } from 'preact'
import { formatPercent, formatValue } from '../format.ts'
import { consoleLink } from '../how-computed.tsx'
import { Icon } from '../icon.tsx'
import { dashboardLink, filterNames } from '../view.ts'
import type { Filters, View } from '../view.ts'
import { Spark } from './spark.tsx'
import type { Explanation } from './use-explanation.ts'

type Cause = Explanation['causes'][number]
type Contribution = Explanation['others'][number]
type Term = Contribution['terms'][number]

const words: Record<Term['dimension'], string> = {
  client: 'client',
  network: 'network',
  requester: 'requester',
  bucket: 'bucket',
  prefix: 'prefix',
  key: 'object',
  referer: 'referer',
  user_agent: 'agent',
  operation: 'operation',
  status: 'status',
  error_code: 'error',
  edge: 'edge',
  tls_version: 'TLS version',
}

/** What is looked into, by the names of the API. */
export const dimensions = Object.keys(words)

/** The window and all that it is compared with, as one. */
export function hullOf({ selection, baseline }: Explanation): { from: string; to: string } {
  const moments = [selection, ...baseline.spans].flatMap(({ from, to }) => [Date.parse(from), Date.parse(to)])
  return {
    from: new Date(Math.min(...moments)).toISOString(),
    to: new Date(Math.max(...moments)).toISOString(),
  }
}

interface ContributionProps {
  one: Contribution
  explanation: Explanation
  filters: Filters
  children?: ComponentChildren
}

/** One value, or two, with both figures, its share as a bar, its course, and the ways on. */
export function ContributionLine({ one, explanation, filters, children }: ContributionProps) {
  const { unit, selection, format } = explanation
  const name = one.terms
    .map(({ dimension, value }) => `${words[dimension]} ${value ?? '(none)'}`)
    .join(' and ')
  const amount = (value: number): string => formatValue(unit === 'Count' ? Math.round(value) : value, unit)
  const sign = one.difference < 0 ? '−' : '+'
  const narrowed = narrowedBy(one.terms, filters)
  return (
    <li class="contribution">
      <p class="contribution-name">
        {one.terms.map(({ dimension, value }) => (
          <span key={dimension}>
            <small>{words[dimension]}</small> <b>{value ?? '(none)'}</b>
          </span>
        ))}
      </p>
      <div class="contribution-share">
        <i class="bar-track" aria-hidden="true">
          <i style={{ width: `${Math.min(100, Math.max(0, one.share_percent))}%` }} />
        </i>
        <span class="num">{formatPercent(one.share_percent)}</span>
      </div>
      <p class="contribution-figures num">
        <b>
          {sign}
          {amount(Math.abs(one.difference))}
        </b>{' '}
        <span class="faint">
          {amount(one.selection)}, {amount(one.expected)} expected
        </span>
      </p>
      <Spark series={one.series} explanation={explanation} label={`${name} over time`} />
      <p class="contribution-links">
        {narrowed && (
          <a
            href={dashboardLink({
              ...selection,
              format: (format ?? 's3') as View['format'],
              filters: narrowed,
            })}
          >
            <Icon name="filter" size={13} /> Dashboard<span class="sr"> with {name}</span>
          </a>
        )}
        <a href={consoleLink(one.sql, hullOf(explanation))}>
          <Icon name="sql" size={13} /> SQL<span class="sr"> of {name}</span>
        </a>
      </p>
      {children}
    </li>
  )
}

/** A cause with what its rows have in common, and what came along with it. */
export function CauseLine({ one, ...shared }: { one: Cause; explanation: Explanation; filters: Filters }) {
  return (
    <ContributionLine one={one} {...shared}>
      {one.within.length > 0 && (
        <ul class="within" aria-label="What most of it has in common">
          {one.within.map(({ dimension, value, share_percent }) => (
            <li key={dimension} class="badge badge-plain" title={value ?? undefined}>
              <span class="within-name">
                {words[dimension]} {value ?? '(none)'}
              </span>{' '}
              <span class="num">{Math.round(share_percent)} %</span>
            </li>
          ))}
        </ul>
      )}
      {one.folded.length > 0 && (
        <details class="folded">
          <summary>
            {one.folded.length === 1 ? 'One value' : `${one.folded.length} values`} came along with it
          </summary>
          <ol class="contributions">
            {one.folded.map((part) => (
              <ContributionLine key={keyOf(part)} one={part} {...shared} />
            ))}
          </ol>
        </details>
      )}
    </ContributionLine>
  )
}

/** Tells contributions apart. */
export function keyOf({ terms }: Pick<Contribution, 'terms'>): string {
  return terms.map(({ dimension, value }) => `${dimension} ${value}`).join('\n')
}

// Null where the dashboard has no filter for one of the values.
function narrowedBy(terms: readonly Term[], filters: Filters): Filters | null {
  const all = { ...filters }
  for (const { filter } of terms) {
    const name = filterNames.find((known) => known === filter?.name)
    if (!name || !filter) return null
    all[name] = filter.value
  }
  return all
}
