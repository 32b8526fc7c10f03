import type { AccessEvent } from './access-event.ts'
import { originRecord, timing, type Change, type Moment } from './origin-record.ts'
import { createDraw } from './random.ts'
import type { Client } from './world.ts'

const drawOutcome = createDraw([
  ['Hit', 72], ['Miss', 14], ['RefreshHit', 5], ['range', 4], ['unchanged', 2.5], ['missing', 1.8], ['denied', 0.4], ['gone', 0.3],
] as const) // prettier-ignore
const EDGES = ['SIN2-C1', 'SIN52-P3', 'HKG62-C2', 'NRT57-P2', 'FRA56-P4', 'LHR50-C1', 'IAD89-P1'] as const

/** One request that the CDN answered; bytes include headers, the moment is the end of the response. */
export function cdnRecord(moment: Moment, client: Client): AccessEvent {
  const { random, place } = moment
  const { key, size } = place.drawKey(random)
  const outcome = drawOutcome(random)
  const headers = 480 + random.below(200)
  const method = random.chance(0.04) ? 'HEAD' : 'GET'
  const change = answer()
  return {
    ...originRecord(moment, client, `CDN.${method}`, {
      key: change.status === 404 ? `${key}.${random.hex(4)}` : key,
      query: random.chance(0.06) ? `v=${random.hex(6)}` : '',
      referer: random.pick(place.pages),
      request_id: `${random.base64(54).replaceAll('/', '_').replaceAll('+', '-')}==`,
      host: (random.chance(0.5) ? place.bucket.custom_host : null) ?? place.bucket.cdn_host,
      user_agent: client.user_agent || null,
      http_version: random.chance(0.7) ? 'HTTP/2.0' : 'HTTP/1.1',
      edge_location: random.pick(EDGES),
      ...change,
    }),
    format: 'cdn',
  }

  function answer(): Change {
    const body =
      method === 'HEAD' ? 0 : outcome === 'range' ? Math.min(size, 1 + random.below(1_048_576)) : size
    const failed = { cache_result: 'Error' } as const
    switch (outcome) {
      case 'unchanged':
        return { status: 304, cache_result: 'Hit', bytes_sent: headers, ...timing(random, client, 3, 0) }
      case 'missing':
        return { status: 404, ...failed, bytes_sent: headers + 243, ...timing(random, client, 30, 0) }
      case 'denied':
        return { status: 403, ...failed, bytes_sent: headers + 231, ...timing(random, client, 5, 0) }
      case 'gone': // the client hung up before an answer
        return {
          ...failed,
          status: null,
          error_code: 'ClientDisconnected',
          ...timing(random, client, 900, 0),
        }
      default: {
        const cache_result = outcome === 'range' ? 'Hit' : outcome
        const times = timing(random, client, outcome === 'Miss' ? 45 : 4, body)
        return { status: outcome === 'range' ? 206 : 200, cache_result, bytes_sent: headers + body, ...times }
      }
    }
  }
}
