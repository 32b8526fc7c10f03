import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

const deploy = 'arn:aws:iam::104220117733:user/deploy'
const admin = { requester: deploy, remote_ip: '198.18.2.8', user_agent: 'aws-cli/2.27.49 md/command#s3api' }
const anybody = { requester: null, remote_ip: '203.0.113.140', user_agent: 'curl/8.14.1' }

export const exposurePlants: readonly Plant[] = [
  {
    what: 'a policy makes uploads public, and somebody finds out',
    operations: [
      request({
        ...admin,
        at_ms: at(26, 10),
        bucket: 'uploads',
        operation: 'REST.PUT.BUCKETPOLICY',
        bytes_sent: 0,
      }),
      request({
        ...admin,
        at_ms: at(26, 10) + 60_000,
        bucket: 'uploads',
        operation: 'REST.PUT.ACL',
        bytes_sent: 0,
      }),
      request({
        ...anybody,
        at_ms: at(26, 11),
        bucket: 'uploads',
        operation: 'REST.GET.BUCKET',
        bytes_sent: 20_000,
      }),
      request({
        ...anybody,
        at_ms: at(26, 11) + 5000,
        bucket: 'uploads',
        key: 'users/4/1-2.pdf',
        object_size: 70_000,
      }),
    ],
    findings: [
      {
        detector: 'configuration-public',
        subject: { bucket: 'uploads', requester: deploy, operation: 'REST.PUT.BUCKETPOLICY' },
        first_seen_ms: at(26, 10),
      },
      {
        detector: 'configuration-public',
        subject: { bucket: 'uploads', requester: deploy, operation: 'REST.PUT.ACL' },
        first_seen_ms: at(26, 10) + 60_000,
      },
      { detector: 'anonymous-listings', subject: { bucket: 'uploads' }, first_seen_ms: at(26, 11) },
      {
        detector: 'anonymous-reads',
        subject: { bucket: 'uploads', key_prefix: 'users' },
        first_seen_ms: at(26, 11) + 5000,
      },
    ],
  },
]
