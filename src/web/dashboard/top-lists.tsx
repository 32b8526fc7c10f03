import { Bars } from '../bars.tsx'
import type { Bar } from '../bars.tsx'
import { formatBytes, formatPercent, formatShort, formatValue } from '../format.ts'
import { Segments } from '../choice.tsx'
import { Panel } from '../panel.tsx'
import { numberOf, ofFormat, sumOf } from '../records.ts'
import { colorOf } from '../theme.ts'
import type { Asked } from '../use-answer.ts'
import { addFilter, changeView } from '../view.ts'
import type { FilterName, View } from '../view.ts'
import type { Batch, Report } from './questions.ts'

type ListKind = readonly [metric: string, title: string, column: string, filter: FilterName, about: string]

const lists: ListKind[] = [
  ['TopKeys', 'Objects', 'key', 'key', 'Keys of objects.'],
  ['TopPrefixes', 'Prefixes', 'key_prefix', 'key_prefix', 'First path segments of the keys.'],
  ['TopClientIPs', 'IP addresses', 'remote_ip', 'ip', 'Addresses that requests came from.'],
  ['TopRequesters', 'Requesters', 'requester', 'requester', 'Accounts and keys that signed the requests.'],
  ['TopUserAgents', 'User agents', 'user_agent', 'user_agent', 'What clients call themselves; they may lie.'],
  ['TopReferers', 'Referers', 'referer', 'referer', 'Pages that linked to the objects; clients may lie.'],
]
// What stands for a value that the log had none of.
const noneOf: Partial<Record<FilterName, string>> = { ip: '(internal)', requester: '(anonymous)' }

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
        <Segments
          label="Order by"
          options={orders}
          chosen={view.order}
          onChoose={(order) => changeView({ order })}
        />
      </div>
      {lists.map((kind) => (
        <TopList key={kind[0]} kind={kind} view={view} tops={tops} />
      ))}
    </>
  )
}

function TopList({ kind, view, tops }: { kind: ListKind; view: View; tops: Asked<Batch> }) {
  const [metric, title, column, filter, about] = kind
  const answer = tops.data?.[metric]
  const bounds: Record<string, number> = answer?.coverage.counts_short_by ?? {}
  const short = bounds[view.order] ?? 0
  const show = view.order === 'bytes_downloaded' ? formatBytes : formatShort
  const bars = ofFormat(answer, view.format).map((record): Bar => {
    const value = record[column] as string | null
    const name = value ?? noneOf[filter] ?? '(none)'
    const amount = numberOf(record[view.order]) ?? 0
    const rate = numberOf(record['error_rate']) ?? 0
    return {
      key: String(value),
      name,
      amount,
      text: show(amount),
      flag: rate >= 20 && `${formatPercent(rate)} errors`,
      pick: { title: `Filter by ${name}`, run: () => addFilter(filter, value) },
    }
  })
  return (
    <Panel
      title={title}
      note={short > 0 && `each at most ${show(short)} too low`}
      span={4}
      asked={tops}
      table={answer ?? null}
      empty={bars.length === 0 && 'Nothing of this kind in this window.'}
      about={{
        text: `${about} Largest first, by ${orders[view.order].toLowerCase()}.`,
        sql: answer?.sql ?? null,
      }}
    >
      <Bars bars={bars} />
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
      table={answer ?? null}
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

/** What failed, by the code that the storage gave. */
export function ErrorCodesPanel({ view, tops }: { view: View; tops: Asked<Batch> }) {
  const answer = tops.data?.['ErrorCodes']
  const bars = ofFormat(answer, view.format)
    .map((record): Bar => {
      const code = record['error_code'] as string | null
      const amount = numberOf(record['requests']) ?? 0
      return {
        key: `${code} ${record['status']}`,
        name: (
          <>
            <b>{record['status']}</b> {code ?? '(no code)'}
          </>
        ),
        amount,
        text: formatShort(amount),
        pick: { title: `Filter by ${code ?? 'no code'}`, run: () => addFilter('error_code', code) },
      }
    })
    .toSorted((a, b) => b.amount - a.amount)
  return (
    <Panel
      title="Error codes"
      span={4}
      asked={tops}
      table={answer ?? null}
      empty={bars.length === 0 && 'No request failed in this window.'}
      about={{ text: 'Error codes of the storage with their HTTP status.', sql: answer?.sql ?? null }}
    >
      <Bars bars={bars.slice(0, 10)} bad />
    </Panel>
  )
}
