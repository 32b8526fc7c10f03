import type { Operation } from '../../src/logs/record.ts'
import { request } from './request.ts'

const hour_ms = 3_600_000
const arn = 'arn:aws:iam::104220117733:user'
const deploy = {
  requester: `${arn}/deploy`,
  user_agent: 'aws-cli/2.27.49 md/command#s3.sync',
  remote_ip: '198.18.2.8',
}
const analyst = { requester: `${arn}/m.lee@example.com`, user_agent: 'Boto3/1.39.4', remote_ip: '198.18.3.3' }
const indexer = { requester: `${arn}/indexer`, user_agent: 'Boto3/1.39.4', remote_ip: '198.18.4.4' }
const backup = {
  requester: 'arn:aws:sts::104220117733:assumed-role/backup-runner/i-0f5d2c9be8a3b7741',
  user_agent: 'rclone/v1.70.2',
  remote_ip: '198.18.1.4',
}
const missing = { status: 404, error_code: 'NoSuchKey', bytes_sent: 300, object_size: null }

const times = (count: number, of: (n: number) => Operation | Operation[]): Operation[] =>
  Array.from({ length: count }, (_, n) => of(n)).flat()

/** What looks like an incident and is work: an indexer each night, and on single days what people and their tools do. */
export function quietEvents(day_ms: number, number: number): Operation[] {
  const nightly = times(300, (n) => {
    const at_ms = day_ms + 5 * hour_ms + n * 3000
    return request({ ...indexer, at_ms, bucket: 'uploads', key: `index/${n}.bin`, object_size: 200_000 })
  })
  return [
    ...nightly,
    ...publicToo(day_ms, number),
    ...strayBot(day_ms, number),
    ...(single[number]?.(day_ms) ?? []),
  ]
}

/** The app reads some public photos with its key, as visitors do without one; a new prefix is public from its first day on. */
function publicToo(day_ms: number, number: number): Operation[] {
  const at = (n: number): number => day_ms + 8 * hour_ms + n * 60_000
  const signed = times(5, (n) => request({ at_ms: at(n), bucket: 'media', key: `public/photo-${n}.jpg` }))
  const press = times(number >= 20 ? 10 : 0, (n) =>
    request({
      at_ms: at(n),
      bucket: 'media',
      key: `press/${n}.pdf`,
      requester: null,
      remote_ip: `198.19.7.${n + 1}`,
    }),
  )
  return [...signed, ...press]
}

/** Asks for what it finds on many servers, once each. */
function strayBot(day_ms: number, number: number): Operation[] {
  return times(4, (n) =>
    request({
      at_ms: day_ms + 7 * hour_ms + n * 1000,
      bucket: 'site',
      key: `.well-known/${number}-${n}`,
      requester: null,
      remote_ip: '198.19.251.2',
      user_agent: 'Mozilla/5.0 (compatible; LinkCheck/1.0)',
      ...missing,
    }),
  )
}

/** By the day of the month. */
const single: Readonly<Record<number, (day_ms: number) => Operation[]>> = {
  // A restore is tried out: one large object.
  10: (day) => [
    request({
      ...backup,
      at_ms: day + 9 * hour_ms,
      bucket: 'backups',
      key: 'postgres/daily/x',
      object_size: 40_000_000_000,
    }),
  ],
  // Editors change documents.
  11: (day) =>
    times(40, (n) => {
      const document = { ...analyst, bucket: 'uploads', key: `drafts/${n}.docx` }
      const at_ms = day + 10 * hour_ms + n * 60_000
      const written = { operation: 'REST.PUT.OBJECT', object_size: 100_500 }
      return [request({ ...document, at_ms }), request({ ...document, at_ms: at_ms + 30_000, ...written })]
    }),
  // A large release is uploaded, and its manifest read and written.
  12: (day) => [
    request({ ...deploy, at_ms: day + 11 * hour_ms, bucket: 'site', key: 'v2/0.js' }),
    ...times(220, (n) =>
      request({
        ...deploy,
        at_ms: day + 11 * hour_ms + n * 1000,
        bucket: 'site',
        operation: 'REST.PUT.OBJECT',
        key: `v2/${n}.js`,
      }),
    ),
  ],
  // A tool looks whether its objects are there before it writes them.
  13: (day) =>
    times(130, (n) => {
      const mine = { ...backup, bucket: 'backups', key: `files/sync/${n}` }
      const at_ms = day + 6 * hour_ms + n * 4000
      return [
        request({ ...mine, at_ms, operation: 'REST.HEAD.OBJECT', ...missing }),
        request({ ...mine, at_ms: at_ms + 1000, operation: 'REST.PUT.OBJECT' }),
      ]
    }),
  // Somebody clears drafts away by hand.
  15: (day) =>
    times(90, (n) =>
      request({
        ...analyst,
        at_ms: day + 10 * hour_ms + n * 20_000,
        bucket: 'uploads',
        operation: 'REST.DELETE.OBJECT',
        key: `drafts/${n}.docx`,
      }),
    ),
}
