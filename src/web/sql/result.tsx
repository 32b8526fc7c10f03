import { useState } from 'preact/hooks'
import { asApiError } from '../api.ts'
import type { ApiError } from '../api.ts'
import { ResultChart } from '../chart/result-chart.tsx'
import { Segments } from '../choice.tsx'
import { download } from '../csv.ts'
import { formatCount, zoneName } from '../format.ts'
import { CopyButton } from '../how-computed.tsx'
import { Icon } from '../icon.tsx'
import type { GateAnswer } from '../library.ts'
import { Empty, Failed, Loading } from '../states.tsx'
import { view } from '../view.ts'
import { ResultGrid } from './result-grid.tsx'
import { readCsv } from './run.ts'

export type Outcome =
  | { state: 'idle' }
  | { state: 'running' }
  | { state: 'cancelled' }
  | { state: 'failed'; error: ApiError }
  | { state: 'done'; answer: GateAnswer; sql: string }

const tabs = { table: 'Table', chart: 'Chart', sql: 'SQL as executed' }
type Tab = keyof typeof tabs

/** What a query gave. */
export function Result({ outcome }: { outcome: Outcome }) {
  const [tab, setTab] = useState<Tab>('table')
  const [csvError, setCsvError] = useState('')
  if (outcome.state === 'idle')
    return (
      <Empty title="Nothing has been run" icon="play">
        Write a SELECT, or take a question of the library. Ctrl+Enter runs what is selected, or all of it.
      </Empty>
    )
  if (outcome.state === 'running') return <Loading height={240} />
  if (outcome.state === 'cancelled') return <Empty title="Cancelled" icon="stop" />
  if (outcome.state === 'failed') return <SqlError error={outcome.error} />
  const { answer, sql } = outcome
  const { row_count, truncated, elapsed_ms, coverage } = answer
  const save = (): void => {
    setCsvError('')
    readCsv(sql, { from: coverage.window.from, to: coverage.window.to }).then(
      (text) => download('result.csv', text),
      (error: unknown) => setCsvError(asApiError(error).message),
    )
  }
  return (
    <>
      <div class="result-bar">
        <Segments label="Show the result as" options={tabs} chosen={tab} onChoose={setTab} />
        <p class="faint num" role="status">
          <b>{formatCount(row_count)}</b> rows in <b>{Math.round(elapsed_ms)} ms</b>
          {answer.columns.some(({ type }) => type === 'TIMESTAMP') &&
            `, times in ${zoneName(view.value.zone)}`}
          {truncated && <span class="badge badge-warn">cut: there are more</span>}
          {(coverage?.objects_pending ?? 0) > 0 && (
            <span class="badge badge-accent">{coverage?.objects_pending} log objects still to be read</span>
          )}
        </p>
        <button class="button small" onClick={save}>
          <Icon name="download" size={14} /> CSV
        </button>
      </div>
      {csvError && <p class="bad">{csvError}</p>}
      {tab === 'sql' ? (
        <div class="pad">
          <pre class="code wrap" tabIndex={0}>
            {answer.sql_executed}
          </pre>
          <p class="row">
            <CopyButton text={answer.sql_executed} />
            <span class="faint">With the log sources and the window that you may read.</span>
          </p>
        </div>
      ) : row_count === 0 ? (
        <Empty title="No rows">The query ran; nothing matches in its window.</Empty>
      ) : tab === 'chart' ? (
        <ResultChart result={answer} zone={view.value.zone} />
      ) : (
        <ResultGrid columns={answer.columns} rows={answer.rows} zone={view.value.zone} height={520} />
      )}
    </>
  )
}

function SqlError({ error }: { error: ApiError }) {
  const { position } = error
  if (!position) return <Failed error={error} retry={false} />
  return (
    <div class="sql-error" role="alert">
      <Icon name="warning" />
      <div>
        <strong>{error.message}</strong>
        <p>
          Line {position.line}, column {position.column}.{error.hint ? ` ${error.hint}` : ''}
        </p>
      </div>
    </div>
  )
}
