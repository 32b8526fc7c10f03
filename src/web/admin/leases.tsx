import type { AnswerTo, Column } from '../api.ts'
import { DataTable } from '../data-table.tsx'
import { formatSpan } from '../format.ts'

/** A log source that a caller has brought: read as long as somebody asks for it. */
type Lease = AnswerTo<'GET /admin/api/mission-control'>['leases'][number]

const tones: Record<string, string> = { reading: 'good', paused: 'warn', refused: 'bad' }
const columns: Column[] = [
  { name: 'source', type: 'VARCHAR' },
  { name: 'state', type: 'VARCHAR' },
  { name: 'reason', type: 'VARCHAR' },
  { name: 'backlog', type: 'LONG', unit: 'Count' },
  { name: 'bytes_today', type: 'LONG', unit: 'Bytes' },
  { name: 'ends_in', type: 'DOUBLE' },
]

/** What callers have read for them, and what that costs. */
export function Leases({ leases }: { leases: readonly Lease[] }) {
  const rows = leases.map(({ source, state, reason, backlog, listed, bytes_today, expires_at }) => [
    source,
    state,
    // The backlog says little before all is listed.
    reason ?? (listed || state !== 'reading' ? null : 'the bucket is still being listed'),
    backlog,
    bytes_today,
    (Date.parse(expires_at) - Date.now()) / 1000,
  ])
  return (
    <section class="panel span-12" aria-label="Leased sources">
      <header class="panel-head">
        <h2>Leased sources</h2>
        <span class="panel-note">brought by callers, read as long as they ask</span>
      </header>
      {leases.length === 0 && <p class="faint">Nobody has brought a log source.</p>}
      {leases.length > 0 && (
        <DataTable
          caption="Leases"
          zone="local"
          columns={columns}
          rows={rows}
          cell={({ name }, value) => {
            if (name === 'state') {
              return <span class={`badge badge-${tones[String(value)]}`}>{String(value)}</span>
            }
            return name === 'ends_in' ? formatSpan(Number(value)) : undefined
          }}
        />
      )}
    </section>
  )
}
