import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

const download = (n: number, at_ms: number, more: object) =>
  request({
    at_ms,
    bucket: 'courses',
    key: `lessons/${n % 40}.mp4`,
    object_size: 20_000_000,
    requester: null,
    remote_ip: `198.19.230.${n % 50}`,
    user_agent: 'okhttp/4.12.0',
    referer: 'https://www.example.com/courses',
    ...more,
  })
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

export const downloadPlants: readonly Plant[] = [
  {
    what: 'an app gives up lessons after ten seconds',
    operations: numbers(240).map((n) =>
      download(n, at(16, 9) + n * 60_000, n % 2 === 0 ? {} : { bytes_sent: 3_000_000, total_ms: 10_000 }),
    ),
    findings: [
      { detector: 'broken-downloads', subject: { bucket: 'courses' }, first_seen_ms: at(16, 9) + 60_000 },
    ],
  },
  {
    what: 'readers in a far country wait for minutes while the store answers at once',
    operations: numbers(200).map((n) =>
      download(n, at(20, 9) + n * 60_000, n % 4 === 0 ? {} : { total_ms: 240_000, turnaround_ms: 30 }),
    ),
    findings: [
      { detector: 'slow-clients', subject: { bucket: 'courses' }, first_seen_ms: at(20, 9) + 60_000 },
    ],
  },
  {
    what: 'the store takes three seconds before each answer for an hour',
    operations: numbers(120).map((n) =>
      request({
        at_ms: at(23, 11) + n * 20_000,
        bucket: 'tiles',
        key: `z3/${n}.png`,
        object_size: 9_000,
        total_ms: 3_050,
        turnaround_ms: 3_000,
      }),
    ),
    findings: [{ detector: 'slow-storage', subject: { bucket: 'tiles' }, first_seen_ms: at(23, 11) }],
  },
]
