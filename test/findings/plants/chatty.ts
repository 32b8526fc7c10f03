import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

export const chattyPlants: readonly Plant[] = [
  {
    what: 'a program asks for each tile with HEAD before it fetches it',
    operations: Array.from({ length: 1_200 }, (_, n) => n).flatMap((n) => {
      const mine = {
        bucket: 'tiles',
        key: `z12/${n}.png`,
        object_size: 9_000,
        remote_ip: '198.18.8.8',
        user_agent: 'Boto3/1.39.4',
      }
      const at_ms = at(17, 6) + n * 20_000
      return [
        request({ ...mine, at_ms, operation: 'REST.HEAD.OBJECT' }),
        request({ ...mine, at_ms: at_ms + 1_000 }),
      ]
    }),
    findings: [
      {
        detector: 'head-before-get',
        subject: { bucket: 'tiles', remote_ip: '198.18.8.8' },
        first_seen_ms: at(17, 6),
      },
    ],
  },
  {
    what: 'a folder watcher lists a bucket all day',
    operations: Array.from({ length: 1_500 }, (_, n) => n).flatMap((n) => {
      const mine = { bucket: 'inbox', remote_ip: '198.18.8.9', user_agent: 'rclone/v1.70.2' }
      const at_ms = at(17, 1) + n * 50_000
      const listing = request({ ...mine, at_ms, operation: 'REST.GET.BUCKET', bytes_sent: 4_000 })
      return n % 100 === 0 ? [listing, request({ ...mine, at_ms, key: `new/${n}.xml` })] : [listing]
    }),
    findings: [
      {
        detector: 'listing-per-read',
        subject: { bucket: 'inbox', remote_ip: '198.18.8.9' },
        first_seen_ms: at(17, 1),
      },
    ],
  },
]
