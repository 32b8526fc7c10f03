import type { MetricAnswer, Column } from '../api.ts'
import { formatBytes, formatPercent, formatShort, formatValue } from '../format.ts'
import { Panel } from '../panel.tsx'
import { numberOf, recordsOf, sumOf } from '../records.ts'
import { colorOf } from '../theme.ts'
import type { Asked } from '../use-answer.ts'
import { addFilter, changeView } from '../view.ts'
import type { FilterName, View } from '../view.ts'
import { ofFormat } from './over-time.tsx'
import type { Batch, Report } from './questions.ts'

interface ListKind {
  metric: string
  title: string
  column: string
  filter: FilterName
  /** What stands for a value that the log had none of. */
  none: string
  about: string
}

const lists: ListKind[] = [
  {
    metric: 'TopKeys',
    title: 'Objects',
    column: 'key',
    filter: 'key',
    none: '(none)',
    about: 'Keys of objects.',
  },
  {
    metric: 'TopPrefixes',
    title: 'Prefixes',
    column: 'key_prefix',
    filter: 'key_prefix',
    none: '(none)',
    about: 'First path segments of the keys.',
  },
  {
    metric: 'TopClientIPs',
    title: 'IP addresses',
    column: 'remote_ip',
    filter: 'ip',
    none: '(internal)',
    about: 'Addresses that requests came from.',
  },
  {
    metric: 'TopRequesters',
    title: 'Requesters',
    column: 'requester',
    filter: 'requester',
    none: '(anonymous)',
    about: 'Accounts and keys that signed the requests.',
  },
  {
    metric: 'TopUserAgents',
    title: 'User agents',
    column: 'user_agent',
    filter: 'user_agent',
    none: '(none)',
    about: 'What clients call themselves; they may lie.',
  },
  {
    metric: 'TopReferers',
    title: 'Referers',
    column: 'referer',
    filter: 'referer',
    none: '(none)',
    about: 'Pages that linked to the objects; clients may lie.',
  },
]

const orders: Record<View['order'], string> = {
  requests: 'Requests',
  bytes_downloaded: 'Bytes out',
  errors: 'Errors',
  objects_deleted: 'Objects deleted',
}

/** Who and what comes most; a click on a value filters everything by it. */
export function TopLists({ view, tops }: { view: View; tops: Asked<Batch> }) {
  return (
    <>
      <div class="span-12 section-head">
        <h2>Who and what</h2>
        <div class="segments small" role="group" aria-label="Order by">
          {(Object.keys(orders) as View['order'][]).map((order) => (
            <button key={order} aria-pressed={view.order === order} onClick={() => changeView({ order })}>
              {orders[order]}
            </button>
          ))}
        </div>
      </div>
      {lists.map((kind) => (
        <TopList key={kind.metric} kind={kind} view={view} asked={tops} answer={tops.data?.[kind.metric]} />
      ))}
    </>
  )
}

function TopList(props: {
  kind: ListKind
  view: View
  asked: Asked<Batch>
  answer: MetricAnswer | undefined
}) {
  const { kind, view, asked, answer } = props
  const records = ofFormat(answer, view.format)
  const most = Math.max(1, ...records.map((record) => numberOf(record[view.order]) ?? 0))
  return (
    <Panel
      title={kind.title}
      span={4}
      asked={asked}
      table={answer ?? null}
      empty={records.length === 0 && 'Nothing of this kind in this window.'}
      about={{
        text: `${kind.about} Largest first, by ${orders[view.order].toLowerCase()}.`,
        sql: answer?.sql ?? null,
      }}
    >
      <ol class="bars">
        {records.map((record) => {
          const value = record[kind.column] as string | null
          const amount = numberOf(record[view.order]) ?? 0
          const rate = numberOf(record['error_rate']) ?? 0
          return (
            <li key={String(value)}>
              <button
                class="bar"
                title={`Filter by ${value ?? kind.none}`}
                onClick={() => addFilter(kind.filter, value)}
              >
                <i class="bar-fill" style={{ width: `${(100 * amount) / most}%` }} />
                <span class="bar-name">{value ?? kind.none}</span>
                {rate >= 20 && <span class="bar-flag">{formatPercent(rate)} errors</span>}
                <span class="bar-value">
                  {view.order === 'bytes_downloaded' ? formatBytes(amount) : formatShort(amount)}
                </span>
              </button>
            </li>
          )
        })}
      </ol>
    </Panel>
  )
}

