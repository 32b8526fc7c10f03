import type { AccessEvent } from '../../src/demo/access-event.ts'
import {
  chosen,
  distinct,
  grouped,
  isGet,
  isUpload,
  lastSeen,
  moment,
  pick,
  prefixOf,
  requests,
  sorted,
  succeeded,
  sum,
} from './truth.ts'
import type { Asked, Truth } from './truth.ts'

const inMedia = { parameters: { bucket: 'media-assets' } }
const ofCdn = { parameters: { format: 'cdn', price_per_gib: 0.085 } }

const egress = (asked: Asked): readonly AccessEvent[] =>
  chosen(asked).filter(({ bytes_sent }) => bytes_sent > 0)
const billed = (asked: Asked) => (group: readonly AccessEvent[]) => ({
  answers: group.length,
  bytes_sent: sum(group, 'bytes_sent'),
  cost: (sum(group, 'bytes_sent') / 1024 ** 3) * Number(asked.parameters['price_per_gib'] ?? 0.01),
})
const isRead = (record: AccessEvent): boolean =>
  isGet(record) && record.status !== null && record.status < 400

export const costs: Record<string, Truth> = {
  'egress-by-client': {
    rows: (asked) =>
      sorted(
        grouped(
          requests(asked).filter(({ remote_ip }) => remote_ip !== null),
          (record) => pick(record, 'format', 'remote_ip'),
          (group) => ({
            requests: group.length,
            bytes_sent: sum(group, 'bytes_sent'),
            cost: billed(asked)(group).cost,
          }),
        ).filter(({ bytes_sent }) => Number(bytes_sent) > 0),
        '-bytes_sent',
        'format',
        'remote_ip',
      ),
    cases: [inMedia, ofCdn],
  },
  'egress-by-prefix': {
    rows: (asked) =>
      sorted(
        grouped(
          egress(asked),
          (record) => ({ ...pick(record, 'format', 'bucket'), key_prefix: prefixOf(record) }),
          billed(asked),
        ),
        '-bytes_sent',
        'format',
        'bucket',
        'key_prefix',
      ),
    cases: [inMedia, ofCdn],
  },
  'bytes-by-requester': {
    rows: (asked) =>
      sorted(
        grouped(
          requests(asked).filter(({ format }) => format === 's3'),
          (record) => pick(record, 'requester'),
          (group) => ({
            requests: group.length,
            bytes_sent: sum(group, 'bytes_sent'),
            bytes_received: sum(group, 'bytes_received'),
          }),
        ),
        '-bytes_sent',
        'requester',
      ),
    cases: [inMedia, { parameters: { requester: 'arn:aws:iam::104220117733:user/deploy' } }],
  },
  hotlinks: {
    rows: (asked) =>
      sorted(
        grouped(
          requests(asked).filter(({ referer }) => referer !== null),
          (record) => ({ ...pick(record, 'format', 'bucket'), site: record.referer?.split('/')[2] ?? null }),
          (group) => ({
            requests: group.length,
            bytes_sent: sum(group, 'bytes_sent'),
            objects: distinct(group, 'key'),
            clients: distinct(group, 'remote_ip'),
          }),
        ),
        '-bytes_sent',
        'format',
        'bucket',
        'site',
      ),
    cases: [{ parameters: { bucket: 'static-site', format: 'cdn' } }],
  },
  crawlers: {
    rows: (asked) =>
      sorted(
        grouped(
          requests(asked).filter(({ user_agent }) => user_agent?.includes('ExampleBot/') === true),
          (record) => pick(record, 'format', 'user_agent'),
          (group) => ({
            requests: group.length,
            bytes_sent: sum(group, 'bytes_sent'),
            clients: distinct(group, 'remote_ip'),
          }),
        ),
        '-bytes_sent',
        'format',
        'user_agent',
      ),
    cases: [{ parameters: { bucket: 'static-site', format: 'cdn' } }],
  },
  'cold-objects': {
    rows: (asked) => {
      const days = Number(asked.parameters['days'] ?? 3)
      const before = moment(asked.to_ms - days * 86_400_000)
      const objects = grouped(
        requests(asked).filter((record) => isRead(record) && record.key !== null),
        (record) => pick(record, 'bucket', 'key'),
        (group) => ({
          last_read: lastSeen(group),
          reads: group.length,
          bytes_read: sum(group, 'bytes_sent'),
        }),
      )
      const cold = objects.filter(({ last_read }) => String(last_read) < before)
      return sorted(cold, 'last_read', 'bucket', 'key')
    },
    cases: [
      { parameters: { bucket: 'static-site' } },
      { parameters: { days: 5, bucket: 'media-assets', prefix: 'videos/' } },
    ],
  },
  'never-read-prefixes': {
    rows: (asked) => {
      const place = (record: AccessEvent) => ({ ...pick(record, 'bucket'), key_prefix: prefixOf(record) })
      const read = new Set(
        requests(asked)
          .filter(isRead)
          .map((record) => JSON.stringify(place(record))),
      )
      const unread = requests(asked).filter(
        (record) => prefixOf(record) !== null && !read.has(JSON.stringify(place(record))),
      )
      const prefixes = grouped(unread, place, (group) => {
        const uploads = group.filter((record) => isUpload(record) && succeeded(record))
        return {
          uploads: uploads.length,
          bytes_received: sum(group, 'bytes_received'),
          last_upload: uploads.length === 0 ? null : lastSeen(uploads),
        }
      })
      const uploaded = prefixes.filter(({ uploads }) => Number(uploads) > 0)
      return sorted(uploaded, '-bytes_received', 'bucket', 'key_prefix')
    },
    cases: [{ from_hours: 3 }, { from_hours: 8, to_hours: 6, parameters: { bucket: 'db-backups' } }],
  },
}
