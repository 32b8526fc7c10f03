import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import { Secret } from '../../src/secret.ts'
import type { SourceConfig } from '../../src/source-config.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { until } from '../support/until.ts'
import { openWorld, records } from './spaces-world.ts'
import { apiKey } from './test-app.ts'

setDefaultTimeout(60_000)

let own: SourceConfig[] = []
const world = await openWorld({ ownSources: () => own })
afterAll(world.close)
const { as, get, logs, photos } = world
const bucket = photos.bucket
const start_ms = Math.floor(Date.now() / 1000) * 1000 - 3_600_000
const at = (seconds: number): number => start_ms + seconds * 1000

// Each differs from another in one thing that a wrong decoding or a wrong escape would lose.
const keys = [
  'plain.txt',
  'a b.txt',
  'a+b.txt',
  'a%20b.txt',
  'a%2520b.txt',
  "it's",
  'q"uote',
  '100%',
  '100%25',
  'ü/é.jpg',
  '_',
  'x',
  'a_b.txt',
  'A B.txt',
  'dir/a b.txt',
]
const history = keys.flatMap((key, index) => [
  s3LogLine({
    bucket,
    key,
    at_ms: at(index * 10),
    operation: 'REST.PUT.OBJECT',
    bytes: 0,
    size: index + 1,
    ip: '192.0.2.1',
  }),
  ...Array.from({ length: index + 1 }, (_, read) =>
    s3LogLine({
      bucket,
      key,
      at_ms: at(index * 10 + 1),
      bytes: 7,
      ip: `198.51.100.${read}`,
      user_agent: `reader "${read}"`,
    }),
  ),
])
const copy = { bucket, at_ms: at(900), request_id: 'COPY1', bytes: 0 }
await world.deliver('history', [
  ...history,
  s3LogLine({ ...copy, operation: 'REST.COPY.OBJECT', key: 'copies/a b.txt' }),
  s3LogLine({ ...copy, operation: 'REST.COPY.OBJECT_GET', key: 'a b.txt' }),
  s3LogLine({ bucket, at_ms: at(910), operation: 'REST.POST.MULTI_OBJECT_DELETE', bytes: 300 }),
  s3LogLine({
    bucket,
    at_ms: at(910),
    operation: 'BATCH.DELETE.OBJECT',
    key: 'a b.txt',
    status: 204,
    bytes: 0,
  }),
  s3LogLine({
    bucket,
    at_ms: at(920),
    operation: 'REST.DELETE.OBJECT',
    key: 'a+b.txt',
    status: 204,
    bytes: 0,
  }),
  s3LogLine({ bucket: 'elsewhere', at_ms: at(1), key: 'a b.txt' }),
])

test.each(keys)('object-audit gives the events of %s and of no other object', async (key) => {
  const { status, body } = await get('/tools/object-audit', { bucket, key, limit: '1000' })
  expect(status).toBe(200)
  const reads = keys.indexOf(key) + 1
  const events = records(body).map(({ event, key: of, bucket: where }) => [event, of, where])
  const more = { 'a b.txt': ['batch_delete', 'copy_from'], 'a+b.txt': ['delete'] }[key] ?? []
  const expected = [...more, ...Array.from({ length: reads }, () => 'read'), 'write']
  expect(events).toEqual(expected.map((event) => [event, key, bucket]))
  const summary = records(body.summary)
  expect(summary.find(({ event }) => event === 'read')).toMatchObject({
    events: reads,
    errors: 0,
    bytes_sent: 7 * reads,
  })
  expect(summary.find(({ event }) => event === 'write')).toMatchObject({ events: 1, bytes_received: reads })
})

