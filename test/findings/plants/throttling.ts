import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

const lost = { status: 503, error_code: 'SlowDown', bytes_sent: 300 }
const worker = { requester: 'arn:aws:iam::104220117733:user/worker', remote_ip: '203.0.113.24' }

export const throttlingPlants: readonly Plant[] = [
  {
    what: 'a worker writes one key from many threads and does not back off',
    operations: Array.from({ length: 240 }, (_, n) =>
      request({
        at_ms: at(17, 11) + 60_000 + Math.floor(n / 20) * 1000,
        bucket: 'uploads',
        operation: 'REST.PUT.OBJECT',
        key: 'state/latest.json',
        ...worker,
        ...(n % 3 === 0 && lost),
      }),
    ),
    findings: [
      {
        detector: 'throttling',
        subject: { bucket: 'uploads', remote_ip: worker.remote_ip, requester: worker.requester },
        first_seen_ms: at(17, 11) + 60_000,
      },
    ],
  },
]
