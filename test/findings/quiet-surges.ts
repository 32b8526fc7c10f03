import type { Operation } from '../../src/logs/record.ts'
import { request } from './request.ts'
import type { Asked } from './request.ts'

const hour_ms = 3_600_000
const times = (count: number, one: (n: number) => Operation | Operation[]): Operation[] =>
  Array.from({ length: count }, (_, n) => one(n)).flat()
const edge = { format: 'cdn', operation: 'CDN.GET', class: 'read', method: 'GET', object_size: null } as const
const anonymous = { requester: null, user_agent: 'okhttp/4.12.0' }

/** Days on which a lot is going on and nothing is wrong: each is short of a finding by one condition. */
export function quietSurges(day_ms: number, number: number): Operation[] {
  return surges[number]?.((asked, at_ms) => request({ ...asked, at_ms: day_ms + at_ms })) ?? []
}

type Ask = (asked: Omit<Asked, 'at_ms'>, at_ms: number) => Operation
const broken = { status: 500, error_code: 'InternalError', bytes_sent: 300, bucket: 'uploads' }

const surges: Readonly<Record<number, (ask: Ask) => Operation[]>> = {
  // One client alone asks for what is missing; another asks again each half minute, and a third four times for each object.
  18: (ask) => [
    ...times(260, (n) =>
      ask(
        { bucket: 'uploads', key: 'users/none.pdf', status: 404, error_code: 'NoSuchKey', bytes_sent: 300 },
        n * 300_000,
      ),
    ),
    ...times(110, (n) => ask({ ...broken, key: 'users/1/a.pdf', remote_ip: '198.18.0.31' }, n * 30_000)),
    ...times(200, (n) =>
      ask({ ...broken, key: `users/2/${n % 50}.pdf`, remote_ip: '198.18.0.32' }, 7_200_000 + n * 60),
    ),
  ],
  // The cache is emptied once; a small page is never kept; a brochure is read at the origin, and films, each by few.
  19: (ask) => [
    ...times(1_900, (n) =>
      ask(
        {
          ...anonymous,
          ...edge,
          bucket: 'media',
          key: `banners/${n % 500}.jpg`,
          bytes_sent: 9_000,
          cache_result: n < 1_020 ? 'Miss' : 'Hit',
          edge_location: 'SIN2',
        },
        n * 30_000,
      ),
    ),
    ...times(20, (n) =>
      ask(
        {
          ...anonymous,
          ...edge,
          bucket: 'site',
          key: 'live/now.json',
          bytes_sent: 900,
          cache_result: 'Miss',
        },
        n * hour_ms,
      ),
    ),
    ...times(30, (n) =>
      ask({ ...anonymous, bucket: 'site', key: 'brochure.pdf', object_size: 200_000 }, n * 600_000),
    ),
    ...times(130, (n) =>
      ask(
        { ...anonymous, bucket: 'media', key: `films/${Math.min(n, 70)}.mp4`, object_size: 100_000_000 },
        n * 300_000,
      ),
    ),
  ],
  // A program looks before three of four reads, and lists for each third one; some of its reads are given up.
  20: (ask) => [
    ...times(1_350, (n) => {
      const mine = {
        bucket: 'uploads',
        key: `index/${n % 10}.bin`,
        remote_ip: '198.18.9.3',
        object_size: 9_000,
      }
      const head = { ...mine, operation: 'REST.HEAD.OBJECT' }
      return [...(n % 4 === 3 ? [] : [ask(head, n * 40_000)]), ask(mine, n * 40_000 + 500)]
    }),
    ...times(2_400, (n) => {
      const mine = {
        bucket: 'uploads',
        key: `index/${n % 10}.bin`,
        remote_ip: '198.18.9.4',
        object_size: 9_000,
      }
      const list = { ...mine, key: null, object_size: null, operation: 'REST.GET.BUCKET', bytes_sent: 900 }
      return [
        ...(n % 20 < 9 ? [ask(list, n * 30_000)] : []),
        ask({ ...mine, ...(n % 20 === 0 && { bytes_sent: 100 }) }, n * 30_000 + 500),
      ]
    }),
  ],
  // Our own site shows large pictures; one client is slow; single answers are late; uploads go on beyond midnight.
  21: (ask) => [
    ...times(20, (n) =>
      ask(
        {
          ...anonymous,
          bucket: 'media',
          key: `press/kit-${n}.zip`,
          object_size: 60_000_000,
          referer: 'https://www.example.com/press',
        },
        n * hour_ms,
      ),
    ),
    ...times(110, (n) =>
      ask(
        { ...anonymous, bucket: 'site', key: `big/${n}.zip`, object_size: 2_000_000, total_ms: 60_000 },
        n * 600_000,
      ),
    ),
    ...times(3, (n) =>
      ask({ bucket: 'site', key: 'a.js', total_ms: 3_100, turnaround_ms: 3_000 }, n * 60_000),
    ),
    ...times(55, (n) =>
      ask(
        { bucket: 'uploads', key: `index/${n}.bin`, total_ms: 2_100, turnaround_ms: 2_000 },
        5 * hour_ms + n * 1000,
      ),
    ),
    ...times(12, (n) => [
      ask({ bucket: 'uploads', key: `imports/late-${n}`, operation: 'REST.POST.UPLOADS' }, 23.9 * hour_ms),
      ask({ bucket: 'uploads', key: `imports/late-${n}`, operation: 'REST.POST.UPLOAD' }, 24.2 * hour_ms),
    ]),
  ],
}
