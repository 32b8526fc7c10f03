import { createRandom } from '../../src/demo/random.ts'
import type { Operation } from '../../src/logs/record.ts'
import { request } from './request.ts'
import type { Asked } from './request.ts'

const minute_ms = 60_000
const hour_ms = 60 * minute_ms
const day_ms = 24 * hour_ms
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const bots = [
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; GPTBot/1.3; +https://openai.com/gptbot',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'CCBot/2.0 (https://commoncrawl.org/faq/)',
]

/** What is nearly something on each day, and is none: a few missing icons, retries, hotlinks, bots, HEADs, broken downloads. */
export function quietHabits(from_ms: number, number: number): Operation[] {
  const random = createRandom(number, 'habits')
  const times = (count: number, one: (n: number) => Operation): Operation[] =>
    Array.from({ length: count }, (_, n) => one(n))
  const visitor = (asked: Omit<Asked, 'at_ms'>): Operation =>
    request({
      requester: null,
      remote_ip: `198.19.${random.below(200)}.${1 + random.below(250)}`,
      user_agent: firefox,
      ...asked,
      at_ms: from_ms + random.below(day_ms),
    })
  const photo = (more: Partial<Asked> = {}): Operation => {
    const n = random.below(300)
    return visitor({ bucket: 'media', key: `public/photo-${n}.jpg`, object_size: 60_000 + n * 500, ...more })
  }
  const missing = { status: 404, error_code: 'NoSuchKey', bytes_sent: 300, object_size: null }
  const busy = { status: 503, error_code: 'SlowDown', bytes_sent: 300 }
  const edge = {
    format: 'cdn',
    operation: 'CDN.GET',
    class: 'read',
    method: 'GET',
    object_size: null,
  } as const
  const copied = { bucket: 'uploads', remote_ip: '198.18.3.4', user_agent: 'aws-cli/2.27.49' }
  const upload = {
    bucket: 'uploads',
    key: `imports/${number}.csv`,
    at_ms: from_ms + 9 * hour_ms,
    bytes_sent: 300,
  }
  return [
    ...times(80, () => visitor({ bucket: 'site', key: 'favicon.ico', ...missing })),
    ...times(6, (n) =>
      request({
        at_ms: from_ms + 15 * hour_ms + n * 2000,
        bucket: 'uploads',
        key: `users/1/${number}-0.pdf`,
        ...busy,
      }),
    ),
    ...times(30, () => photo({ referer: 'https://shop.example.net/frames', bytes_sent: 1_500_000 })),
    ...times(20, () => photo({ referer: 'https://www.search.example/' })),
    ...times(30, (n) => photo({ user_agent: bots[n % bots.length] ?? null })),
    // Each is fetched once, so that the CDN cannot have it.
    ...times(600, (n) =>
      visitor({
        ...edge,
        bucket: 'media',
        key: `tail/${number}-${n}.jpg`,
        bytes_sent: 90_000,
        cache_result: 'Miss',
        edge_location: 'FRA1',
      }),
    ),
    // A monitor, and somebody who copies files.
    ...times(288, (n) =>
      request({
        at_ms: from_ms + n * 5 * minute_ms,
        bucket: 'site',
        operation: 'REST.HEAD.OBJECT',
        key: 'status.json',
        remote_ip: '198.18.9.1',
      }),
    ),
    ...times(40, (n) =>
      request({
        ...copied,
        at_ms: from_ms + 11 * hour_ms + Math.floor(n / 2) * 3000,
        operation: n % 2 === 0 ? 'REST.HEAD.OBJECT' : 'REST.GET.OBJECT',
        key: `reports/${Math.floor(n / 2)}.csv`,
      }),
    ),
    ...times(200, (n) =>
      request({
        at_ms: from_ms + n * 7 * minute_ms,
        bucket: 'uploads',
        operation: 'REST.GET.BUCKET',
        bytes_sent: 3_000,
        remote_ip: '198.18.9.2',
      }),
    ),
    // One upload is left behind now and then, and one takes beyond midnight.
    request({ ...upload, operation: 'REST.POST.UPLOADS', object_size: null }),
    request({ ...upload, operation: 'REST.PUT.PART', object_size: 20_000_000, at_ms: upload.at_ms + 9_000 }),
    ...(number % 3 === 0 ? [] : [request({ ...upload, operation: 'REST.POST.UPLOAD' })]),
    ...times(300, (n) =>
      request({
        at_ms: from_ms + n * 4 * minute_ms,
        bucket: 'uploads',
        operation: 'REST.PUT.OBJECT',
        key: `marks/${number}-${n}`,
        object_size: 200,
      }),
    ),
    request({
      at_ms: from_ms + 12 * hour_ms,
      bucket: 'site',
      key: 'assets/file-1.js',
      version_id: `v${number}`,
    }),
    // Pages are closed and phones are slow.
    ...times(5, () => photo({ bytes_sent: 20_000 })),
    ...times(12, () =>
      photo({ object_size: 2_000_000, bytes_sent: 2_000_000, total_ms: 60_000, turnaround_ms: 30 }),
    ),
    ...times(10, () => photo({ total_ms: 2_100, turnaround_ms: 2_000 })),
    // Tiny, and given up.
    ...times(number < 25 ? 1 : 0, () =>
      request({
        at_ms: from_ms + 2 * hour_ms,
        bucket: 'site',
        operation: 'REST.PUT.OBJECT',
        key: `heartbeat/${number}`,
        object_size: 500,
      }),
    ),
    // Written on one day of the week.
    ...(number % 7 === 1
      ? [
          request({
            at_ms: from_ms + hour_ms,
            bucket: 'backups',
            operation: 'REST.PUT.OBJECT',
            key: `weekly/${number}.tar`,
            object_size: 5_000_000_000,
          }),
        ]
      : []),
  ]
}
