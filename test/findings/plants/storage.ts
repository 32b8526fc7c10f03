import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

const hour_ms = 3_600_000
const worker = 'arn:aws:iam::104220117733:user/video-worker'

export const storagePlants: readonly Plant[] = [
  {
    what: 'a worker that is killed leaves its multipart uploads behind',
    operations: Array.from({ length: 20 }, (_, n) => n).flatMap((n) => {
      const mine = {
        at_ms: at(26, 9) + n * 120_000,
        bucket: 'films',
        key: `cuts/${n}.mp4`,
        requester: worker,
        remote_ip: '198.18.4.4',
        bytes_sent: 300,
      }
      const part = { operation: 'REST.PUT.PART', object_size: 50_000_000 }
      return [
        request({ ...mine, operation: 'REST.POST.UPLOADS', object_size: null }),
        request({ ...mine, ...part, at_ms: mine.at_ms + 10_000 }),
        request({ ...mine, ...part, at_ms: mine.at_ms + 20_000 }),
        ...(n % 5 === 0
          ? [request({ ...mine, operation: 'REST.POST.UPLOAD', at_ms: mine.at_ms + 30_000 })]
          : []),
      ]
    }),
    findings: [
      {
        detector: 'unfinished-uploads',
        subject: { bucket: 'films' },
        // The first one was completed.
        first_seen_ms: at(26, 9) + 120_000,
      },
    ],
  },
  {
    what: 'a shop writes an object for each click',
    operations: Array.from({ length: 5_400 }, (_, n) =>
      request({
        at_ms: at(18, 8) + n * 2_000 + (n % 2) * hour_ms,
        bucket: 'clicks',
        operation: 'REST.PUT.OBJECT',
        key: `events/${n}.json`,
        object_size: 310,
      }),
    ),
    findings: [
      {
        detector: 'small-objects',
        subject: { bucket: 'clicks', key_prefix: 'events' },
        first_seen_ms: at(18, 8),
      },
    ],
  },
]
