import { createRandom } from '../../src/demo/random.ts'
import { startFaultyProxy } from './faulty-proxy.ts'
import type { FaultyProxy } from './faulty-proxy.ts'

/** Stands before QuestDB's HTTP port: lets it commit, and drops this share (0 to 1) of its replies. */
export function startReplyDroppingProxy(options: {
  url: string
  share: number
  seed: number
}): Promise<FaultyProxy> {
  const { hostname, port } = new URL(options.url)
  const random = createRandom(options.seed, 'replies')
  return startFaultyProxy({
    target: { host: hostname, port: Number(port) },
    plan: () =>
      random.chance(options.share) ? { name: 'reply dropped', fault: { kind: 'reply dropped' } } : null,
  })
}
