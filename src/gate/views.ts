import type { Scope } from '../metrics/filter.ts'
import { requestMetrics } from '../metrics/requests.ts'
import { otherSpans } from '../metrics/select.ts'
import { countOf, isClientError, isServerError } from '../metrics/values.ts'
import { list, timestamp } from '../store/sql.ts'
import { countedSpans, countedSql, ofDays, together } from './counted.ts'
import type { Counted, CountedDays } from './counted.ts'
import {
  clientColumns,
  dayCountColumns,
  eventColumns,
  lastReadColumns,
  logObjectColumns,
  minuteColumns,
  operationColumns,
  refusedLineColumns,
  requesterColumns,
  snapshotColumns,
} from './view-columns.ts'
import type { ViewColumn } from './view-columns.ts'

/** `[from_ms, to_ms)` since the epoch. */
export interface GateWindow {
  from_ms: number
  to_ms: number
}

/** A table as people and models see it: rows of one stored table, of the scope's sources and of the window alone. */
export interface View {
  name: string
  description: string
  columns: readonly ViewColumn[]
  /** The stored table. */
  table: string
  /** What a column is made of, where it is not the stored one of its name. */
  made?: Record<string, string>
  where?: string
  /** Columns of one row; without: every stored row is a row. */
  groupedBy?: readonly string[]
  /** The dimension of the days that are counted beforehand, and what makes its columns of their counts. */
  counted?: Counted
  /** Only days that are counted beforehand have rows. */
  ofDays?: true
  /** Of a rollup by minutes: what makes its columns of rows of `operations`, for minutes that the window cuts. */
  edges?: Record<string, string>
}

const counted = (condition: string): string => countOf('', `is_request AND (${condition})`).rollup

/** Requests by who sent them; whole days are read from what is counted of them beforehand. */
function whoAsked(by: 'remote_ip' | 'requester'): Omit<View, 'name' | 'description' | 'columns'> {
  const bytes = { bytes_sent: 'sum(bytes_sent)', bytes_received: 'sum(bytes_received)' }
  const errors = countOf('errors', 'status >= 400')
  return {
    table: 'operations',
    made: { requests: 'count()', errors: errors.raw, ...bytes, first_seen: 'min(ts)', last_seen: 'max(ts)' },
    where: 'is_request',
    groupedBy: ['source', 'format', 'bucket', by],
    counted: {
      dimension: by,
      made: {
        [by]: 'value',
        requests: 'sum(operations)',
        errors: errors.rollup,
        ...bytes,
        first_seen: 'min(first_seen)',
        last_seen: 'max(last_seen)',
      },
    },
  }
}

const ofEgress = new Set(
  'ts source format bucket operation status key key_prefix remote_ip requester referer user_agent bytes_sent'.split(
    ' ',
  ),
)

export const views: readonly View[] = [
  {
    name: 'operations',
    description: 'One row for each request that an access log recorded.',
    columns: operationColumns,
    table: 'operations',
  },
  {
    name: 'requests_1m',
    description:
      'Requests per minute, source, format, bucket and operation, by the names of AWS. Fast over long windows; whole minutes may be a minute behind operations.',
    columns: minuteColumns,
    table: 'operations_1m',
    made: {
      ...Object.fromEntries(requestMetrics.map(({ name, where = 'true' }) => [name, counted(where)])),
      BytesDownloaded: 'sum(CASE WHEN is_request THEN bytes_sent ELSE 0 END)',
      BytesUploaded: 'sum(CASE WHEN is_request THEN bytes_received ELSE 0 END)',
      Errors4xx: counted(isClientError),
      Errors5xx: counted(isServerError),
      total_ms_sum: 'sum(CASE WHEN is_request THEN total_ms_sum ELSE 0 END)',
      total_ms_max: 'max(CASE WHEN is_request THEN total_ms_max END)',
    },
    groupedBy: ['ts', 'source', 'format', 'bucket', 'operation', 'class'],
    edges: {
      ts: "timestamp_floor('1m', ts)",
      operations: '1',
      total_ms_sum: 'total_ms',
      total_ms_max: 'total_ms',
    },
  },
  {
    name: 'errors',
    description: 'The rows of operations that are requests with a status of 400 or more.',
    columns: operationColumns,
    table: 'operations',
    where: 'is_request AND status >= 400',
  },
  {
    name: 'egress',
    description: 'The rows of operations that sent bytes, with who asked for them.',
    columns: operationColumns.filter(({ name }) => ofEgress.has(name)),
    table: 'operations',
    where: 'bytes_sent > 0',
  },
  {
    name: 'objects_last_read',
    description: 'One row for each object that was read in the window, with its last successful GET.',
    columns: lastReadColumns,
    table: 'operations',
    made: { last_read: 'max(ts)', reads: 'count()', bytes_read: 'sum(bytes_sent)' },
    where: "is_request AND class = 'read' AND method = 'GET' AND status < 400 AND key IS NOT NULL",
    groupedBy: ['source', 'bucket', 'key', 'key_prefix'],
  },
  {
    name: 'clients',
    description: 'One row for each source, format, bucket and client address of the window.',
    columns: clientColumns,
    ...whoAsked('remote_ip'),
  },
  {
    name: 'requesters',
    description: 'One row for each source, format, bucket and requester of the window; null is anonymous.',
    columns: requesterColumns,
    ...whoAsked('requester'),
  },
  {
    name: 'day_counts',
    description:
      'Requests of whole closed days by one column, its dimension: what top lists of long windows are read from.',
    columns: dayCountColumns,
    table: 'day_counts',
    ofDays: true,
  },
  {
    name: 'log_objects',
    description: 'The ledger: one row for each version of a log object that is finished.',
    columns: logObjectColumns,
    table: 'log_objects',
  },
  {
    name: 'snapshots',
    description: 'What a bucket held at a moment, and what was asked of it in the 24 hours before.',
    columns: snapshotColumns,
    table: 'snapshots',
  },
  {
    name: 'events',
    description: 'What went wrong in a bucket, by rules that watch its traffic.',
    columns: eventColumns,
    table: 'events',
    where: 'source IS NOT NULL',
  },
  {
    name: 'refused_lines',
    description: 'Lines of log objects that no parser took, the first hundred of each object.',
    columns: refusedLineColumns,
    table: 'refused_lines',
  },
]

