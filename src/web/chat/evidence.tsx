import { useState } from 'preact/hooks'
import { ResultChart } from '../chart/result-chart.tsx'
import { Segments } from '../choice.tsx'
import { csvOf, download } from '../csv.ts'
import { DataTable } from '../data-table.tsx'
import { formatCount, formatTime } from '../format.ts'
import { consoleLink } from '../how-computed.tsx'
import { Icon } from '../icon.tsx'
import type { Evidence } from './conversation.ts'

const rowsShown = 100

/** What an answer rests on: rows, a chart of them, the SQL, and the way to the console. */
export function EvidenceCard({ evidence, open }: { evidence: Evidence; open: boolean }) {
  const { id, tool, sql, columns, rows, row_count, truncated, coverage } = evidence
  const [shown, setShown] = useState(open)
  const [tab, setTab] = useState('rows')
  const tabs = { rows: 'Rows', chart: 'Chart', ...(sql && { sql: 'SQL' }) }
  const given = Object.entries(evidence.arguments).filter(([name]) => name !== 'sql')
  return (
    <section class="evidence" aria-label={`Evidence ${id}`}>
      <button class="evidence-head" aria-expanded={shown} onClick={() => setShown(!shown)}>
        <Icon name={shown ? 'down' : 'next'} size={14} />
        <b>{id}</b>
        <span class="evidence-name">
          {tool}
          {given.length > 0 && (
            <small> {given.map(([name, value]) => `${name}=${plain(value)}`).join(' ')}</small>
          )}
        </span>
        <span class="faint num">
          {formatCount(row_count)} rows{truncated ? ', cut' : ''}
        </span>
      </button>
      {shown && (
        <>
          <div class="evidence-bar">
            <Segments label={`Show ${id} as`} options={tabs} chosen={tab} onChoose={setTab} />
            {coverage && (
              <span class="faint num">
                {formatTime(coverage.window.from, 'local', false)} –{' '}
                {formatTime(coverage.window.to, 'local', false)}
              </span>
            )}
            <span class="spacer" />
            <button class="button small" onClick={() => download(`${id}.csv`, csvOf({ columns, rows }))}>
              <Icon name="download" size={14} /> CSV
            </button>
            {sql && (
              <a class="button small" href={consoleLink(sql)}>
                <Icon name="sql" size={14} /> Open in the console
              </a>
            )}
          </div>
          {tab === 'sql' && sql ? (
            <pre class="code wrap" tabIndex={0}>
              {sql}
            </pre>
          ) : tab === 'chart' ? (
            <ResultChart result={evidence} zone="local" height={260} />
          ) : (
            <div class="evidence-rows">
              <DataTable
                columns={columns}
                rows={rows.slice(0, rowsShown)}
                zone="local"
                caption={`Rows of ${id}`}
              />
            </div>
          )}
        </>
      )}
    </section>
  )
}

function plain(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
