import type { AnswerTo } from '../api.ts'
import { Icon } from '../icon.tsx'
import type { View } from '../view.ts'

type Explanation = AnswerTo<'GET /explain'>

/** What an explanation is asked about: the window, log format and filters of a view, and what has changed. */
export interface Explained extends Pick<View, 'from' | 'to' | 'filters'> {
  /** Empty: the format that changed most. */
  format: View['format'] | ''
  measure: Explanation['measure']
  baseline?: Explanation['baseline']['kind']
}

/** What a view shows, as what is to be explained. */
export function explainedOf({ from, to, format, filters }: View, measure: Explained['measure']): Explained {
  return { from, to, format, filters, measure }
}

/** The address of the page that explains it. */
function explainAddress({ filters, ...asked }: Explained): string {
  const given = Object.entries({ ...asked, ...filters }).filter(
    ([, value]) => value !== '' && value !== undefined,
  )
  return `/explain?${new URLSearchParams(given as [string, string][])}`
}

/** Leads to the explanation of a window; `of` says of what, to those who do not see where it stands. */
export function ExplainLink({ of, explained }: { of: string; explained: Explained }) {
  return (
    <a class="button small explain-link" href={explainAddress(explained)} title={`Explain: why ${of}?`}>
      <Icon name="spark" size={14} />
      <span>
        Explain<span class="sr"> {of}</span>
      </span>
    </a>
  )
}
