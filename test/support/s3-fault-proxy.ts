import { createDraw, createRandom } from '../../src/demo/random.ts'
import type { Random } from '../../src/demo/random.ts'
import { startFaultyProxy } from './faulty-proxy.ts'
import type { Fault, FaultyProxy } from './faulty-proxy.ts'

/** Stands before an S3 server, for clients that only list and read: this share (0 to 1) of exchanges meets a fault. */
export function startS3FaultProxy(options: {
  endpoint: string
  share: number
  seed: number
}): Promise<FaultyProxy> {
  const { hostname, port } = new URL(options.endpoint)
  const random = createRandom(options.seed, 's3')
  const draw = createDraw<[string, (random: Random) => Fault]>([
    [['500', () => answer(500, 'InternalError')], 2],
    [['503 SlowDown', () => answer(503, 'SlowDown')], 2],
    [['reset', () => ({ kind: 'reset' })], 2],
    // A head has about 300 bytes: within it, right behind it, and far into the body.
    [['truncated', ({ below }) => ({ kind: 'truncated', after_bytes: below(40_000) })], 3],
    [['slow', ({ below }) => ({ kind: 'slow', pause_ms: 20 + below(200) })], 1],
  ])
  return startFaultyProxy({
    target: { host: hostname, port: Number(port) },
    plan() {
      if (!random.chance(options.share)) return null
      const [name, make] = draw(random)
      return { name, fault: make(random) }
    },
  })
}

function answer(status: number, code: string): Fault {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>Please reduce your request rate.</Message></Error>`
  const head = `HTTP/1.1 ${status} ${code}\r\nContent-Type: application/xml\r\nContent-Length: ${body.length}\r\nConnection: close`
  return { kind: 'answered', reply: `${head}\r\n\r\n${body}` }
}
