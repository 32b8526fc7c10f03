import { createRandom, createZipf } from '../../src/demo/random.ts'
import type { Random } from '../../src/demo/random.ts'
import { busyness } from '../../src/demo/rhythm.ts'
import type { Operation } from '../../src/logs/record.ts'
import type { Snapshot } from './plant.ts'
import { quietEvents } from './quiet-events.ts'
import { quietHabits } from './quiet-habits.ts'
import { quietSurges } from './quiet-surges.ts'
import { request } from './request.ts'

const hour_ms = 3_600_000
const day_ms = 24 * hour_ms

/** Thirty days in which nothing is wrong end here: a Monday. */
export const month = { from_ms: Date.UTC(2026, 8, 5), to_ms: Date.UTC(2026, 9, 5) }

/** Who is at work. */
const people = {
  app: 'arn:aws:iam::104220117733:user/app-server',
  deploy: 'arn:aws:iam::104220117733:user/deploy',
  backup: 'arn:aws:sts::104220117733:assumed-role/backup-runner/i-0f5d2c9be8a3b7741',
  analyst: 'arn:aws:iam::104220117733:user/m.lee@example.com',
} as const

const agents = {
  app: 'aws-sdk-js/3.1175.0 ua/2.1 os/linux lang/js',
  deploy: 'aws-cli/2.27.49 md/command#s3.sync',
  backup: 'rclone/v1.70.2',
  analyst: 'Boto3/1.39.4',
  browser: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  crawler: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
} as const

/**
 * Traffic as it is where all is well: an app that reads and writes, visitors by day and fewer by night, new objects, a CDN that
 * hits, a backup each night that grows and drops its oldest, a clean-up, a deployment on weekdays, an analyst on Mondays, a
 * crawler now and then, and the few errors that there always are.
 */
export function quietMonth(from_ms = month.from_ms): Operation[] {
  const random = createRandom(5, 'quiet month')
  const all: Operation[] = []
  for (let day = month.from_ms; day <= month.to_ms; day += day_ms) all.push(...quietDay(day, random))
  // What comes after the month closes it.
  return all.filter(({ ts }) => ts / 1000 >= from_ms && ts / 1000 < month.to_ms + hour_ms)
}

/** What buckets hold each evening: nothing that lies there unread for long. */
export function quietSnapshots(): Snapshot[] {
  const days = Array.from({ length: 30 }, (_, day) => month.from_ms + day * day_ms + 22 * hour_ms)
  return days.flatMap((at_ms) => [
    { at_ms, bucket: 'media', objects: 300, bytes: 40_000_000 },
    { at_ms, bucket: 'uploads', objects: 60_000, bytes: 90_000_000_000 },
    // Two weeks of two dumps of 40 to 53 GB.
    { at_ms, bucket: 'backups', objects: 28, bytes: 1_300_000_000_000 },
  ])
}

const photos = Array.from({ length: 300 }, (_, n) => ({
  key: `public/photo-${n}.jpg`,
  size: 60_000 + n * 500,
}))
const drawPhoto = createZipf(photos, 0.9)
const drawVisitor = createZipf(
  Array.from({ length: 400 }, (_, n) => `198.19.${n % 200}.${1 + ((n * 7) % 250)}`),
  0.7,
)
const pages = ['https://www.example.com/', 'https://www.example.com/gallery', null]

function quietDay(day: number, random: Random): Operation[] {
  const all: Operation[] = []
  const number = Math.round((day - month.from_ms) / day_ms)
  const date = new Date(day).toISOString().slice(0, 10)
  const weekday = new Date(day).getUTCDay()
  for (let hour = 0; hour < 24; hour++) {
    const from_ms = day + hour * hour_ms
    const busy = busyness(from_ms, 13)
    const times = (count: number, act: (at_ms: number, n: number) => Operation[]): void => {
      const wanted = Math.round(count * busy * random.around(1, 0.1))
      for (let n = 0; n < wanted; n++) all.push(...act(from_ms + random.below(hour_ms), n))
    }
    times(40, (at_ms) => visit(at_ms, random))
    times(25, (at_ms) => throughCdn(at_ms, random))
    times(30, (at_ms, n) => appWork(at_ms, number, hour * 100 + n, random))
  }
  all.push(
    ...backup(day, date, number),
    ...cleanUp(day, number),
    ...crawl(day, random),
    ...quietHabits(day, number),
    ...quietEvents(day, number),
    ...quietSurges(day, number),
  )
  if (weekday > 0 && weekday < 6) all.push(...deployment(day, number))
  if (weekday === 1) all.push(...analysis(day))
  return all
}

function visit(at_ms: number, random: Random): Operation[] {
  const { key, size } = drawPhoto(random)
  const visitor = {
    at_ms,
    bucket: 'media',
    remote_ip: drawVisitor(random),
    requester: null,
    user_agent: agents.browser,
    referer: random.pick(pages),
  }
  if (random.chance(0.01)) {
    const missing = {
      key: `public/old-${random.below(20)}.jpg`,
      status: 404,
      error_code: 'NoSuchKey',
      bytes_sent: 300,
    }
    return [request({ ...visitor, ...missing })]
  }
  if (random.chance(0.1)) return [request({ ...visitor, key, object_size: size, status: 304, bytes_sent: 0 })]
  return [request({ ...visitor, key, object_size: size })]
}

