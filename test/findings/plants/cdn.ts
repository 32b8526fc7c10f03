import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

export const cdnPlants: readonly Plant[] = [
  {
    what: 'a public download is fetched from the origin by everybody',
    operations: Array.from({ length: 300 }, (_, n) =>
      request({
        at_ms: at(24, 8) + n * 60_000,
        bucket: 'releases',
        key: `app-${n % 3}.zip`,
        object_size: 30_000_000,
        requester: null,
        user_agent: firefox,
        remote_ip: `198.19.220.${n % 200}`,
      }),
    ),
    findings: [{ detector: 'without-cdn', subject: { bucket: 'releases' }, first_seen_ms: at(24, 8) }],
  },
  {
    what: 'scripts are sent with no-cache, so that the CDN asks for each again',
    operations: Array.from({ length: 900 }, (_, n) =>
      request({
        at_ms: at(27, 2) + n * 20_000,
        bucket: 'site',
        key: `assets/file-${n % 9}.js`,
        format: 'cdn',
        operation: 'CDN.GET',
        class: 'read',
        method: 'GET',
        bytes_sent: 30_000,
        object_size: null,
        cache_result: 'Miss',
        edge_location: n % 2 ? 'SIN2' : 'FRA1',
        requester: null,
        user_agent: firefox,
        remote_ip: `198.19.221.${n % 200}`,
      }),
    ),
    findings: [
      { detector: 'cdn-misses', subject: { bucket: 'site', key_prefix: 'assets' }, first_seen_ms: at(27, 2) },
    ],
  },
]
