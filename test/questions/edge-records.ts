import type { AccessEvent } from '../../src/demo/access-event.ts'

/**
 * Records that the generator never makes, each of which one condition alone keeps out of an answer, or in it: failed
 * deletes, sizes on a border, clients and hosts that are not logged, lifecycle rows with times. `plain` is a signed GET.
 */
export function edgeRecords(plain: AccessEvent, from_ms: number): AccessEvent[] {
  let made = 0
  const record = (operation: string, change: Partial<AccessEvent> = {}): AccessEvent => ({
    ...plain,
    operation,
    method: operation.split('.')[1] ?? null,
    at_ms: from_ms + 1000 * made++,
    request_id: `EDGE${String(made).padStart(12, '0')}`,
    key: 'users/1/edge.txt',
    bytes_sent: 0,
    object_size: null,
    ...change,
  })
  const many = (count: number, make: (index: number) => AccessEvent) =>
    Array.from({ length: count }, (_, index) => make(index))
  const denied = { status: 403, error_code: 'AccessDenied', bytes_sent: 250 }
  const stored = { object_size: 4096, bytes_received: 4096 }
  return [
    record('REST.DELETE.OBJECT', denied),
    record('REST.GET.OBJECT', { key: 'mixed/a.txt', status: 400, error_code: 'InvalidRequest' }),
    record('REST.POST.OBJECT', { key: 'forms/a.png', status: 204, ...stored }),
    record('REST.PUT.OBJECT', { key: 'mixed/a.txt', ...stored }),
    record('REST.PUT.OBJECT', { key: 'mixed/b.txt', ...denied }),
    record('REST.PUT.OBJECT', { key: 'failing/a.txt', ...denied }),
    record('REST.PUT.OBJECT', { key: 'without-prefix.txt', ...stored }),
    record('REST.GET.OBJECT', { total_ms: null, turnaround_ms: 3, object_size: 100 }),
    record('REST.GET.OBJECT', { host: null }),
    ...['TLSV1.1', 'TLSv1.0', 'TLSV1.2'].map((tls_version) => record('REST.GET.OBJECT', { tls_version })),
    record('S3.EXPIRE.OBJECT', {
      method: null,
      is_request: false,
      requester: null,
      total_ms: 7,
      turnaround_ms: 3,
      referer: 'https://nobody.example/',
      user_agent: 'NobodyBot/1.0 ExampleBot/',
      signature_version: 'SigV2',
    }),
    ...many(12, (index) =>
      record('REST.GET.OBJECT', {
        key: `users/1/${index}`,
        remote_ip: null,
        status: 404,
        error_code: 'NoSuchKey',
        bytes_sent: 5_000_000_000,
      }),
    ),
    ...many(9, () =>
      record('REST.GET.BUCKETPOLICY', { key: null, status: 404, error_code: 'NoSuchBucketPolicy' }),
    ),
    ...[1 / 16, 1, 16, 128].map((mib) => record('REST.GET.OBJECT', { object_size: mib * 1024 * 1024 })),
  ]
}
