import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

const days = Array.from({ length: 30 }, (_, day) => day)

/** What shows only over a whole month. */
export const restingPlants: readonly Plant[] = [
  {
    what: 'an old archive is listed each day and two of its objects are read, the rest rests',
    operations: days.flatMap((day) => [
      request({ at_ms: at(day, 5), bucket: 'archive', operation: 'REST.GET.BUCKET', bytes_sent: 9_000 }),
      request({ at_ms: at(day, 6), bucket: 'archive', key: 'index/2019.csv', object_size: 4_000_000_000 }),
      request({ at_ms: at(day, 6), bucket: 'archive', key: 'index/2020.csv', object_size: 5_000_000_000 }),
    ]),
    snapshots: [27, 28, 29].map((day) => ({
      at_ms: at(day, 7),
      bucket: 'archive',
      objects: 8_000,
      bytes: 900_000_000_000,
    })),
    findings: [{ detector: 'cold-data', subject: { bucket: 'archive' }, first_seen_ms: at(27, 0) }],
  },
  {
    what: 'masters of films are kept beside what is shown of them, and nobody opens them',
    operations: [0, 1].flatMap((day) =>
      Array.from({ length: 10 }, (_, n) =>
        request({
          at_ms: at(day, 20) + n * 60_000,
          bucket: 'films',
          operation: 'REST.PUT.OBJECT',
          key: `masters/${day}-${n}.mov`,
          object_size: 8_000_000_000,
        }),
      ),
    ),
    findings: [
      {
        detector: 'never-read',
        subject: { bucket: 'films', key_prefix: 'masters' },
        first_seen_ms: at(24, 0),
      },
    ],
  },
]