test('object-audit tells who did it, where the line is, and the other half of a copy', async () => {
  const { body } = await get('/tools/object-audit', { bucket, key: 'a b.txt' })
  const [batch, copied, read] = records(body)
  expect(batch).toMatchObject({
    event: 'batch_delete',
    status: 204,
    ts: `${new Date(at(910)).toISOString().slice(0, -1)}000Z`,
  })
  expect(copied).toMatchObject({ event: 'copy_from', copy_bucket: bucket, copy_key: 'copies/a b.txt' })
  expect(read).toMatchObject({
    event: 'read',
    remote_ip: expect.stringMatching(/^198\.51\.100\.[01]$/),
    requester: 'alice',
    user_agent: expect.stringMatching(/^reader "[01]"$/),
    log_bucket: logs.bucket,
    log_object: 'access/history',
  })
  const other = await get('/tools/object-audit', { bucket, key: 'copies/a b.txt' })
  expect(records(other.body)[0]).toMatchObject({ event: 'copy_to', copy_key: 'a b.txt' })
})

test('object-audit takes a key that logs cannot name for no other', async () => {
  const { body } = await get('/tools/object-audit', { bucket, key: '-' })
  expect([body.rows, body.summary.rows]).toEqual([[], []])
})

test('object-audit pages, and its summary counts every page', async () => {
  const query = { bucket, key: 'A B.txt', limit: '5' }
  const seen: unknown[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await get('/tools/object-audit', { ...query, ...(cursor && { cursor }) })
    seen.push(...records(body).map(({ line_hash }) => line_hash))
    expect(records(body.summary).map(({ events }) => events)).toEqual([14, 1])
    cursor = body.next_cursor
  }
  expect(new Set(seen).size).toBe(15)
})

test('search-logs finds by any field and time', async () => {
  const count = async (query: Record<string, string>): Promise<number> =>
    (await get('/tools/search-logs', { from: '2h', limit: '1000', ...query })).body.rows.length
  expect(await count({ ip: '198.51.100.0', bucket })).toBe(keys.length)
  expect(await count({ request_id: 'COPY1' })).toBe(2)
  expect(await count({ user_agent: 'reader "14"' })).toBe(1)
  expect(await count({ method: 'POST' })).toBe(1)
  expect(await count({ operation: 'BATCH.DELETE.OBJECT', status: '2xx' })).toBe(1)
  expect(await count({ log_object: 'access/nothing' })).toBe(0)
  // reader "1" asked for 14 keys, reader "10" for 5, and so on to "14".
  expect(await count({ tls_version: 'TLSv1.3', q: 'READER "1' })).toBe(14 + 5 + 4 + 3 + 2 + 1)
  expect(await count({ from: new Date(at(905)).toISOString() })).toBe(3)
})

test('list-access-logs gives the newest log objects with what became of their lines', async () => {
  const lines = Array.from({ length: 3 }, (_, i) =>
    s3LogLine({ bucket: 'elsewhere', at_ms: at(2000 + i), key: 'k' }),
  )
  await world.deliver('second', [...lines, 'no log line', ''])
  await logs.put('outside/third', 'not under the log prefix')
  const { body } = await get('/tools/list-access-logs')
  expect(body).toMatchObject({
    log_bucket: logs.bucket,
    log_prefix: 'access/',
    truncated: false,
    scanned: { objects: 2 },
  })
  expect(body.log_objects.map(({ key }: { key: string }) => key).toSorted()).toEqual([
    'access/history',
    'access/second',
  ])
  expect(body.log_objects.find(({ key }: { key: string }) => key === 'access/second')).toMatchObject({
    state: 'done',
    lines: 5,
    rows: 3,
    refused: 1,
    newest_event: `${new Date(at(2002)).toISOString().slice(0, -1)}000Z`,
  })
  const about = await get('/tools/list-access-logs', { bucket })
  expect(about.body.log_objects.map(({ key }: { key: string }) => key)).toEqual(['access/history'])
  expect((await get('/tools/list-access-logs', { limit: '1' })).body.log_objects.length).toBe(1)
})

