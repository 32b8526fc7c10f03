import type { AccessEvent } from '../../src/demo/access-event.ts'
import type { DemoLogObject } from './demo-data.ts'
import {
  distinct,
  floor,
  grouped,
  moment,
  percent,
  percentile,
  pick,
  requests,
  sorted,
  sum,
} from './truth.ts'
import type { Asked, Truth } from './truth.ts'

const inMedia = { parameters: { bucket: 'media-assets' } }
const ofCdn = (asked: Asked): readonly AccessEvent[] =>
  requests(asked).filter(({ format }) => format === 'cdn')

function cached(group: readonly AccessEvent[]) {
  const hits = group.filter(({ cache_result }) => cache_result?.endsWith('Hit')).length
  const misses = group.filter(({ cache_result }) => cache_result === 'Miss').length
  const ratio = { requests: group.length, hits, misses, hit_ratio: percent(hits, hits + misses) }
  return { ...ratio, bytes_sent: sum(group, 'bytes_sent') }
}

const lag_seconds = ({ delivered_ms, newest_ms }: DemoLogObject): number =>
  Math.floor((delivered_ms - (newest_ms ?? Number.NaN)) / 1000)

// The generator cuts lines, joins two, breaks dates and writes what is no log at all.
function reasonOf(line: string): string {
  if (line.startsWith('<Error>') || line.startsWith('\u0000')) return 'unknown format'
  if (line.includes('/Foo/') || line.includes('2026-13-45')) return 'bad time'
  if (line.includes('\t')) return 'not as many columns as #Fields'
  return line.split(' [').length > 2 ? 'torn line' : 'bad head'
}

export const delivery: Record<string, Truth> = {
  'cdn-hit-ratio': {
    rows: (asked) =>
      sorted(
        grouped(ofCdn(asked), (record) => pick(record, 'bucket'), cached),
        '-requests',
        'bucket',
      ),
    cases: [inMedia],
  },
  'cdn-edges': {
    rows: (asked) =>
      sorted(
        grouped(
          ofCdn(asked),
          (record) => pick(record, 'edge_location'),
          (group) => ({ ...cached(group), clients: distinct(group, 'remote_ip') }),
        ),
        '-requests',
        'edge_location',
      ),
    cases: [inMedia],
  },
  'storage-growth': {
    rows({ snapshots, parameters }) {
      const whole = snapshots.filter(
        ({ bucket, truncated }) => !truncated && (parameters['bucket'] ?? bucket) === bucket,
      )
      const rows = [...Map.groupBy(whole, ({ bucket }) => bucket)].map(([bucket, all]) => {
        const inOrder = all.toSorted((a, b) => a.at_ms - b.at_ms)
        const [first, last] = [inOrder[0], inOrder.at(-1)]
        if (!first || !last) throw new Error('a group has snapshots')
        return {
          bucket,
          first_snapshot: moment(first.at_ms),
          last_snapshot: moment(last.at_ms),
          objects: last.objects,
          more_objects: last.objects - first.objects,
          bytes: last.bytes,
          more_bytes: last.bytes - first.bytes,
          incomplete_upload_bytes: last.incomplete_upload_bytes,
        }
      })
      return sorted(rows, '-more_bytes', 'bucket')
    },
    cases: [inMedia, { from_hours: 96, to_hours: 40 }],
  },
  'delivery-lag': {
    rows({ logObjects }) {
      const measured = logObjects.filter(
        ({ newest_ms, delivered_ms }) => newest_ms !== null && newest_ms <= delivered_ms,
      )
      const days = Map.groupBy(measured, ({ delivered_ms }) => floor(delivered_ms, 86_400_000))
      const rows = [...days].map(([day, objects]) => ({
        day,
        log_objects: objects.length,
        records: objects.reduce((total, { records }) => total + records, 0),
        p50_seconds: percentile(objects.map(lag_seconds), 0.5),
        p95_seconds: percentile(objects.map(lag_seconds), 0.95),
        max_seconds: Math.max(...objects.map(lag_seconds)),
      }))
      return sorted(rows, '-day')
    },
    cases: [{ parameters: { limit: 3 }, from_hours: 100 }],
  },
  'refused-lines': {
    rows({ logObjects }) {
      const lines = logObjects.flatMap(({ key, delivered_ms, noise }) =>
        noise.map((line) => ({ reason: reasonOf(line), key, delivered_ms })),
      )
      const rows = [...Map.groupBy(lines, ({ reason }) => reason)].map(([reason, all]) => ({
        reason,
        lines: all.length,
        log_objects: new Set(all.map(({ key }) => key)).size,
        last_seen: moment(Math.max(...all.map(({ delivered_ms }) => delivered_ms))),
      }))
      return sorted(rows, '-lines', 'reason')
    },
    cases: [{ from_hours: 120 }],
  },
}
