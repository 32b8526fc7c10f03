import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

const model = (n: number) => ({ bucket: 'models', key: `scenes/${n}.blend`, object_size: 60_000_000 })

export const versionPlants: readonly Plant[] = [
  {
    what: 'scenes are saved each half hour in a bucket that keeps versions',
    operations: [
      ...Array.from({ length: 240 }, (_, n) =>
        request({ ...model(n % 40), at_ms: at(25, 9) + n * 60_000, operation: 'REST.PUT.OBJECT' }),
      ),
      request({ ...model(3), at_ms: at(25, 16), version_id: '3HL4kqtJlcpXroDTDmJrmSpXd3dIbrHY' }),
    ],
    findings: [{ detector: 'old-versions', subject: { bucket: 'models' }, first_seen_ms: at(25, 0) }],
  },
]