/** GET, PUT, DELETE, HEAD, LIST and whatever else was asked, with how it went. */
export function OperationsPanel({ view, report }: { view: View; report: Asked<Report> }) {
  const answer = report.data?.by_operation
  const records = ofFormat(answer, view.format).toSorted(
    (a, b) => (numberOf(b['requests']) ?? 0) - (numberOf(a['requests']) ?? 0),
  )
  const all = Math.max(1, sumOf(records, 'requests'))
  return (
    <Panel
      title="Operations"
      span={4}
      asked={report}
      table={answer ? plain(answer) : null}
      empty={records.length === 0 && 'No requests in this window: choose a longer range.'}
      about={{
        text: 'Each operation as the log names it, with its share of errors and its 95th percentile.',
        sql: answer?.sql ?? null,
      }}
    >
      <div class="panel-scroll" tabIndex={0} role="region" aria-label="Operations, list">
        <table class="table table-dense">
          <thead>
            <tr>
              <th scope="col">Operation</th>
              <th scope="col" class="num">
                Requests
              </th>
              <th scope="col" class="num">
                Errors
              </th>
              <th scope="col" class="num">
                p95
              </th>
            </tr>
          </thead>
          <tbody>
            {records.map((record) => {
              const name = String(record['operation'])
              const share = (100 * (numberOf(record['requests']) ?? 0)) / all
              return (
                <tr key={name}>
                  <td>
                    <button
                      class="cell-filter"
                      onClick={() => addFilter('operation', name)}
                      title={`Filter by ${name}`}
                    >
                      <i class={`dot dot-${colorOf(String(record['class']))}`} />
                      {shortOperation(name)}
                    </button>
                    <i class="share" style={{ width: `${share}%` }} />
                  </td>
                  <td class="num">{formatShort(numberOf(record['requests']) ?? 0)}</td>
                  <td class={`num${(numberOf(record['error_rate']) ?? 0) >= 5 ? ' bad' : ''}`}>
                    {formatValue(record['error_rate'], 'Percent')}
                  </td>
                  <td class="num">{formatValue(record['p95'], 'Milliseconds')}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

const kinds: Record<string, string> = {
  REST: '',
  WEBSITE: 'web ',
  CDN: 'CDN ',
  BATCH: 'batch ',
  S3: 'lifecycle ',
}

/** `REST.GET.OBJECT` as `GET object`. */
function shortOperation(name: string): string {
  const [kind = '', verb, ...what] = name.split('.')
  const known = kinds[kind]
  if (known === undefined || !verb) return name
  return `${known}${verb} ${what.join(' ').toLowerCase()}`.trim()
}

function plain(answer: { columns: Column[]; rows: unknown[][] }): { columns: Column[]; rows: unknown[][] } {
  return { columns: answer.columns, rows: answer.rows }
}

/** What failed, by the code that the storage gave. */
export function ErrorCodesPanel({ view, tops }: { view: View; tops: Asked<Batch> }) {
  const answer = tops.data?.['ErrorCodes']
  const records = (answer ? recordsOf(answer) : [])
    .filter((record) => record['format'] === view.format)
    .toSorted((a, b) => (numberOf(b['requests']) ?? 0) - (numberOf(a['requests']) ?? 0))
  const most = Math.max(1, ...records.map((record) => numberOf(record['requests']) ?? 0))
  return (
    <Panel
      title="Error codes"
      span={4}
      asked={tops}
      table={answer ?? null}
      empty={records.length === 0 && 'No request failed in this window.'}
      about={{ text: 'Error codes of the storage with their HTTP status.', sql: answer?.sql ?? null }}
    >
      <ol class="bars">
        {records.slice(0, 10).map((record) => {
          const code = record['error_code'] as string | null
          const amount = numberOf(record['requests']) ?? 0
          return (
            <li key={`${code} ${record['status']}`}>
              <button
                class="bar"
                onClick={() => addFilter('error_code', code)}
                title={`Filter by ${code ?? 'no code'}`}
              >
                <i class="bar-fill bar-fill-bad" style={{ width: `${(100 * amount) / most}%` }} />
                <span class="bar-name">
                  <b>{record['status']}</b> {code ?? '(no code)'}
                </span>
                <span class="bar-value">{formatShort(amount)}</span>
              </button>
            </li>
          )
        })}
      </ol>
    </Panel>
  )
}
