import { useState } from 'preact/hooks'
import { ask } from '../api.ts'
import type { Column } from '../api.ts'
import { DataTable, cellText, titleOf } from '../data-table.tsx'
import { Dialog } from '../dialog.tsx'
import { formatTime } from '../format.ts'
import { CopyButton } from '../how-computed.tsx'
import { Icon } from '../icon.tsx'
import { Panel } from '../panel.tsx'
import { Failed, Loading } from '../states.tsx'
import { useAnswer } from '../use-answer.ts'
import { addFilter, filterLabels, filterOf, windowParams } from '../view.ts'
import type { View } from '../view.ts'

const shown = [
  'ts',
  'bucket',
  'operation',
  'status',
  'key',
  'bytes_sent',
  'total_ms',
  'remote_ip',
  'user_agent',
]
const units: Record<string, Column['unit']> = {
  bytes_sent: 'Bytes',
  bytes_received: 'Bytes',
  object_size: 'Bytes',
  total_ms: 'Milliseconds',
  turnaround_ms: 'Milliseconds',
}
/** The operations themselves, newest first; a row opens all that the log says of it, and its line. */
export function RowsPanel({ view }: { view: View }) {
  const [cursors, setCursors] = useState<string[]>([])
  const [q, setQ] = useState('')
  const [open, setOpen] = useState<readonly unknown[] | null>(null)
  const base = { ...windowParams(view), format: view.format, q: q || undefined, limit: 25 }
  const about = JSON.stringify(base)
  const [of, setOf] = useState(about)
  if (of !== about) {
    setOf(about)
    setCursors([])
  }
  const params = { ...base, cursor: of === about ? cursors.at(-1) : undefined }
  const asked = useAnswer(JSON.stringify(params), (signal) =>
    ask('GET /logs/operations', { query: params, signal }),
  )
  const columns = (asked.data?.columns ?? []).map((column) => withUnit(column))
  const places = shown.map((name) => columns.findIndex((column) => column.name === name))
  const next = asked.data?.next_cursor
  return (
    <Panel
      title="Operations in the log"
      note="newest first"
      span={12}
      asked={asked}
      table={asked.data && { columns, rows: asked.data.rows }}
      about={{
        text: 'Rows as stored, one for each line of the log. A row opens its whole record and the raw line.',
        sql: asked.data?.sql ?? null,
      }}
      controls={
        <label class="search">
          <Icon name="search" size={14} />
          <input
            type="search"
            placeholder="Key, agent or referer"
            aria-label="Search in keys, user agents and referers"
            onChange={(event) => setQ(event.currentTarget.value.trim())}
          />
        </label>
      }
      empty={
        asked.data?.rows.length === 0 && 'No operation matches: choose a longer range, or take filters away.'
      }
    >
      <DataTable
        caption="Rows of the log"
        zone={view.zone}
        columns={places.map((place) => columns[place]).filter((column) => column !== undefined)}
        rows={(asked.data?.rows ?? []).map((row) => [...places.map((place) => row[place]), row])}
        onRow={(row) => setOpen(row[shown.length] as unknown[])}
        cell={(column, value, row) =>
          cellOf(column, value, view, () => setOpen(row[shown.length] as unknown[]))
        }
      />
      <footer class="pager">
        <button
          class="button small"
          disabled={cursors.length === 0}
          onClick={() => setCursors(cursors.slice(0, -1))}
        >
          <Icon name="back" size={14} /> Newer
        </button>
        <button class="button small" disabled={!next} onClick={() => next && setCursors([...cursors, next])}>
          Older <Icon name="next" size={14} />
        </button>
      </footer>
      {open && <Row columns={columns} row={open} view={view} onClose={() => setOpen(null)} />}
    </Panel>
  )
}

function withUnit(column: Column): Column {
  const unit = units[column.name]
  return unit === undefined ? column : { ...column, unit }
}

function cellOf(column: Column, value: unknown, view: View, open: () => void) {
  if (column.name === 'ts') {
    return (
      <button class="link num" onClick={open}>
        {formatTime(String(value), view.zone)}
      </button>
    )
  }
  if (column.name !== 'status' || value === null) return undefined
  return (
    <span class={`badge badge-${Number(value) >= 500 ? 'bad' : Number(value) >= 400 ? 'warn' : 'good'}`}>
      {String(value)}
    </span>
  )
}

function Row(props: {
  columns: readonly Column[]
  row: readonly unknown[]
  view: View
  onClose: () => void
}) {
  const { columns, row, view, onClose } = props
  const value = (name: string): unknown => row[columns.findIndex((column) => column.name === name)]
  const known = columns
    .map((column, place) => ({ column, value: row[place] }))
    .filter((one) => one.value !== null)
  return (
    <Dialog title={`${value('operation')} ${value('status') ?? ''}`} onClose={onClose} side>
      <RawLine log_object={String(value('log_object'))} line_hash={String(value('line_hash'))} />
      <h3 class="sub">Record</h3>
      <dl class="record">
        {known.map(({ column, value: one }) => {
          const filter = filterOf(column.name)
          return (
            <div key={column.name}>
              <dt>{titleOf(column.name)}</dt>
              <dd>
                {filter ? (
                  <button
                    class="cell-filter"
                    title={`Filter by ${filterLabels[filter]}`}
                    onClick={() => {
                      addFilter(filter, one as string)
                      onClose()
                    }}
                  >
                    {cellText(column, one, view.zone)}
                  </button>
                ) : (
                  cellText(column, one, view.zone)
                )}
              </dd>
            </div>
          )
        })}
      </dl>
    </Dialog>
  )
}

function RawLine({ log_object, line_hash }: { log_object: string; line_hash: string }) {
  const asked = useAnswer(line_hash, (signal) =>
    ask('GET /tools/log-line', {
      query: { log_object, line_hash },
      signal,
    }),
  )
  return (
    <section aria-label="Raw line">
      <h3 class="sub">Raw line</h3>
      {asked.error ? (
        <Failed error={asked.error} retry={false} />
      ) : asked.data ? (
        <>
          <pre class="code wrap" tabIndex={0}>
            {asked.data.line}
          </pre>
          <p class="row">
            <CopyButton text={asked.data.line} />
            <span class="faint">
              line {asked.data.line_number} of {log_object}
            </span>
          </p>
        </>
      ) : (
        <Loading height={90} />
      )}
    </section>
  )
}
