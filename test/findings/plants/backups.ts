import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

const dump = (prefix: string, day: number, size: number) =>
  request({
    at_ms: at(day, 1) + 300_000,
    bucket: 'dumps',
    operation: 'REST.PUT.OBJECT',
    key: `${prefix}/${day}.sql.gz`,
    object_size: size,
    requester: 'arn:aws:iam::104220117733:user/cron',
    user_agent: 's3cmd/2.4.0',
  })
const days = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n)

export const backupPlants: readonly Plant[] = [
  {
    what: 'the job that dumps one database ends, and the dump of another is nearly empty once',
    operations: [
      ...days(14, 24).map((day) => dump('mysql', day, 90_000_000 + day * 100_000)),
      ...days(14, 30).map((day) => dump('wiki', day, day === 27 ? 12_000 : 40_000_000 + day * 100_000)),
    ],
    findings: [
      { detector: 'missed-backup', subject: { bucket: 'dumps', prefix: 'mysql' }, first_seen_ms: at(24, 0) },
      { detector: 'missed-backup', subject: { bucket: 'dumps', prefix: 'wiki' }, first_seen_ms: at(27, 0) },
    ],
  },
]
