import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

export const missingObjectPlants: readonly Plant[] = [
  {
    what: 'a newsletter links to an image that nobody has put there',
    operations: Array.from({ length: 260 }, (_, n) =>
      request({
        at_ms: at(23, 7) + n * 200_000,
        bucket: 'media',
        key: 'public/newsletter/header.png',
        status: 404,
        error_code: 'NoSuchKey',
        bytes_sent: 300,
        object_size: null,
        requester: null,
        referer: n % 4 === 0 ? null : 'https://news.example.com/october',
        remote_ip: `198.19.201.${n % 80}`,
      }),
    ),
    findings: [
      {
        detector: 'missing-objects',
        subject: { bucket: 'media', key: 'public/newsletter/header.png' },
        first_seen_ms: at(23, 7),
      },
    ],
  },
]
