import type { AccessEvent } from './access-event.ts'
import type { Incident } from './incidents.ts'

const HOUR_MS = 3_600_000

type Counts<T = string> = Map<T, number>

/** What one bucket saw in one format. Counts, tops and times are of requests; rows, bytes and operations of all records. */
export interface GroupTruth {
  format: 's3' | 'cdn'
  bucket: string
  rows: number
  requests: number
  bytes_sent: number
  bytes_received: number
  by_operation: Counts
  by_status: Counts
  by_error_code: Counts
  keys: Counts
  key_prefixes: Counts
  remote_ips: Counts
  requesters: Counts
  /** Not of requests that sent none, or an empty one. */
  user_agents: Counts
  referers: Counts
  /** Requests by the hour's first moment, in ms. */
  by_hour: Counts<number>
  total_ms: Samples
  turnaround_ms: Samples
}

/** What an incident came to; `keys` counts distinct ones, `errors` records with status 400 and up. */
export interface IncidentTruth extends Incident {
  rows: number
  requests: number
  bytes_sent: number
  errors: number
  keys: number
}

/** lines = rows + repeated + refused + blank + comments. */
export interface LineCounts {
  lines: number
  rows: number
  repeated: number
  refused: number
  blank: number
  comments: number
}

/** Adds up what was generated, in a plain loop over the events themselves; knows nothing of how lines are read. */
export interface Truth {
  add(event: AccessEvent): void
  count(kind: 'blank' | 'comment' | 'refused' | 'repeated'): void
  expect(incidents: readonly Incident[]): void
  lines(): LineCounts
  groups(): GroupTruth[]
  incidents(): IncidentTruth[]
}

/** Times in ms, all of them, so that percentiles are exact. */
export interface Samples {
  add(value: number): void
  count(): number
  sum(): number
  /** Nearest rank; null when there are none. `share` is 0.5 for the median. */
  percentile(share: number): number | null
}

/** Starts with nothing counted; memory grows by 16 bytes for each request. */
export function createTruth(): Truth {
  const groups = new Map<string, GroupTruth>()
  const planted = new Map<string, Omit<IncidentTruth, 'keys'> & { seen: Set<string> }>()
  const totals = { rows: 0, repeated: 0, refused: 0, blank: 0, comments: 0 }

  function add(event: AccessEvent): void {
    totals.rows++
    const name = `${event.format}/${event.bucket.name}`
    let group = groups.get(name)
    if (!group) groups.set(name, (group = createGroup(event.format, event.bucket.name)))
    group.rows++
    group.bytes_sent += event.bytes_sent
    group.bytes_received += event.bytes_received
    bump(group.by_operation, event.operation)
    if (event.is_request) addRequest(group, event)
    if (event.incident !== null) addToIncident(event, event.incident)
  }

  function addToIncident(event: AccessEvent, kind: string): void {
    const incident = planted.get(kind)
    if (!incident) return
    incident.rows++
    incident.bytes_sent += event.bytes_sent
    if (event.is_request) incident.requests++
    if (event.status !== null && event.status >= 400) incident.errors++
    if (event.key !== null) incident.seen.add(event.key)
  }

  return {
    add,
    count(kind) {
      totals[kind === 'comment' ? 'comments' : kind]++
    },
    expect(incidents) {
      for (const {
        kind,
        bucket,
        from_ms,
        to_ms,
        remote_ip,
        requester,
        key,
        key_prefix,
        referer,
      } of incidents) {
        const counts = { rows: 0, requests: 0, bytes_sent: 0, errors: 0, seen: new Set<string>() }
        planted.set(kind, {
          kind,
          bucket,
          from_ms,
          to_ms,
          remote_ip,
          requester,
          key,
          key_prefix,
          referer,
          ...counts,
        })
      }
    },
    lines: () => ({ lines: Object.values(totals).reduce((sum, count) => sum + count, 0), ...totals }),
    groups: () => [...groups.values()],
    incidents: () => [...planted.values()].map(({ seen, ...incident }) => ({ ...incident, keys: seen.size })),
  }
}

function createGroup(format: 's3' | 'cdn', bucket: string): GroupTruth {
  const counts = <T = string>(): Counts<T> => new Map()
  return {
    format,
    bucket,
    rows: 0,
    requests: 0,
    bytes_sent: 0,
    bytes_received: 0,
    by_operation: counts(),
    by_status: counts(),
    by_error_code: counts(),
    keys: counts(),
    key_prefixes: counts(),
    remote_ips: counts(),
    requesters: counts(),
    user_agents: counts(),
    referers: counts(),
    by_hour: counts(),
    total_ms: createSamples(),
    turnaround_ms: createSamples(),
  }
}

function addRequest(group: GroupTruth, event: AccessEvent): void {
  group.requests++
  bump(group.by_hour, event.at_ms - (event.at_ms % HOUR_MS))
  if (event.status !== null) bump(group.by_status, String(event.status))
  if (event.error_code !== null) bump(group.by_error_code, event.error_code)
  if (event.key !== null) {
    bump(group.keys, event.key)
    const slash = event.key.indexOf('/')
    if (slash >= 0) bump(group.key_prefixes, event.key.slice(0, slash))
  }
  if (event.remote_ip !== null) bump(group.remote_ips, event.remote_ip)
  if (event.requester !== null) bump(group.requesters, event.requester)
  if (event.user_agent) bump(group.user_agents, event.user_agent)
  if (event.referer !== null) bump(group.referers, event.referer)
  if (event.total_ms !== null) group.total_ms.add(event.total_ms)
  if (event.turnaround_ms !== null) group.turnaround_ms.add(event.turnaround_ms)
}

function createSamples(): Samples {
  let values = new Float64Array(1024)
  let size = 0
  let sum = 0
  let sorted = false
  return {
    add(value) {
      if (size === values.length) {
        const larger = new Float64Array(size * 2)
        larger.set(values)
        values = larger
      }
      values[size++] = value
      sum += value
      sorted = false
    },
    count: () => size,
    sum: () => sum,
    percentile(share) {
      if (!sorted) values.subarray(0, size).sort()
      sorted = true
      return size === 0 ? null : (values[Math.max(0, Math.ceil(share * size) - 1)] ?? null)
    },
  }
}

function bump<T>(counts: Counts<T>, name: T): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