function throughCdn(at_ms: number, random: Random): Operation[] {
  const { key, size } = drawPhoto(random)
  const client = { at_ms, bucket: 'media', key, requester: null, user_agent: agents.browser }
  const isHit = random.chance(0.92)
  const edge = request({
    ...client,
    format: 'cdn',
    operation: 'CDN.GET',
    class: 'read',
    method: 'GET',
    remote_ip: drawVisitor(random),
    referer: random.pick(pages),
    bytes_sent: size + 400,
    object_size: null,
    cache_result: isHit ? 'Hit' : 'Miss',
    edge_location: 'SIN2',
  })
  return isHit
    ? [edge]
    : [
        edge,
        request({ ...client, remote_ip: '198.18.255.7', user_agent: 'DigitalOcean CDN', object_size: size }),
      ]
}

function appWork(at_ms: number, day: number, n: number, random: Random): Operation[] {
  const mine = {
    at_ms,
    bucket: 'uploads',
    requester: people.app,
    user_agent: agents.app,
    remote_ip: `198.18.0.${10 + random.below(3)}`,
  }
  const key = `users/${random.below(200)}/${day}-${n}.pdf`
  const size = 50_000 + random.below(400_000)
  // What was written a while ago is read; one in ten never.
  const known = `users/${random.below(200)}/${Math.max(0, day - random.below(6))}-${random.below(2400)}.pdf`
  if (random.chance(0.3)) return [request({ ...mine, operation: 'REST.PUT.OBJECT', key, object_size: size })]
  if (random.chance(0.02)) return [request({ ...mine, operation: 'REST.DELETE.OBJECT', key: known })]
  if (random.chance(0.01))
    return [request({ ...mine, key: known, status: 503, error_code: 'SlowDown', bytes_sent: 300 })]
  if (random.chance(0.05)) return [request({ ...mine, operation: 'REST.GET.BUCKET', bytes_sent: 20_000 })]
  return [request({ ...mine, key: known, object_size: size })]
}

function backup(day: number, date: string, number: number): Operation[] {
  const mine = {
    bucket: 'backups',
    requester: people.backup,
    user_agent: agents.backup,
    remote_ip: '198.18.1.4',
  }
  return ['postgres', 'files'].flatMap((name, at) => {
    const start_ms = day + 2 * hour_ms + at * 600_000
    const size = 4 * Math.round(10_000_000_000 * 1.01 ** number)
    const key = `${name}/daily/${date}.dump.zst`
    const of = (operation: string, n: number, more: object = {}): Operation =>
      request({
        ...mine,
        at_ms: start_ms + n * 20_000,
        operation,
        key,
        object_size: size,
        bytes_sent: 0,
        ...more,
      })
    return [
      of('REST.POST.UPLOADS', 0, { object_size: null }),
      ...[1, 2, 3, 4].map((n) => of('REST.PUT.PART', n, { object_size: size / 4, bytes_received: size / 4 })),
      of('REST.POST.UPLOAD', 5),
      of('REST.HEAD.OBJECT', 6),
      request({ ...mine, at_ms: start_ms + 200_000, operation: 'REST.GET.BUCKET', bytes_sent: 9_000 }),
      request({
        ...mine,
        at_ms: start_ms + 300_000,
        operation: 'REST.DELETE.OBJECT',
        key: `${name}/daily/${new Date(day - 14 * day_ms).toISOString().slice(0, 10)}.dump.zst`,
      }),
    ]
  })
}

/** One multi-object delete of what is temporary. */
function cleanUp(day: number, number: number): Operation[] {
  const mine = { bucket: 'uploads', requester: people.app, user_agent: agents.app, remote_ip: '198.18.0.10' }
  const at_ms = day + 4 * hour_ms
  const all = Array.from({ length: 60 }, (_, n) => {
    const batch = { key: `tmp/${number}-${n}`, status: 204, bytes_sent: 0, user_agent: null }
    return request({ ...mine, at_ms, operation: 'BATCH.DELETE.OBJECT', ...batch })
  })
  return [request({ ...mine, at_ms, operation: 'REST.POST.MULTI_OBJECT_DELETE', bytes_sent: 6_000 }), ...all]
}

/** The same files each day, as large as they happen to be. */
function deployment(day: number, number: number): Operation[] {
  const mine = {
    bucket: 'site',
    requester: people.deploy,
    user_agent: agents.deploy,
    remote_ip: '198.18.2.8',
  }
  return Array.from({ length: 80 }, (_, n) => {
    const file = { key: `assets/file-${n}.js`, object_size: 30_000 + ((number * 31 + n * 17) % 900) }
    const at_ms = day + 10 * hour_ms + n * 1000
    return request({ ...mine, at_ms, operation: 'REST.PUT.OBJECT', ...file })
  })
}

/** Reads the reports of a week. */
function analysis(day: number): Operation[] {
  const mine = {
    bucket: 'uploads',
    requester: people.analyst,
    user_agent: agents.analyst,
    remote_ip: '198.18.3.3',
  }
  return Array.from({ length: 120 }, (_, n) =>
    request({ ...mine, at_ms: day + 9 * hour_ms + n * 5000, key: `reports/${n}.csv`, object_size: 200_000 }),
  )
}

function crawl(day: number, random: Random): Operation[] {
  return Array.from({ length: 15 }, () => {
    const { key, size } = drawPhoto(random)
    const bot = { remote_ip: '198.19.250.9', requester: null, user_agent: agents.crawler }
    return request({ at_ms: day + random.below(day_ms), bucket: 'media', key, object_size: size, ...bot })
  })
}
