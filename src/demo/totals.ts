import { parseArgs } from 'node:util'
import { generate } from './generate.ts'
import {
  createTruth,
  type GroupTruth,
  type IncidentTruth,
  type LineCounts,
  type Samples,
  type Truth,
} from './truth.ts'

/** The truth as plain JSON, with exact percentiles (nearest rank) and the most frequent values first. */
export interface DemoTotals {
  seed: number
  /** ISO 8601; events lie in [from, to). */
  from: string
  to: string
  lines: LineCounts
  buckets: BucketTotals[]
  incidents: (Omit<IncidentTruth, 'from_ms' | 'to_ms'> & { from: string; to: string })[]
}

/** One bucket in one format. */
export interface BucketTotals extends Pick<
  GroupTruth,
  'format' | 'bucket' | 'rows' | 'requests' | 'bytes_sent' | 'bytes_received'
> {
  by_operation: Record<string, number>
  by_status: Record<string, number>
  by_error_code: Record<string, number>
  total_ms: TimeTotals
  turnaround_ms: TimeTotals
  top: Record<
    'keys' | 'key_prefixes' | 'remote_ips' | 'requesters' | 'user_agents' | 'referers',
    [value: string, requests: number][]
  >
}

/** In ms; null when there are none. */
export interface TimeTotals {
  count: number
  avg: number | null
  min: number | null
  p50: number | null
  p90: number | null
  p95: number | null
  p99: number | null
  max: number | null
}

/** The `top` most frequent values of each kind, ties by name. */
export function totalsOf(
  truth: Truth,
  { seed, from_ms, to_ms, top = 10 }: { seed: number; from_ms: number; to_ms: number; top?: number },
): DemoTotals {
  const iso = (at_ms: number) => new Date(at_ms).toISOString()
  return {
    seed,
    from: iso(from_ms),
    to: iso(to_ms),
    lines: truth.lines(),
    buckets: truth.groups().map((group) => bucketTotals(group, top)),
    incidents: truth
      .incidents()
      .map(({ from_ms, to_ms, ...incident }) => ({ ...incident, from: iso(from_ms), to: iso(to_ms) })),
  }
}

function bucketTotals(group: GroupTruth, top: number): BucketTotals {
  const { format, bucket, rows, requests, bytes_sent, bytes_received } = group
  const most = (counts: Map<string, number>) => ranked(counts).slice(0, top)
  return {
    format,
    bucket,
    rows,
    requests,
    bytes_sent,
    bytes_received,
    by_operation: Object.fromEntries(ranked(group.by_operation)),
    by_status: Object.fromEntries(ranked(group.by_status)),
    by_error_code: Object.fromEntries(ranked(group.by_error_code)),
    total_ms: timeTotals(group.total_ms),
    turnaround_ms: timeTotals(group.turnaround_ms),
    top: {
      keys: most(group.keys),
      key_prefixes: most(group.key_prefixes),
      remote_ips: most(group.remote_ips),
      requesters: most(group.requesters),
      user_agents: most(group.user_agents),
      referers: most(group.referers),
    },
  }
}

function ranked(counts: Map<string, number>): [string, number][] {
  return [...counts].toSorted(([a, more], [b, less]) => less - more || (a < b ? -1 : 1))
}

function timeTotals(samples: Samples): TimeTotals {
  const count = samples.count()
  const rank = samples.percentile
  const avg = count === 0 ? null : samples.sum() / count
  return {
    count,
    avg,
    min: rank(0),
    p50: rank(0.5),
    p90: rank(0.9),
    p95: rank(0.95),
    p99: rank(0.99),
    max: rank(1),
  }
}

/** `bun src/demo/totals.ts --seed 1 --lines 100000 --to 2026-08-28T00:00:00Z [--days 7] [--json]` prints what the plain loop counted. */
if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      lines: { type: 'string', default: '100000' },
      days: { type: 'string', default: '7' },
      to: { type: 'string', default: new Date().toISOString() },
      json: { type: 'boolean', default: false },
    },
  })
  const window = {
    seed: Number(values.seed),
    to_ms: Date.parse(values.to),
    from_ms: Date.parse(values.to) - Number(values.days) * 86_400_000,
  }
  const truth = createTruth()
  // A fill delivers everything by the end of its window.
  for (const _ of generate({ ...window, lines: Number(values.lines), deliver_by_ms: window.to_ms }, truth));
  const totals = totalsOf(truth, window)
  if (values.json) console.log(JSON.stringify(totals, null, 2))
  else printTotals(totals)
}

function printTotals({ from, to, seed, lines, buckets, incidents }: DemoTotals): void {
  console.log(`seed ${seed}, ${from} to ${to}`)
  console.table([lines])
  const times = (name: string, { avg, p50, p95, p99 }: TimeTotals) => ({
    [name]: [avg?.toFixed(2), p50, p95, p99].join(' / '),
  })
  console.table(
    buckets.map(
      ({ format, bucket, rows, requests, bytes_sent, bytes_received, total_ms, turnaround_ms }) => ({
        format,
        bucket,
        rows,
        requests,
        bytes_sent,
        bytes_received,
        ...times('total_ms avg/p50/p95/p99', total_ms),
        ...times('turnaround_ms avg/p50/p95/p99', turnaround_ms),
      }),
    ),
  )
  for (const { format, bucket, by_status, by_operation, by_error_code, top } of buckets) {
    console.log(`\n${format} ${bucket}`)
    for (const [name, counts] of Object.entries({ by_status, by_operation, by_error_code }))
      console.log(`  ${name}:`, JSON.stringify(counts))
    for (const [name, counts] of Object.entries(top))
      console.log(`  top ${name}:`, JSON.stringify(counts.slice(0, 5)))
  }
  console.log('\nPlanted incidents (at the origin)')
  console.table(
    incidents.map(({ kind, bucket, from, to, rows, requests, errors, keys, bytes_sent }) => ({
      kind,
      bucket,
      from,
      to,
      rows,
      requests,
      errors,
      keys,
      bytes_sent,
    })),
  )
}
