import type { AccessEvent } from '../../src/demo/access-event.ts'
import { distinct, grouped, lastSeen, percent, pick, requests, sorted, sum } from './truth.ts'
import type { Asked, Truth } from './truth.ts'

const inMedia = { parameters: { bucket: 'media-assets' } }
const ofCdn = { parameters: { format: 'cdn' } }
const atOrigin = (asked: Asked): readonly AccessEvent[] =>
  requests(asked).filter(({ format }) => format === 's3')
const isIPv6 = ({ remote_ip }: AccessEvent): boolean => remote_ip?.includes(':') === true

export const security: Record<string, Truth> = {
  'anonymous-requests': {
    rows: (asked) =>
      sorted(
        grouped(
          atOrigin(asked).filter(({ requester }) => requester === null),
          (record) => pick(record, 'bucket', 'operation'),
          (group) => ({
            requests: group.length,
            refused: group.filter(({ status }) => status === 403).length,
            clients: distinct(group, 'remote_ip'),
            bytes_sent: sum(group, 'bytes_sent'),
          }),
        ),
        '-requests',
        'bucket',
        'operation',
      ),
    cases: [inMedia],
  },
  'old-signatures': {
    rows: (asked) =>
      sorted(
        grouped(
          requests(asked).filter(({ signature_version }) => signature_version === 'SigV2'),
          (record) => pick(record, 'requester', 'remote_ip', 'user_agent'),
          (group) => ({ requests: group.length, last_seen: lastSeen(group) }),
        ),
        '-requests',
        'requester',
        'remote_ip',
        'user_agent',
      ),
    cases: [inMedia],
  },
  'old-tls': {
    rows: (asked) =>
      sorted(
        grouped(
          requests(asked).filter(
            ({ tls_version }) => tls_version === null || /^(ssl|tlsv1(\.[01])?$)/i.test(tls_version),
          ),
          (record) => pick(record, 'format', 'tls_version', 'user_agent'),
          (group) => ({
            requests: group.length,
            clients: distinct(group, 'remote_ip'),
            last_seen: lastSeen(group),
          }),
        ),
        '-requests',
        'format',
        'tls_version',
        'user_agent',
      ),
    cases: [inMedia, ofCdn],
  },
  'auth-types': {
    rows: (asked) =>
      sorted(
        grouped(
          atOrigin(asked),
          (record) => pick(record, 'bucket', 'auth_type'),
          (group) => ({
            requests: group.length,
            clients: distinct(group, 'remote_ip'),
            bytes_sent: sum(group, 'bytes_sent'),
            bytes_received: sum(group, 'bytes_received'),
          }),
        ),
        '-requests',
        'bucket',
        'auth_type',
      ),
    cases: [{ parameters: { bucket: 'app-uploads' } }],
  },
  'host-styles': {
    rows: (asked) =>
      sorted(
        grouped(
          atOrigin(asked).filter(({ host }) => host !== null),
          ({ bucket, host }) => ({
            bucket: bucket.name,
            style: host?.startsWith(bucket.name)
              ? 'virtual'
              : host === 'sgp1.digitaloceanspaces.com'
                ? 'path'
                : 'custom',
          }),
          (group) => ({ requests: group.length, clients: distinct(group, 'remote_ip') }),
        ),
        '-requests',
        'bucket',
        'style',
      ),
    cases: [{ parameters: { bucket: 'static-site' } }],
  },
  'ipv6-share': {
    rows: (asked) =>
      sorted(
        grouped(
          requests(asked).filter(({ remote_ip }) => remote_ip !== null),
          (record) => pick(record, 'format', 'bucket'),
          (group) => ({
            requests: group.length,
            ipv6_requests: group.filter(isIPv6).length,
            ipv6_share: percent(group.filter(isIPv6).length, group.length),
            clients: distinct(group, 'remote_ip'),
            ipv6_clients: distinct(group.filter(isIPv6), 'remote_ip'),
          }),
        ),
        '-requests',
        'format',
        'bucket',
      ),
    cases: [inMedia, ofCdn],
  },
}
