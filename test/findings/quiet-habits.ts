import { createRandom } from '../../src/demo/random.ts'
import type { Operation } from '../../src/logs/record.ts'
import { request } from './request.ts'

const minute_ms = 60_000
const hour_ms = 60 * minute_ms
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

/** What is nearly something on each day, and is none: a few missing icons, retries, hotlinks, bots, HEADs and broken downloads. */
export function quietHabits(day_ms: number, number: number): Operation[] {
  const random = createRandom(number, 'habits')
  const anyTime = (): number => day_ms + random.below(24 * hour_ms)
  const visitor = () => ({
    at_ms: anyTime(),
    requester: null,
    remote_ip: `198.19.${random.below(200)}.${1 + random.below(250)}`,
    user_agent: firefox,
  })
  const times = (count: number, one: (n: number) => Operation): Operation[] =>
    Array.from({ length: count }, (_, n) => one(n))

  const missingIcon = times(80, () =>
    request({
      ...visitor(),
      bucket: 'site',
      key: 'favicon.ico',
      status: 404,
      error_code: 'NoSuchKey',
      bytes_sent: 300,
      object_size: null,
      referer: 'https://www.example.com/',
    }),
  )
  const retries = times(6, (n) =>
    request({
      at_ms: day_ms + 15 * hour_ms + n * 2000,
      bucket: 'uploads',
      key: `users/1/${number}-0.pdf`,
      status: 503,
      error_code: 'SlowDown',
      bytes_sent: 300,
    }),
  )
  return [...missingIcon, ...retries]
}
