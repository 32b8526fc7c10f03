import {
  chosen,
  failed,
  firstSeen,
  grouped,
  isDelete,
  isError,
  isUpload,
  lastSeen,
  moment,
  pick,
  requests,
  sorted,
  succeeded,
  sum,
} from './truth.ts'
import type { Truth } from './truth.ts'

const changes = new Set(['REST.PUT.LIFECYCLE', 'REST.PUT.BUCKETPOLICY'])

const inUploads = { parameters: { bucket: 'app-uploads', limit: 5 } }
const byDeploy = { parameters: { requester: 'arn:aws:iam::104220117733:user/deploy' } }

export const whoDidWhat: Record<string, Truth> = {
  'deleted-objects': {
    rows: (asked) =>
      sorted(
        chosen(asked)
          .filter((record) => isDelete(record) && record.key !== null && succeeded(record))
          .map((record) =>
            pick(record, 'ts', 'bucket', 'key', 'requester', 'remote_ip', 'operation', 'request_id'),
          ),
        '-ts',
        'bucket',
        'key',
        'request_id',
      ),
    cases: [
      { parameters: { bucket: 'media-assets' } },
      { parameters: { bucket: 'media-assets', prefix: 'photos/' } },
      { parameters: { key: 'users/290/6865ced231.docx', limit: 1000 } },
      { ...byDeploy, from_hours: 100, to_hours: 20 },
      { parameters: { prefix: 'exports/', limit: 1000 } },
    ],
  },
  'object-history': {
    rows: (asked) =>
      sorted(
        chosen(asked)
          .filter(({ key }) => key !== null)
          .map((record) => ({
            ...pick(
              record,
              'ts',
              'format',
              'bucket',
              'key',
              'operation',
              'is_request',
              'status',
              'requester',
            ),
            ...pick(record, 'remote_ip', 'bytes_sent', 'bytes_received', 'request_id'),
          })),
        '-ts',
        'bucket',
        'key',
        'operation',
        'request_id',
      ),
    cases: [
      { parameters: { key: 'users/99/line\nbreak\tand tab.txt' } },
      { parameters: { key: "users/7/it's *important*!(final)~v2.docx", bucket: 'app-uploads' } },
      { parameters: { key: 'logo.png', bucket: 'media-assets', limit: 1000 } },
      { parameters: { bucket: 'db-backups' } },
    ],
  },
  'object-uploads': {
    rows: (asked) =>
      sorted(
        requests(asked)
          .filter((record) => isUpload(record) && succeeded(record))
          .map((record) => ({
            ...pick(record, 'ts', 'bucket', 'key', 'object_size', 'requester', 'remote_ip'),
            ...pick(record, 'operation', 'request_id'),
          })),
        '-ts',
        'bucket',
        'key',
        'request_id',
      ),
    cases: [
      inUploads,
      byDeploy,
      { parameters: { key: 'index.html', bucket: 'static-site' } },
      { parameters: { prefix: 'postgres/daily/2026-01' } },
    ],
  },
  'requester-operations': {
    rows: (asked) =>
      sorted(
        grouped(
          requests(asked).filter(({ requester }) => requester !== null),
          (record) => pick(record, 'requester', 'bucket', 'operation'),
          (group) => ({
            requests: group.length,
            errors: group.filter(isError).length,
            bytes_sent: sum(group, 'bytes_sent'),
            bytes_received: sum(group, 'bytes_received'),
            first_seen: firstSeen(group),
            last_seen: lastSeen(group),
          }),
        ),
        '-requests',
        'requester',
        'bucket',
        'operation',
      ),
    cases: [byDeploy, inUploads],
  },
  'client-operations': {
    rows: (asked) =>
      sorted(
        grouped(
          requests(asked).filter(({ remote_ip }) => remote_ip !== null),
          (record) => pick(record, 'format', 'remote_ip', 'bucket', 'operation', 'status'),
          (group) => ({
            requests: group.length,
            bytes_sent: sum(group, 'bytes_sent'),
            first_seen: firstSeen(group),
            last_seen: lastSeen(group),
          }),
        ),
        '-requests',
        'format',
        'remote_ip',
        'bucket',
        'operation',
        'status',
      ),
    cases: [
      { parameters: { ip: '203.0.113.24' } },
      { parameters: { bucket: 'app-uploads', limit: 1000 } },
      { parameters: { bucket: 'media-assets', format: 'cdn' } },
    ],
  },
  'config-changes': {
    rows: (asked) =>
      sorted(
        requests(asked)
          .filter(({ operation }) => changes.has(operation))
          .map((record) => ({
            ...pick(record, 'ts', 'bucket', 'operation', 'key', 'status', 'requester', 'remote_ip'),
            ...pick(record, 'user_agent', 'request_id'),
          })),
        '-ts',
        'bucket',
        'operation',
        'request_id',
      ),
    cases: [{ parameters: { bucket: 'db-backups' } }, byDeploy],
  },
  'deletes-by-requester': {
    rows: (asked) =>
      sorted(
        grouped(
          chosen(asked).filter(isDelete),
          (record) => pick(record, 'requester', 'bucket'),
          (group) => {
            const gone = group.filter((record) => record.key !== null && succeeded(record))
            return {
              objects_deleted: gone.length,
              of_these_in_batches: gone.filter(({ operation }) => operation.startsWith('BATCH.')).length,
              delete_requests: group.filter(({ is_request }) => is_request).length,
              first_seen: firstSeen(group),
              last_seen: lastSeen(group),
            }
          },
        ),
        '-objects_deleted',
        'requester',
        'bucket',
      ),
    cases: [{ parameters: { bucket: 'media-assets' } }],
  },
  'batch-deletes': {
    rows: (asked) =>
      sorted(
        grouped(
          chosen(asked).filter(({ operation }) => operation === 'BATCH.DELETE.OBJECT'),
          (record) => pick(record, 'bucket', 'requester', 'remote_ip', 'request_id'),
          (group) => ({ ts: firstSeen(group), objects: group.length }),
        ),
        '-objects',
        'ts',
        'bucket',
        'request_id',
      ),
    cases: [{ parameters: { bucket: 'media-assets' } }, byDeploy],
  },
  copies: {
    rows: (asked) =>
      sorted(
        requests(asked)
          .filter(({ operation }) => operation === 'REST.COPY.OBJECT')
          .map((record) => ({
            ...pick(record, 'ts', 'bucket', 'key', 'object_size', 'status', 'requester', 'remote_ip'),
            ...pick(record, 'request_id'),
          })),
        '-ts',
        'bucket',
        'key',
        'request_id',
      ),
    cases: [{ parameters: { bucket: 'media-assets' } }, { parameters: { prefix: 'copies/videos/' } }],
  },
  'lifecycle-actions': {
    rows: (asked) =>
      sorted(
        grouped(
          chosen(asked).filter(({ operation }) => operation.startsWith('S3.')),
          (record) => pick(record, 'bucket', 'operation'),
          (group) => ({
            actions: group.length,
            bytes: sum(group, 'object_size'),
            first_seen: firstSeen(group),
            last_seen: lastSeen(group),
          }),
        ),
        '-actions',
        'bucket',
        'operation',
      ),
    cases: [{ parameters: { bucket: 'db-backups' } }],
  },
  'new-clients': {
    rows: (asked) => {
      const hours = Number(asked.parameters['hours'] ?? 24)
      const since = moment(asked.to_ms - hours * 3_600_000)
      const failures = new Set(failed(asked))
      const clients = grouped(
        requests(asked).filter(({ remote_ip }) => remote_ip !== null),
        (record) => pick(record, 'format', 'bucket', 'remote_ip'),
        (group) => ({
          requests: group.length,
          errors: group.filter((record) => failures.has(record)).length,
          bytes_sent: sum(group, 'bytes_sent'),
          first_seen: firstSeen(group),
        }),
      )
      const fresh = clients.filter(({ first_seen }) => String(first_seen) >= since)
      return sorted(fresh, '-requests', 'format', 'bucket', 'remote_ip')
    },
    cases: [
      { parameters: { hours: 3, bucket: 'media-assets', format: 's3' } },
      { parameters: { format: 'cdn' } },
    ],
  },
}
