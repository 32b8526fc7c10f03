import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

const contractor = 'arn:aws:iam::104220117733:user/contractor'

export const deletionPlants: readonly Plant[] = [
  {
    what: 'a contractor deletes an archive in multi-object deletes',
    operations: [0, 1, 2, 3, 4, 5, 6].flatMap((n) => {
      const at_ms = at(20, 15) + 300_000 + n * 20_000
      const mine = { at_ms, bucket: 'uploads', requester: contractor, remote_ip: '203.0.113.50' }
      return [
        request({ ...mine, operation: 'REST.POST.MULTI_OBJECT_DELETE' }),
        ...Array.from({ length: 100 }, (_, k) =>
          request({ ...mine, operation: 'BATCH.DELETE.OBJECT', key: `archive/${n}-${k}`, status: 204 }),
        ),
      ]
    }),
    findings: [
      {
        detector: 'mass-deletion',
        subject: { bucket: 'uploads', requester: contractor },
        first_seen_ms: at(20, 15) + 300_000,
      },
    ],
  },
]
