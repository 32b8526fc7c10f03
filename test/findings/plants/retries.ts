import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

export const retryPlants: readonly Plant[] = [
  {
    what: 'a worker asks for three objects again each second while the store is busy',
    operations: Array.from({ length: 240 }, (_, n) =>
      request({
        at_ms: at(19, 14) + 600_000 + Math.floor(n / 3) * 1000,
        bucket: 'uploads',
        key: `users/7/report-${n % 3}.pdf`,
        status: 503,
        error_code: 'SlowDown',
        bytes_sent: 300,
        remote_ip: '198.18.7.7',
        user_agent: 'Boto3/1.39.4',
      }),
    ),
    findings: [
      {
        detector: 'retry-storm',
        subject: { bucket: 'uploads', remote_ip: '198.18.7.7' },
        first_seen_ms: at(19, 14) + 600_000,
      },
      {
        detector: 'throttling',
        subject: {
          bucket: 'uploads',
          remote_ip: '198.18.7.7',
          requester: 'arn:aws:iam::104220117733:user/app-server',
        },
        first_seen_ms: at(19, 14) + 600_000,
      },
    ],
  },
]