/**
 * The query that stands for a view, with the columns that are asked for: nothing that a caller wrote is in it. `ts` stays
 * its designated timestamp. `days` are read from what is counted of them beforehand.
 */
export function viewSql(
  view: View,
  scope: Scope,
  window: GateWindow,
  isAsked: (column: string) => boolean,
  days: CountedDays = { whole: [], exact: {} },
): string {
  const kept = view.columns.filter(
    ({ name }) => name === 'ts' || view.groupedBy?.includes(name) || isAsked(name),
  )
  const columns = kept.map(({ name }) => {
    const made = view.made?.[name]
    return made === undefined ? name : `${made} ${name}`
  })
  const inScope = scope === null ? [] : [scope.length === 0 ? 'false' : `source IN ${list(scope)}`]
  const within = ({ from_ms, to_ms }: GateWindow): string =>
    [
      ...inScope,
      `ts >= ${timestamp(from_ms)}`,
      `ts < ${timestamp(to_ms)}`,
      view.where ?? [],
      view.ofDays ? ofDays(days, window) : [],
    ]
      .flat()
      .join(' AND ')
  const selected = (from: string): string => {
    const rows = `SELECT ${columns.join(', ')} FROM ${from}`
    return view.groupedBy ? `${rows} GROUP BY ${view.groupedBy.join(', ')}` : rows
  }
  const { counted, groupedBy = [] } = view
  const spans = counted ? countedSpans(counted, window, days) : []
  if (counted && spans.length > 0) {
    const rows = otherSpans(spans, window).map((span) => selected(`${view.table} WHERE ${within(span)}`))
    const whole = spans.map((span) => countedSql(counted, kept, inScope, span))
    return `(${together(groupedBy, kept, [...rows, ...whole])})`
  }
  if (!view.edges) {
    const query = selected(`${view.table} WHERE ${within(window)}`)
    // SAMPLE BY, LATEST ON and ASOF JOIN need it, and grouping loses it.
    return view.groupedBy?.includes('ts') ? `((${query} ORDER BY ts) TIMESTAMP(ts))` : `(${query})`
  }
  const { whole, cut } = minutesOf(window)
  const parts = [
    ...(whole ? [selected(`${view.table} WHERE ${within(whole)}`)] : []),
    ...cut.map((edge) => selected(`(SELECT ${edgeColumns(view)} FROM operations WHERE ${within(edge)})`)),
  ]
  const [only = ''] = parts
  const all = parts.length === 1 ? only : `SELECT * FROM (${parts.join(' UNION ALL ')})`
  return `((${all} ORDER BY ts) TIMESTAMP(ts))`
}

const minute_ms = 60_000

/** The whole minutes of a window, and the parts of minutes at its ends. */
function minutesOf({ from_ms, to_ms }: GateWindow): { whole: GateWindow | null; cut: GateWindow[] } {
  const first_ms = Math.ceil(from_ms / minute_ms) * minute_ms
  const last_ms = Math.floor(to_ms / minute_ms) * minute_ms
  if (first_ms > last_ms) return { whole: null, cut: [{ from_ms, to_ms }] }
  const cut = [
    { from_ms, to_ms: first_ms },
    { from_ms: last_ms, to_ms },
  ].filter((edge) => edge.from_ms < edge.to_ms)
  const whole = first_ms < last_ms || cut.length === 0 ? { from_ms: first_ms, to_ms: last_ms } : null
  return { whole, cut }
}

/** A row of `operations` as one of the rollup. */
function edgeColumns({ columns, edges = {}, made = {} }: View): string {
  const stored = columns.map(({ name }) => name).filter((name) => made[name] === undefined)
  const names = new Set([
    ...stored,
    'is_request',
    'status',
    'bytes_sent',
    'bytes_received',
    ...Object.keys(edges),
  ])
  return [...names].map((name) => (edges[name] === undefined ? name : `${edges[name]} ${name}`)).join(', ')
}
