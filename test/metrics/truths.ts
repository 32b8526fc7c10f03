import type { StoredOperation } from './operations-store.ts'

type Group = readonly StoredOperation[]

/** What a metric must give, said as a plain loop over the operations: which count, by what, and each value of a group. */
export interface Truth {
  /** Which rows there are; default: requests. */
  rows?: (operation: StoredOperation) => boolean
  counts?: (operation: StoredOperation) => boolean
  by?: (keyof StoredOperation)[]
  values: Record<string, (group: Group) => number | string | null>
}

const requests = (group: Group) => group.length
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const bytes_downloaded = (group: Group) => sum(group.map(({ bytes_sent }) => bytes_sent))
const bytes_uploaded = (group: Group) => sum(group.map(({ bytes_received }) => bytes_received))
const within = (least: number, most: number) => (group: Group) =>
  group.filter(({ status }) => status !== null && status >= least && status <= most).length
const percentOf = (part: (group: Group) => number) => (group: Group) => (100 * part(group)) / group.length
const numbers = (group: Group, column: 'total_ms' | 'turnaround_ms') =>
  group.flatMap((operation) => operation[column] ?? []).toSorted((a, b) => a - b)
const nearestRank = (percent: number, column: 'total_ms' | 'turnaround_ms') => (group: Group) => {
  const sorted = numbers(group, column)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null
}
const latency = (column: 'total_ms' | 'turnaround_ms'): Truth => ({
  values: {
    avg: (group) => {
      const times = numbers(group, column)
      return times.length === 0 ? null : sum(times) / times.length
    },
    min: (group) => numbers(group, column)[0] ?? null,
    max: (group) => numbers(group, column).at(-1) ?? null,
    p50: nearestRank(50, column),
    p90: nearestRank(90, column),
    p95: nearestRank(95, column),
    p99: nearestRank(99, column),
    timed_requests: (group) => numbers(group, column).length,
  },
})
const errors = within(400, 599)
const errorShare = (least: number, most: number): Truth => ({
  values: { errors: within(least, most), error_rate: percentOf(within(least, most)), requests },
})
const named = (...operations: string[]): Truth => ({
  counts: ({ operation }) => operations.includes(operation ?? ''),
  values: { requests },
})
const measured = (...by: (keyof StoredOperation)[]): Truth => ({
  by,
  values: {
    requests,
    errors,
    error_rate: percentOf(errors),
    bytes_downloaded,
    bytes_uploaded,
    p50: nearestRank(50, 'total_ms'),
    p95: nearestRank(95, 'total_ms'),
    p99: nearestRank(99, 'total_ms'),
  },
})
const seen = (group: Group) => group.map(({ ts }) => ts).toSorted((a, b) => a - b)
const moment = (ts: number | undefined) =>
  ts === undefined ? null : new Date(ts / 1000).toISOString().replace('Z', '000Z')
const top = (by: keyof StoredOperation, counts?: Truth['counts']): Truth => ({
  by: [by],
  ...(counts && { counts }),
  values: {
    requests,
    bytes_downloaded,
    bytes_uploaded,
    errors,
    error_rate: percentOf(errors),
    first_seen: (group) => moment(seen(group)[0]),
    last_seen: (group) => moment(seen(group).at(-1)),
  },
})
const slow = (group: Group) => group.filter(({ total_ms }) => (total_ms ?? 0) > 500).length
const throttled = within(503, 503)
const hasKey = ({ key }: StoredOperation) => key !== null

const isDeletedObject = ({ operation, status }: StoredOperation) =>
  /^(REST|BATCH)\.DELETE\.OBJECT$/.test(operation ?? '') && status !== null && status < 300

/** What a top list counts that is ordered by objects_deleted. */
export const deletedBy = (by: keyof StoredOperation): Truth => ({
  ...top(by, hasKey),
  rows: isDeletedObject,
  values: {
    objects_deleted: requests,
    first_seen: (group) => moment(seen(group)[0]),
    last_seen: (group) => moment(seen(group).at(-1)),
  },
})

/** Slow is over 500 ms here. */
export const truths: Record<string, Truth> = {
  AllRequests: { values: { requests } },
  GetRequests: named('REST.GET.OBJECT', 'WEBSITE.GET.OBJECT', 'CDN.GET'),
  PutRequests: named('REST.PUT.OBJECT', 'REST.PUT.PART', 'REST.COPY.OBJECT'),
  DeleteRequests: named('REST.DELETE.OBJECT', 'REST.POST.MULTI_OBJECT_DELETE'),
  HeadRequests: named('REST.HEAD.OBJECT', 'REST.HEAD.BUCKET', 'CDN.HEAD'),
  PostRequests: named('REST.POST.UPLOADS'),
  ListRequests: named('REST.GET.BUCKET'),
  ObjectsDeleted: { rows: isDeletedObject, values: { objects_deleted: requests } },
  BytesDownloaded: { values: { bytes_downloaded, requests } },
  BytesUploaded: { values: { bytes_uploaded, requests } },
  '4xxErrors': errorShare(400, 499),
  '5xxErrors': errorShare(500, 599),
  Availability: {
    values: { availability: (group) => 100 - percentOf(within(500, 599))(group), requests },
  },
  ThrottledRequests: { values: { throttled, throttled_rate: percentOf(throttled), requests } },
  FirstByteLatency: latency('turnaround_ms'),
  TotalRequestLatency: latency('total_ms'),
  SlowOperations: { values: { slow, slow_rate: percentOf(slow), requests } },
  RequestsByOperation: measured('operation', 'class'),
  RequestsByClass: measured('class'),
  RequestsByBucket: measured('bucket'),
  StatusCodes: { by: ['status'], values: { requests, bytes_downloaded } },
  ErrorCodes: {
    by: ['error_code', 'status'],
    counts: ({ status }) => (status ?? 0) >= 400,
    values: { requests, bytes_downloaded },
  },
  CacheResults: {
    by: ['cache_result'],
    counts: ({ format }) => format === 'cdn',
    values: { requests, bytes_downloaded },
  },
  TopKeys: top('key', hasKey),
  TopPrefixes: top('key_prefix', hasKey),
  TopClientIPs: top('remote_ip'),
  TopRequesters: top('requester'),
  TopUserAgents: top('user_agent'),
  TopReferers: top('referer'),
}

/** Groups by interval (null: none), format and the truth's own columns, as the answer's key columns are. */
export function expectedRows(
  truth: Truth,
  operations: Group,
  { from_ms, to_ms, step_ms }: { from_ms: number; to_ms: number; step_ms: number | null },
): Map<string, Record<string, number | string | null>> {
  const groups = new Map<string, StoredOperation[]>()
  for (const operation of operations) {
    const ms = operation.ts / 1000
    const isRow = truth.rows?.(operation) ?? operation.is_request
    if (ms < from_ms || ms >= to_ms || !isRow || truth.counts?.(operation) === false) continue
    const interval = step_ms === null ? [] : [moment(Math.floor(ms / step_ms) * step_ms * 1000)]
    const own = (truth.by ?? []).map((name) => operation[name])
    const key = JSON.stringify([...interval, operation.format, ...own])
    groups.set(key, [...(groups.get(key) ?? []), operation])
  }
  const evaluate = (group: Group) =>
    Object.fromEntries(Object.entries(truth.values).map(([name, value]) => [name, value(group)]))
  return new Map([...groups].map(([key, group]) => [key, evaluate(group)]))
}
