import type { Random } from './random.ts'
import type { Place } from './world.ts'

const DISTRIBUTION = 'E2DEMO7SPACES1'

/** A name as storage gives it: simple or partitioned by bucket, the CDN's by distribution and hour, and once in a while an odd one. */
export function logObjectKey(
  object: {
    prefix: string
    place: Place
    format: 's3' | 'cdn'
    at(share: number): number
    delivered_ms: number
    gzip: boolean
  },
  random: Random,
): string {
  const { prefix, place, format, delivered_ms, gzip } = object
  const delivered = new Date(delivered_ms).toISOString()
  const day = delivered.slice(0, 10)
  const ending = gzip ? '.gz' : ''
  const unique = random.upperHex(16)
  if (random.chance(0.006)) {
    const odd = [
      `${place.bucket.name}-${unique}.log`,
      `Übersicht & logs (1)/50% "${unique}" + more.txt`,
      `${day}/${unique}`,
    ]
    return prefix + random.pick(odd) + ending
  }
  if (format === 'cdn') {
    const hour = new Date(object.at(0)).toISOString().slice(0, 13).replace('T', '-')
    return `${prefix}${DISTRIBUTION}.${hour}.${unique.slice(0, 8).toLowerCase()}${ending}`
  }
  const stamp = delivered.slice(0, 19).replace('T', '-').replaceAll(':', '-')
  const partition =
    place.bucket.name === 'app-uploads' ? `104220117733/sgp1/app-uploads/${day.replaceAll('-', '/')}/` : ''
  return `${prefix}${partition}${stamp}-${unique}${ending}`
}
