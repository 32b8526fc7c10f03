import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

export const probingPlants: readonly Plant[] = [
  {
    what: 'somebody tries names of backups and settings',
    operations: Array.from({ length: 150 }, (_, n) =>
      request({
        at_ms: at(21, 3) + 60_000 + n * 1000,
        bucket: 'backups',
        key: `${n}/.env`,
        status: 403,
        error_code: 'AccessDenied',
        bytes_sent: 250,
        requester: null,
        remote_ip: '203.0.113.66',
        user_agent: 'Go-http-client/1.1',
      }),
    ),
    findings: [
      {
        detector: 'probing',
        subject: { bucket: 'backups', remote_ip: '203.0.113.66' },
        first_seen_ms: at(21, 3) + 60_000,
      },
    ],
  },
]
