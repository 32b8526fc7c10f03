import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

const old = (day: number, n: number) => ({
  at_ms: at(day, 8) + n * 1000,
  bucket: 'old-clients',
  key: `k${n}`,
})

export const oldProtocolPlants: readonly Plant[] = [
  {
    what: 'a scanner of documents knows only TLS 1.0',
    operations: Array.from({ length: 8 }, (_, n) =>
      request({ ...old(17, n), tls_version: 'TLSv1', cipher: 'AES128-SHA', user_agent: 'ScanStation/2.1' }),
    ),
    findings: [
      {
        detector: 'old-tls',
        subject: { bucket: 'old-clients', tls_version: 'TLSv1' },
        first_seen_ms: at(17, 8),
      },
    ],
  },
  {
    what: 'an old script signs with version 2, and was seen before',
    operations: Array.from({ length: 8 }, (_, n) =>
      request({ ...old(18, n), signature_version: 'SigV2', user_agent: 'aws-sdk-js/2.3' }),
    ),
    findings: [
      {
        detector: 'signature-v2',
        subject: { bucket: 'old-clients', signature_version: 'SigV2' },
        first_seen_ms: at(18, 8),
      },
    ],
  },
]
