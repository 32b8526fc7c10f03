import { ask } from '../api.ts'
import { navigate } from '../location.ts'
import { Panel } from '../panel.tsx'
import { useAnswer } from '../use-answer.ts'
import { bucketsOf } from '../view.ts'
import type { View } from '../view.ts'
import { FindingLine } from './finding-line.tsx'

const order = ['critical', 'warning', 'info']
const shown = 4

/** The open findings of the dashboard's buckets, the gravest first. */
export function FindingsCard({ view }: { view: View }) {
  const query = { state: 'open', window: '30d', bucket: bucketsOf(view).join(','), limit: 100 }
  const asked = useAnswer(JSON.stringify(query), (signal) => ask('GET /findings', { query, signal }))
  const findings = (asked.data?.findings ?? []).toSorted(
    (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity),
  )
  return (
    <Panel
      title="Findings"
      note={findings.length > 0 && `${findings.length} open`}
      span={4}
      asked={asked}
      empty={findings.length === 0 && 'No detector has found anything that still goes on.'}
      controls={
        <a
          class="button small"
          href={`/findings${query.bucket && `?bucket=${encodeURIComponent(query.bucket)}`}`}
        >
          All findings
        </a>
      }
    >
      <ol class="findings">
        {findings.slice(0, shown).map((finding) => (
          <FindingLine
            key={finding.id}
            finding={finding}
            onOpen={() => navigate(`/findings?${new URLSearchParams({ id: finding.id })}`)}
          />
        ))}
      </ol>
    </Panel>
  )
}
