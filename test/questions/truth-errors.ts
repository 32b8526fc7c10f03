import {
  distinct,
  failed,
  firstSeen,
  floor,
  grouped,
  isError,
  isWrite,
  lastSeen,
  percent,
  pick,
  requests,
  sorted,
} from './truth.ts'
import type { Row, Truth } from './truth.ts'

const inUploads = { parameters: { bucket: 'app-uploads' } }
const ofCdn = { parameters: { bucket: 'media-assets', format: 'cdn' } }
const day_ms = 86_400_000

export const errors: Record<string, Truth> = {
  'frequent-errors': {
    rows: (asked) =>
      sorted(
        grouped(
          failed(asked),
          (record) => pick(record, 'format', 'status', 'error_code', 'operation'),
          (group) => ({
            errors: group.length,
            clients: distinct(group, 'remote_ip'),
            last_seen: lastSeen(group),
          }),
        ),
        '-errors',
        'format',
        'status',
        'error_code',
        'operation',
      ),
    cases: [inUploads, ofCdn],
  },
  'server-errors': {
    rows: (asked) =>
      sorted(
        failed(asked)
          .filter(({ status }) => (status ?? 0) >= 500)
          .map((record) => ({
            ...pick(record, 'ts', 'format', 'bucket', 'operation', 'key', 'status', 'error_code', 'total_ms'),
            ...pick(record, 'remote_ip', 'requester', 'request_id'),
          })),
        '-ts',
        'format',
        'bucket',
        'request_id',
      ),
    cases: [
      { parameters: { bucket: 'app-uploads' }, from_hours: 168 },
      { parameters: { requester: 'arn:aws:iam::104220117733:user/app-server' }, from_hours: 168 },
    ],
  },
  'error-rate-by-hour': {
    rows: (asked) => {
      const hours = grouped(
        requests(asked),
        (record) => ({ hour: floor(record.at_ms, 3_600_000), format: record.format }),
        (group) => ({ requests: group.length, errors: group.filter(isError).length }),
      )
      const rate = (row: Row | undefined) =>
        row ? percent(Number(row['errors']), Number(row['requests'])) : null
      const compared = hours.map((row) => {
        const before = floor(Date.parse(String(row['hour'])) - day_ms, 1)
        const other = hours.find(({ hour, format }) => hour === before && format === row['format'])
        return {
          ...row,
          error_rate: rate(row),
          requests_day_before: other?.['requests'] ?? null,
          error_rate_day_before: rate(other),
        }
      })
      return sorted(compared, '-hour', 'format')
    },
    cases: [inUploads, ofCdn],
  },
  'error-bursts': {
    rows: (asked) =>
      sorted(
        grouped(
          failed(asked),
          (record) => ({
            minute: floor(record.at_ms, 60_000),
            ...pick(record, 'format', 'bucket', 'status'),
          }),
          (group) => ({ errors: group.length, clients: distinct(group, 'remote_ip') }),
        ),
        '-errors',
        'minute',
        'format',
        'bucket',
        'status',
      ),
    cases: [{ parameters: { bucket: 'db-backups' } }, ofCdn],
  },
  scans: {
    rows: (asked) => {
      const { keys = 10, status } = asked.parameters
      const probing = failed(asked).filter(
        (record) =>
          record.remote_ip !== null &&
          [403, 404].includes(record.status ?? 0) &&
          (status === undefined || record.status === Number(status)),
      )
      const clients = grouped(
        probing,
        (record) => pick(record, 'format', 'bucket', 'remote_ip', 'status'),
        (group) => ({
          requests: group.length,
          keys: distinct(group, 'key'),
          first_seen: firstSeen(group),
          last_seen: lastSeen(group),
        }),
      )
      const many = clients.filter((row) => Number(row['keys']) >= Number(keys))
      return sorted(many, '-requests', 'format', 'bucket', 'remote_ip', 'status')
    },
    cases: [
      { parameters: { status: '403' } },
      { parameters: { format: 'cdn', keys: 2 } },
      { parameters: { status: 404, keys: 5, bucket: 'media-assets', format: 's3' } },
    ],
  },
  'missing-objects': {
    rows: (asked) =>
      sorted(
        grouped(
          failed(asked).filter(({ status, key }) => status === 404 && key !== null),
          (record) => pick(record, 'format', 'bucket', 'key'),
          (group) => ({
            requests: group.length,
            clients: distinct(group, 'remote_ip'),
            last_seen: lastSeen(group),
          }),
        ),
        '-requests',
        'format',
        'bucket',
        'key',
      ),
    cases: [inUploads, ofCdn],
  },
  'failed-uploads': {
    rows: (asked) =>
      sorted(
        grouped(
          failed(asked).filter(isWrite),
          (record) => pick(record, 'bucket', 'requester', 'operation', 'status', 'error_code'),
          (group) => ({ uploads: group.length, last_seen: lastSeen(group) }),
        ),
        '-uploads',
        'bucket',
        'requester',
        'operation',
        'status',
        'error_code',
      ),
    cases: [inUploads, { parameters: { requester: 'arn:aws:iam::104220117733:user/app-server' } }],
  },
  'throttled-seconds': {
    rows: (asked) =>
      sorted(
        grouped(
          failed(asked).filter(({ status }) => status === 503),
          (record) => ({
            second: floor(record.at_ms, 1000),
            ...pick(record, 'format', 'bucket', 'remote_ip'),
          }),
          (group) => ({ throttled: group.length }),
        ),
        '-throttled',
        'second',
        'format',
        'bucket',
        'remote_ip',
      ),
    cases: [{ parameters: { bucket: 'media-assets', limit: 1000 } }],
  },
}
