import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

const app = 'arn:aws:iam::104220117733:user/app-server'

export const exfiltrationPlants: readonly Plant[] = [
  {
    what: "the app's key copies the bucket from an address of its own network",
    operations: Array.from({ length: 900 }, (_, n) =>
      request({
        at_ms: at(22, 1) + 30_000 + n * 1000,
        bucket: 'uploads',
        key: `users/${n}/file.pdf`,
        object_size: 300_000,
        requester: app,
        remote_ip: '198.18.0.99',
      }),
    ),
    findings: [
      {
        detector: 'exfiltration',
        subject: { bucket: 'uploads', requester: app, remote_ip: '198.18.0.99' },
        first_seen_ms: at(22, 1) + 30_000,
      },
    ],
  },
]
