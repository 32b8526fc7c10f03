import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { SourceStatus } from '../pipeline/answers.ts'
import type { ClosedDaysStatus } from '../store/closed-days.ts'
import type { DaySummariesStatus } from '../store/day-summaries.ts'
import type { WalStatus } from '../store/wal-watch.ts'
import { deliveryLag_seconds } from './health.ts'
import type { FinishedRequest } from './request-trace.ts'

export interface Prometheus {
  contentType: string
  /**
   * The text of a scrape, of each source (`sources`) or of all together: a source's numbers are its owner's and the
   * operator's business. The event-loop delay is that since the scrape before.
   */
  text(options: { sources: boolean }): Promise<string>
  observe(request: FinishedRequest): void
  close(): void
}

export interface PrometheusOptions {
  sources: () => readonly SourceStatus[]
  walStatus: () => WalStatus
  closedDays: () => ClosedDaysStatus | null
  daySummaries: () => DaySummariesStatus | null
  now: () => number
}

type SourceNumber = (source: SourceStatus) => number | null
/** How the numbers of several sources become one. */
type Together = (numbers: number[]) => number

const sum: Together = (numbers) => numbers.reduce((total, number) => total + number, 0)
const most: Together = (numbers) => Math.max(...numbers)
const least: Together = (numbers) => Math.min(...numbers)

const counters: Record<string, [help: string, read: SourceNumber]> = {
  spacewatch_rows_total: ['Operations stored.', ({ rows }) => rows],
  spacewatch_lines_total: ['Lines of log objects read.', ({ lines }) => lines],
  spacewatch_lines_refused_total: ['Lines that no parser took.', ({ refused }) => refused],
  spacewatch_lines_blank_total: ['Blank lines and headers.', ({ blank }) => blank],
  spacewatch_lines_expired_total: ['Records older than the retention.', ({ expired }) => expired],
  spacewatch_bytes_total: ['Bytes of log objects read.', ({ bytes }) => bytes],
  spacewatch_objects_total: ['Log objects finished.', (source) => source.objects_done],
  spacewatch_objects_refused_total: [
    'Log objects that could not be read.',
    (source) => source.objects_refused,
  ],
}

function sourceGauges(
  now: () => number,
): Record<string, [help: string, read: SourceNumber, together: Together]> {
  return {
    spacewatch_backlog_objects: ['Log objects found and not yet finished.', ({ backlog }) => backlog, sum],
    spacewatch_newest_event_age_seconds: [
      'Age of the newest operation.',
      ({ newest_event_ms }) =>
        newest_event_ms === null ? null : Math.max(0, (now() - newest_event_ms) / 1000),
      least,
    ],
    spacewatch_delivery_lag_seconds: [
      'From the newest operation to the delivery of its log object.',
      (source) => deliveryLag_seconds(source.newest_event_ms, source.newest_delivery_ms),
      most,
    ],
  }
}

/** SpaceWatch's own numbers in Prometheus' text format. Labels are source ids and routes, never keys or addresses. */
export function createPrometheus({
  sources,
  walStatus,
  closedDays,
  daySummaries,
  now,
}: PrometheusOptions): Prometheus {
  const registry = new Registry()
  const registers = [registry]
  const ofEach = new Registry()
  const ofAll = new Registry()
  const numbers = (read: SourceNumber): [SourceStatus, number][] =>
    sources().flatMap((source): [SourceStatus, number][] => {
      const number = read(source)
      return number === null ? [] : [[source, number]]
    })
  for (const [name, [help, read]] of Object.entries(counters)) {
    const each = new Counter({ name, help, labelNames: ['source'], registers: [ofEach], collect: countEach })
    const all = new Counter({ name, help, registers: [ofAll], collect: countAll })
    function countEach() {
      each.reset()
      for (const [{ source }, number] of numbers(read)) each.inc({ source }, number)
    }
    function countAll() {
      all.reset()
      all.inc(sum(numbers(read).map(([, number]) => number)))
    }
  }
  for (const [name, [help, read, together]] of Object.entries(sourceGauges(now))) {
    const each = new Gauge({ name, help, labelNames: ['source'], registers: [ofEach], collect: setEach })
    const all = new Gauge({ name, help, registers: [ofAll], collect: setAll })
    function setEach() {
      each.reset()
      for (const [{ source }, number] of numbers(read)) each.set({ source }, number)
    }
    function setAll() {
      const known = numbers(read).map(([, number]) => number)
      if (known.length === 0) all.remove()
      else all.set(together(known))
    }
  }
  // It wakes the process so often: each 10 ms was a third of what it costs at rest.
  const delay = monitorEventLoopDelay({ resolution: 100 })
  delay.enable()
  const own: Record<string, [help: string, read: () => number]> = {
    spacewatch_questdb_lag_transactions: [
      'Transactions that QuestDB has accepted and not yet applied.',
      () => walStatus().lag_transactions,
    ],
    spacewatch_parquet_days: ['Days of operations that lie as Parquet.', () => closedDays()?.days ?? 0],
    spacewatch_parquet_bytes: ['What these take on the disk.', () => closedDays()?.bytes ?? 0],
    spacewatch_parquet_waiting_days: [
      'Days that are old enough to become Parquet.',
      () => closedDays()?.waiting_days ?? 0,
    ],
    spacewatch_summary_days: ['Closed days that are counted beforehand.', () => daySummaries()?.days ?? 0],
    spacewatch_summary_waiting_days: [
      'Closed days that are not, or have got rows since.',
      () => daySummaries()?.waiting_days ?? 0,
    ],
    spacewatch_resident_memory_bytes: ['Resident memory.', () => process.memoryUsage.rss()],
    spacewatch_heap_used_bytes: ['Heap in use.', () => process.memoryUsage().heapUsed],
    spacewatch_event_loop_delay_p99_seconds: ['99th percentile of the event-loop delay.', () => p99(delay)],
  }
  for (const [name, [help, read]] of Object.entries(own)) {
    const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(read()) })
  }
  const labelNames = ['method', 'route', 'status']
  const requests = new Counter({
    name: 'spacewatch_http_requests_total',
    help: 'Requests answered.',
    labelNames,
    registers,
  })
  const durations = new Histogram({
    name: 'spacewatch_http_request_duration_seconds',
    help: 'Time to answer.',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  return {
    contentType: registry.contentType,
    async text({ sources: each }) {
      return `${await registry.metrics()}${await (each ? ofEach : ofAll).metrics()}`
    },
    observe({ method, route, status, duration_ms }) {
      requests.inc({ method, route, status })
      durations.observe({ method, route }, duration_ms / 1000)
    },
    close: () => delay.disable(),
  }
}

function p99(delay: ReturnType<typeof monitorEventLoopDelay>): number {
  const seconds = delay.percentile(99) / 1e9
  delay.reset()
  // Nothing has been measured in the first moments.
  return Number.isFinite(seconds) ? seconds : 0
}