test('read-log gives the end of a log object, plain or gzip, without its secrets', async () => {
  const lines = Array.from({ length: 30_000 }, (_, i) =>
    s3LogLine({
      bucket: 'elsewhere',
      at_ms: at(i % 60),
      key: `k${i}`,
      referer: `https://e.example/?X-Amz-Signature=s3cret${i}`,
    }),
  )
  const text = `${lines.join('\n')}\n`
  await logs.put('access/tail/plain', text)
  await logs.put(
    'access/tail/packed',
    Buffer.concat([gzipSync(text.slice(0, 900_000)), gzipSync(text.slice(900_000))]),
  )
  for (const [key, gzip] of [
    ['access/tail/plain', false],
    ['access/tail/packed', true],
  ] as const) {
    const { body } = await get('/tools/read-log', { key, limit: '2' })
    expect(body).toMatchObject({ key, gzip, truncated: true })
    expect(body.lines.map((line: string) => / (k\d+) /.exec(line)?.[1])).toEqual(['k29998', 'k29999'])
    expect(body.lines.join('')).not.toContain('s3cret')
    expect(body.lines[1]).toContain('X-Amz-Signature=[redacted]')
  }
  const whole = await get('/tools/read-log', { key: 'access/second' })
  expect(whole.body).toMatchObject({ truncated: false, lines: expect.arrayContaining(['no log line']) })
  expect((await get('/tools/read-log', { key: 'outside/third' })).status).toBe(404)
  expect((await get('/tools/read-log', { key: 'access/none' })).body.error).toMatchObject({
    code: 'not_found',
  })
})

test('search-logs and object-audit are answered to nobody who has not proven the log bucket', async () => {
  const audit = { bucket, key: 'a b.txt' }
  for (const path of ['/tools/object-audit', '/tools/search-logs', '/tools/list-access-logs']) {
    const query = path === '/tools/object-audit' ? audit : { bucket }
    const wrong = await get(path, query, as('alice', { 'x-spaces-secret': 'wrong' }))
    expect([wrong.status, wrong.body.error.code]).toEqual([403, 'bad_credentials'])
    const stranger = await get(path, query, as('stranger'))
    expect([stranger.status, stranger.body.error.code]).toEqual([403, 'forbidden'])
    const own = await get(path, query, as('limited'))
    expect(own.status).toBe(200)
    const none = await get(path, query, as('alice', { 'x-log-bucket': '' }))
    expect(none.status).toBe(400)
    expect(none.body.error.message).toContain('X-Log-Bucket')
    expect((wrong.text + stranger.text + none.text).includes('access/history')).toBe(false)
  }
})

test('object-audit and search-logs count only the rows of the own source', async () => {
  const reads = async (key: string): Promise<unknown> => {
    const { body } = await get('/tools/object-audit', { bucket, key: 'A B.txt' }, as(key))
    return records(body.summary).find(({ event }) => event === 'read')?.['events']
  }
  // A key that cannot tell whose the bucket is has the same lines under a source of its own.
  await until(async () => (await reads('limited')) === 14)
  expect(await reads('alice')).toBe(14)
  const found = (await get('/tools/search-logs', { from: '2h', request_id: 'COPY1' })).body
  expect(found.rows.length).toBe(2)
  expect(
    (await get('/tools/search-logs', { from: '2h', request_id: 'COPY1' }, { 'x-api-key': apiKey })).body.rows
      .length,
  ).toBe(4)
})

test('the API key reads the raw line of a row of the operator’s own sources, and of no others', async () => {
  const [row] = records((await get('/logs/operations', { bucket, limit: '1' })).body)
  const query = { log_object: String(row?.['log_object']), line_hash: String(row?.['line_hash']) }
  const asked = () => get('/tools/log-line', query, { 'x-api-key': apiKey })
  const theirs = await get('/tools/log-line', query)
  expect([theirs.status, theirs.body.line]).toEqual([200, expect.stringContaining(bucket)])
  expect((await asked()).body.error).toMatchObject({
    code: 'not_found',
    hint: expect.stringContaining('lent'),
  })
  const source = {
    ...logs.source('access/', world.front.endpoint),
    key: 'alice',
    secret: new Secret('alice-secret'),
  }
  // The first holds nothing of that name.
  own = [{ ...source, bucket }, source].map((one) => ({ ...one, prefix: 'access/' }))
  expect([(await asked()).status, (await asked()).body]).toEqual([200, theirs.body])
  own = [{ ...source, prefix: 'other/' }]
  expect((await asked()).status).toBe(404)
  expect((await get('/tools/log-line', query, { 'x-api-key': 'wrong' })).status).toBe(401)
})
