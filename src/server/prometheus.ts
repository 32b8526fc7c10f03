import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { SourceStatus } from '../pipeline/status.ts'
import type { WalStatus } from '../store/wal-watch.ts'
import { deliveryLag_seconds } from './health.ts'
import type { FinishedRequest } from './request-trace.ts'

export interface Prometheus {
  contentType: string
  /** The text of a scrape; the event-loop delay is that since the scrape before. */
  text(): Promise<string>
  observe(request: FinishedRequest): void
  close(): void
}

export interface PrometheusOptions {
  sources: () => readonly SourceStatus[]
  walStatus: () => WalStatus
  now: () => number
}

type SourceNumber = (source: SourceStatus) => number | null

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

function sourceGauges(now: () => number): Record<string, [help: string, read: SourceNumber]> {
  return {
    spacewatch_backlog_objects: ['Log objects found and not yet finished.', ({ backlog }) => backlog],
    spacewatch_newest_event_age_seconds: [
      'Age of the newest operation.',
      ({ newest_event_ms }) => (newest_event_ms === null ? null : (now() - newest_event_ms) / 1000),
    ],
    spacewatch_delivery_lag_seconds: [
      'From the newest operation to the delivery of its log object.',
      (source) => deliveryLag_seconds(source.newest_event_ms, source.newest_delivery_ms),
    ],
  }
}

/** SpaceWatch's own numbers in Prometheus' text format. Labels are source ids and routes, never keys or addresses. */
export function createPrometheus({ sources, walStatus, now }: PrometheusOptions): Prometheus {
  const registry = new Registry()
  const registers = [registry]
  for (const [name, [help, read]] of Object.entries(counters)) {
    const counter = new Counter({ name, help, labelNames: ['source'], registers, collect })
    function collect() {
      counter.reset()
      for (const source of sources()) counter.inc({ source: source.source }, read(source) ?? 0)
    }
  }
  for (const [name, [help, read]] of Object.entries(sourceGauges(now))) {
    const gauge = new Gauge({ name, help, labelNames: ['source'], registers, collect })
    function collect() {
      gauge.reset()
      for (const source of sources()) {
        const value = read(source)
        if (value !== null) gauge.set({ source: source.source }, value)
      }
    }
  }
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const own: Record<string, [help: string, read: () => number]> = {
    spacewatch_questdb_lag_transactions: [
      'Transactions that QuestDB has accepted and not yet applied.',
      () => walStatus().lag_transactions,
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
    text: () => registry.metrics(),
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
