import type { Operation } from '../../../src/logs/record.ts'
import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

const thief = {
  requester: 'arn:aws:iam::104220117733:user/ci',
  remote_ip: '203.0.113.90',
  user_agent: 'stratus-red-team',
}

/** The note that is left behind. */
function note(at_ms: number, bucket: string): Operation {
  return request({
    ...thief,
    at_ms,
    bucket,
    operation: 'REST.PUT.OBJECT',
    key: 'FILES-DELETED.txt',
    object_size: 900,
  })
}

function listing(at_ms: number, bucket: string): Operation {
  return request({ ...thief, at_ms, bucket, operation: 'REST.GET.BUCKET', bytes_sent: 90_000 })
}

const first = (day: number): number => at(day, 20) + 120_000

/** The patterns of the three S3 ransomware techniques of Stratus Red Team. */
export const ransomPlants: readonly Plant[] = [
  {
    what: 'batch deletion: list, delete a thousand keys in one request, leave a note',
    operations: [
      listing(at(18, 20), 'ransom-batch'),
      request({
        ...thief,
        at_ms: first(18),
        bucket: 'ransom-batch',
        operation: 'REST.POST.MULTI_OBJECT_DELETE',
      }),
      ...Array.from({ length: 1000 }, (_, n) =>
        request({
          ...thief,
          at_ms: first(18),
          bucket: 'ransom-batch',
          operation: 'BATCH.DELETE.OBJECT',
          key: `f${n}`,
          status: 204,
        }),
      ),
      note(first(18) + 1000, 'ransom-batch'),
    ],
    findings: [
      {
        detector: 'mass-deletion',
        subject: { bucket: 'ransom-batch', requester: thief.requester },
        first_seen_ms: first(18),
      },
    ],
  },
  {
    what: 'individual deletion: list, delete one by one, leave a note',
    operations: [
      listing(at(19, 20), 'ransom-single'),
      ...Array.from({ length: 600 }, (_, n) =>
        request({
          ...thief,
          at_ms: first(19) + n * 1000,
          bucket: 'ransom-single',
          operation: 'REST.DELETE.OBJECT',
          key: `f${n}`,
        }),
      ),
      note(first(19) + 700_000, 'ransom-single'),
    ],
    findings: [
      {
        detector: 'mass-deletion',
        subject: { bucket: 'ransom-single', requester: thief.requester },
        first_seen_ms: first(19),
      },
    ],
  },
  {
    what: 'encryption by the client: every object is read and written again, a little larger',
    operations: Array.from({ length: 150 }, (_, n) => n).flatMap((n) => {
      const mine = { ...thief, bucket: 'ransom-client', key: `f${n}` }
      const at_ms = first(20) + n * 2000
      return [
        request({ ...mine, at_ms, object_size: 100_000 }),
        request({ ...mine, at_ms: at_ms + 1000, operation: 'REST.PUT.OBJECT', object_size: 100_048 }),
      ]
    }),
    findings: [
      {
        detector: 'overwriting',
        subject: { bucket: 'ransom-client', requester: thief.requester },
        first_seen_ms: first(20),
      },
    ],
  },
  {
    what: 'encryption by the server with a key of the thief: every object is copied onto itself',
    operations: [
      ...Array.from({ length: 150 }, (_, n) => n).flatMap((n) => {
        const mine = { ...thief, at_ms: first(21) + n * 1000, bucket: 'ransom-copy', key: `f${n}` }
        return [
          request({ ...mine, operation: 'REST.COPY.OBJECT', bytes_sent: 234 }),
          request({ ...mine, operation: 'REST.COPY.OBJECT_GET', status: null, bytes_sent: 0 }),
        ]
      }),
      note(first(21) + 200_000, 'ransom-copy'),
    ],
    findings: [
      {
        detector: 'overwriting',
        subject: { bucket: 'ransom-copy', requester: thief.requester },
        first_seen_ms: first(21),
      },
    ],
  },
]
