import { createRandom } from '../../src/demo/random.ts'
import type { LogFormat, OperationClass } from '../../src/logs/record.ts'
import { operation } from './operations-store.ts'
import type { StoredOperation } from './operations-store.ts'

const kinds: [operation: string, kind: OperationClass, method: string | null, is_request: boolean][] = [
  ['REST.GET.OBJECT', 'read', 'GET', true],
  ['WEBSITE.GET.OBJECT', 'read', 'GET', true],
  ['REST.HEAD.OBJECT', 'read', 'HEAD', true],
  ['REST.HEAD.BUCKET', 'read', 'HEAD', true],
  ['REST.PUT.OBJECT', 'write', 'PUT', true],
  ['REST.PUT.PART', 'write', 'PUT', true],
  ['REST.POST.UPLOADS', 'write', 'POST', true],
  ['REST.POST.MULTI_OBJECT_DELETE', 'delete', 'POST', true],
  ['REST.DELETE.OBJECT', 'delete', 'DELETE', true],
  ['REST.GET.BUCKET', 'list', 'GET', true],
  ['REST.GET.ACL', 'config', 'GET', true],
  ['REST.PUT.ACL', 'config', 'PUT', true],
  ['REST.COPY.OBJECT', 'copy', 'PUT', true],
  ['REST.COPY.OBJECT_GET', 'copy', 'GET', false],
  ['BATCH.DELETE.OBJECT', 'delete', 'DELETE', false],
  ['S3.EXPIRE.OBJECT', 'lifecycle', null, false],
]
const cdnKinds: typeof kinds = [
  ['CDN.GET', 'read', 'GET', true],
  ['CDN.HEAD', 'read', 'HEAD', true],
]
const outcomes: [status: number | null, error: string | null][] = [
  ...Array.from({ length: 12 }, (): [number, null] => [200, null]),
  [206, null],
  [304, null],
  [404, 'NoSuchKey'],
  [403, 'AccessDenied'],
  [503, 'SlowDown'],
  [500, 'InternalError'],
  [null, null],
]

/** `count` operations of all kinds between two times, the same ones for a seed. */
export function traffic(seed: number, count: number, from_ms: number, to_ms: number): StoredOperation[] {
  const random = createRandom(seed, 'traffic')
  return Array.from({ length: count }, () => {
    const format: LogFormat = random.chance(0.25) ? 'cdn' : 's3'
    const [name, kind, method, is_request] = random.pick(format === 'cdn' ? cdnKinds : kinds)
    const [status, error_code] = random.pick(outcomes)
    const key_prefix = random.pick(['a', 'b', 'c', null])
    const key = kind === 'list' ? null : `${key_prefix ? `${key_prefix}/` : ''}${random.below(9)}.jpg`
    const turnaround_ms = random.chance(0.1) ? null : random.around(30, 1)
    return operation({
      // Access logs know whole seconds.
      ts: (Math.floor(from_ms / 1000) + random.below(Math.floor((to_ms - from_ms) / 1000))) * 1_000_000,
      source: random.pick(['source-a', 'source-b']),
      format,
      bucket: random.pick(['photos', 'videos']),
      operation: name,
      class: kind,
      method,
      is_request,
      status,
      error_code: format === 'cdn' ? null : error_code,
      key,
      key_prefix: key === null ? null : key_prefix,
      bytes_sent: random.below(1_000_000),
      bytes_received: kind === 'write' ? random.below(5_000_000_000) : 0,
      total_ms: turnaround_ms === null ? null : Math.round(turnaround_ms * (1 + random.below(30))),
      turnaround_ms: turnaround_ms === null ? null : Math.round(turnaround_ms),
      remote_ip: random.pick(['203.0.113.1', '203.0.113.2', '2001:db8::1', null]),
      requester: random.pick(['alice', 'arn:aws:iam::1:user/bob', null]),
      user_agent: random.pick(['curl/8', 'o\'neill "agent"', '100% agent_x', null]),
      referer: random.pick(['https://example.com/', null]),
      cache_result: format === 'cdn' ? random.pick(['Hit', 'Miss']) : null,
    })
  })
}
