import type { AccessEvent } from '../../src/demo/access-event.ts'
import {
  distinct,
  floor,
  grouped,
  isError,
  isGet,
  isRead,
  isWrite,
  lastSeen,
  mean,
  percent,
  percentile,
  pick,
  requests,
  sorted,
  succeeded,
  sum,
} from './truth.ts'
import type { Asked, Truth } from './truth.ts'

const inMedia = { parameters: { bucket: 'media-assets', limit: 7 } }
const ofCdn = { parameters: { format: 'cdn' } }

type Timed = AccessEvent & { total_ms: number; turnaround_ms: number }
const timed = (asked: Asked): readonly AccessEvent[] =>
  requests(asked).filter(({ total_ms }) => total_ms !== null)
const totals = (group: readonly AccessEvent[]): number[] =>
  group.map(({ total_ms }) => total_ms ?? Number.NaN)
const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, value), 0)
const sizes = [128, 16, 1, 1 / 16].map((mib) => mib * 1024 * 1024)
const count = (group: readonly AccessEvent[], counts: (record: AccessEvent) => boolean): number =>
  group.filter(counts).length
const named =
  (...operations: string[]) =>
  ({ operation }: AccessEvent): boolean =>
    operations.includes(operation)
const isLoaded = (record: AccessEvent): boolean => isGet(record) && [200, 206].includes(record.status ?? 0)

