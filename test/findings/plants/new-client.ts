import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

const deploy = 'arn:aws:iam::104220117733:user/deploy'
const backup = 'arn:aws:sts::104220117733:assumed-role/backup-runner/i-0f5d2c9be8a3b7741'

export const newClientPlants: readonly Plant[] = [
  {
    what: 'the key of deployments is used from the other end of the world, with its usual tool',
    operations: Array.from({ length: 30 }, (_, n) =>
      request({
        at_ms: at(24, 4) + n * 60_000,
        bucket: 'site',
        key: `assets/file-${n}.js`,
        requester: deploy,
        remote_ip: '203.0.113.7',
        user_agent: 'aws-cli/2.30.0 md/command#s3.cp',
      }),
    ),
    findings: [
      {
        detector: 'new-network',
        subject: { requester: deploy, network: '203.0.113' },
        first_seen_ms: at(24, 4),
      },
    ],
  },
  {
    what: 'the key of backups is used by hand, from where it always comes from',
    operations: Array.from({ length: 12 }, (_, n) =>
      request({
        at_ms: at(25, 9) + n * 60_000,
        bucket: 'backups',
        operation: 'REST.HEAD.OBJECT',
        key: `postgres/daily/${n}`,
        requester: backup,
        remote_ip: '198.18.1.4',
        user_agent: 'S3 Browser/11.6.7',
      }),
    ),
    findings: [
      { detector: 'new-agent', subject: { requester: backup, agent: 'S3' }, first_seen_ms: at(25, 9) },
    ],
  },
]
