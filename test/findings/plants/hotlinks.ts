import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

const gallery = 'https://wallpapers.example.net/best-of-autumn'

export const hotlinkPlants: readonly Plant[] = [
  {
    what: 'a wallpaper site embeds large photos at the origin and through the CDN',
    operations: Array.from({ length: 600 }, (_, n) =>
      request({
        at_ms: at(25, 6) + n * 60_000,
        bucket: 'media',
        key: `public/wallpaper-${n % 12}.jpg`,
        bytes_sent: 4_000_000,
        object_size: 4_000_000,
        requester: null,
        referer: gallery,
        remote_ip: `198.19.210.${n % 200}`,
        user_agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
        ...(n % 2 === 1 && {
          format: 'cdn' as const,
          operation: 'CDN.GET',
          class: 'read' as const,
          method: 'GET',
          object_size: null,
          cache_result: 'Hit',
          edge_location: 'SIN2',
        }),
      }),
    ),
    findings: [
      {
        detector: 'hotlinking',
        subject: { bucket: 'media', site: 'wallpapers.example.net' },
        first_seen_ms: at(25, 6),
      },
    ],
  },
]