export const traffic: Record<string, Truth> = {
  'latency-by-operation': {
    rows: (asked) =>
      sorted(
        grouped(
          timed(asked),
          (record) => pick(record, 'format', 'operation'),
          (group) => ({
            requests: group.length,
            avg_ms: mean(totals(group)),
            p50_ms: percentile(totals(group), 0.5),
            p95_ms: percentile(totals(group), 0.95),
            p99_ms: percentile(totals(group), 0.99),
            max_ms: largest(totals(group)),
          }),
        ),
        '-requests',
        'format',
        'operation',
      ),
    cases: [inMedia, ofCdn, { from_hours: 9, to_hours: 2 }],
  },
  'latency-breakdown': {
    rows: (asked) =>
      sorted(
        grouped(
          timed(asked).filter(({ turnaround_ms }) => turnaround_ms !== null),
          (record) => pick(record, 'format', 'operation'),
          (group) => {
            const times = group as readonly Timed[]
            return {
              requests: group.length,
              avg_total_ms: mean(totals(group)),
              avg_store_ms: mean(times.map(({ turnaround_ms }) => turnaround_ms)),
              avg_transfer_ms: mean(times.map(({ total_ms, turnaround_ms }) => total_ms - turnaround_ms)),
              max_store_ms: largest(times.map(({ turnaround_ms }) => turnaround_ms)),
            }
          },
        ),
        '-requests',
        'format',
        'operation',
      ),
    cases: [inMedia, ofCdn],
  },
  'latency-by-size': {
    rows: (asked) =>
      sorted(
        grouped(
          timed(asked).filter(
            (record) =>
              (isRead(record) || isWrite(record)) && succeeded(record) && record.object_size !== null,
          ),
          ({ operation, object_size }) => ({
            operation,
            size_from: sizes.find((size) => (object_size ?? 0) >= size) ?? 0,
          }),
          (group) => ({
            requests: group.length,
            p50_ms: percentile(totals(group), 0.5),
            p95_ms: percentile(totals(group), 0.95),
            max_ms: largest(totals(group)),
          }),
        ),
        'operation',
        'size_from',
      ),
    cases: [inMedia],
  },
  'bucket-requests': {
    rows: (asked) =>
      sorted(
        grouped(
          requests(asked),
          (record) => pick(record, 'format', 'bucket'),
          (group) => ({
            AllRequests: group.length,
            GetRequests: count(group, isGet),
            PutRequests: count(group, named('REST.PUT.OBJECT', 'REST.PUT.PART', 'REST.COPY.OBJECT')),
            DeleteRequests: count(group, named('REST.DELETE.OBJECT', 'REST.POST.MULTI_OBJECT_DELETE')),
            HeadRequests: count(group, named('REST.HEAD.OBJECT', 'REST.HEAD.BUCKET', 'CDN.HEAD')),
            PostRequests: count(group, named('REST.POST.UPLOADS', 'REST.POST.UPLOAD', 'REST.POST.OBJECT')),
            ListRequests: count(group, named('REST.GET.BUCKET')),
            BytesDownloaded: sum(group, 'bytes_sent'),
            BytesUploaded: sum(group, 'bytes_received'),
            Errors4xx: count(group, ({ status }) => (status ?? 0) >= 400 && (status ?? 0) < 500),
            Errors5xx: count(group, ({ status }) => (status ?? 0) >= 500),
          }),
        ),
        '-AllRequests',
        'format',
        'bucket',
      ),
    cases: [inMedia, ofCdn, { from_hours: 168 }],
  },
  'operation-shares': {
    rows: (asked) => {
      const all = requests(asked)
      return sorted(
        grouped(
          all,
          (record) => pick(record, 'format', 'operation'),
          (group) => ({
            requests: group.length,
            share: percent(
              group.length,
              count(all, ({ format }) => format === group[0]?.format),
            ),
          }),
        ),
        '-requests',
        'format',
        'operation',
      )
    },
    cases: [inMedia],
  },
  'busiest-minutes': {
    rows: (asked) =>
      sorted(
        grouped(
          requests(asked),
          (record) => ({ minute: floor(record.at_ms, 60_000), ...pick(record, 'format', 'bucket') }),
          (group) => ({
            requests: group.length,
            bytes_sent: sum(group, 'bytes_sent'),
            errors: count(group, isError),
          }),
        ),
        '-requests',
        'minute',
        'format',
        'bucket',
      ),
    cases: [inMedia, ofCdn],
  },
  'hot-objects': {
    rows: (asked) =>
      sorted(
        grouped(
          requests(asked).filter((record) => isRead(record) && record.key !== null),
          (record) => pick(record, 'format', 'bucket', 'key'),
          (group) => ({
            requests: group.length,
            bytes_sent: sum(group, 'bytes_sent'),
            clients: distinct(group, 'remote_ip'),
            last_read: lastSeen(group),
          }),
        ),
        `-${asked.parameters['order'] ?? 'requests'}`,
        'format',
        'bucket',
        'key',
      ),
    cases: [
      { parameters: { order: 'bytes_sent' } },
      { parameters: { bucket: 'static-site', limit: 1000 } },
      { parameters: { limit: 1000 } },
      { parameters: { bucket: 'media-assets', prefix: 'videos/', format: 's3' }, from_hours: 168 },
    ],
  },
  'largest-reads': {
    rows: (asked) =>
      sorted(
        grouped(
          requests(asked).filter((record) => isLoaded(record) && record.object_size !== null),
          (record) => pick(record, 'bucket', 'key'),
          (group) => ({
            object_size: largest(group.map(({ object_size }) => object_size ?? 0)),
            reads: group.length,
            bytes_sent: sum(group, 'bytes_sent'),
          }),
        ),
        '-object_size',
        'bucket',
        'key',
      ),
    cases: [{ parameters: { bucket: 'static-site' } }, { parameters: { prefix: 'photos/' } }],
  },
  'partial-reads': {
    rows: (asked) =>
      sorted(
        grouped(
          requests(asked).filter(isLoaded),
          (record) => pick(record, 'format', 'bucket'),
          (group) => {
            const partial = group.filter(({ status }) => status === 206)
            return {
              partial_reads: partial.length,
              whole_reads: group.length - partial.length,
              partial_share: percent(partial.length, group.length),
              partial_bytes: sum(partial, 'bytes_sent'),
            }
          },
        ),
        '-partial_reads',
        'format',
        'bucket',
      ),
    cases: [inMedia, ofCdn],
  },
}
