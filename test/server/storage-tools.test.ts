import { CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3'
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { s3LogLine } from '../support/s3-log-line.ts'
import { until } from '../support/until.ts'
import { openWorld } from './spaces-world.ts'

setDefaultTimeout(60_000)

const day_ms = 86_400_000
// The server thinks that it is 100 days later, so that what is put now is old.
const now_ms = Math.floor(Date.now() / 1000) * 1000 + 100 * day_ms + 3_600_000
const world = await openWorld({ now: () => now_ms })
afterAll(world.close)
const { as, get, photos, logs, metrics, front } = world
const { bucket } = photos

const sizes: Record<string, number> = {
  'a/1.jpg': 100,
  'a/2.JPG': 200,
  'a/deep/3.txt': 300,
  'b/ü 4.jpg': 4000,
  'root.bin': 50,
  none: 7,
}
for (const [key, size] of Object.entries(sizes)) await photos.put(key, 'x'.repeat(size))

const keysOf = (body: { objects: { key: string }[] }): string[] => body.objects.map(({ key }) => key)

test('list-all gives every object once, page by page, and one prefix alone', async () => {
  const seen: string[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await get('/tools/list-all', { bucket, limit: '4', ...(cursor && { cursor }) })
    seen.push(...keysOf(body))
    cursor = body.next_cursor
  }
  expect(seen).toEqual(Object.keys(sizes).toSorted())
  const { body } = await get('/tools/list-all', { bucket, prefix: 'b/' })
  expect(body).toMatchObject({ objects: [{ key: 'b/ü 4.jpg', bytes: 4000 }], next_cursor: null })
  expect(Date.parse(body.objects[0].modified)).toBeGreaterThan(Date.now() - 600_000)
  expect((await get('/tools/list-all', { bucket, cursor: 'no cursor' })).status).toBe(400)
})

test('top-largest and recent-objects look at the whole prefix', async () => {
  const largest = (await get('/tools/top-largest', { bucket, limit: '2' })).body
  expect(keysOf(largest)).toEqual(['b/ü 4.jpg', 'a/deep/3.txt'])
  expect(largest).toMatchObject({ truncated: false, scanned: { objects: 6, bytes: 4657 } })
  expect(keysOf((await get('/tools/top-largest', { bucket, prefix: 'a/', limit: '2' })).body)).toEqual([
    'a/deep/3.txt',
    'a/2.JPG',
  ])
  await photos.put('a/newest.txt', 'n')
  const recent = (await get('/tools/recent-objects', { bucket, limit: '1' })).body
  const newest = recent.objects[0]
  const all = (await get('/tools/list-all', { bucket })).body.objects
  expect(all.every(({ modified }: { modified: string }) => modified <= newest.modified)).toBe(true)
  await photos.remove('a/newest.txt')
})

test('storage-summary adds up bytes and objects by prefix, extension and age', async () => {
  const { body } = await get('/tools/storage-summary', { bucket })
  expect(body).toMatchObject({ objects: 6, bytes: 4657, truncated: false })
  expect(body.by_prefix).toEqual([
    { name: 'b/', objects: 1, bytes: 4000 },
    { name: 'a/', objects: 3, bytes: 600 },
    { name: '(none)', objects: 2, bytes: 57 },
  ])
  expect(body.by_extension).toEqual([
    { name: 'jpg', objects: 3, bytes: 4300 },
    { name: 'txt', objects: 1, bytes: 300 },
    { name: 'bin', objects: 1, bytes: 50 },
    { name: '(none)', objects: 1, bytes: 7 },
  ])
  expect(body.by_age.filter(({ objects }: { objects: number }) => objects > 0)).toEqual([
    { name: '90 to 365 days', objects: 6, bytes: 4657 },
  ])
  expect(body.incomplete_uploads).toMatchObject({ uploads: 0, bytes: 0, oldest: null, truncated: false })
  const inner = await get('/tools/storage-summary', { bucket, prefix: 'a/' })
  expect(inner.body.by_prefix.map(({ name }: { name: string }) => name)).toEqual(
    ['deep/', '(none)'].toSorted(),
  )
})

test('storage-summary finds uploads that were never completed, where the key may list them', async () => {
  const upload = { Bucket: metrics.bucket, Key: 'lost/ü +%25 upload' }
  const { UploadId } = await metrics.client.send(new CreateMultipartUploadCommand(upload))
  const part = { ...upload, UploadId, PartNumber: 1, Body: 'p'.repeat(500) }
  await metrics.client.send(new UploadPartCommand(part))
  const { body } = await get('/tools/storage-summary', { bucket: metrics.bucket })
  expect(body.incomplete_uploads).toMatchObject({ uploads: 1, bytes: 500, measured: 1, truncated: false })
  // What a key begins with may be no valid XML.
  const odd = await get('/tools/storage-summary', { bucket: metrics.bucket, prefix: 'ü +%\u0011' })
  expect([odd.status, odd.body.incomplete_uploads.uploads]).toEqual([200, 0])
  front.fault = ({ url }) => (url.includes('uploads') ? { status: 403, code: 'AccessDenied' } : null)
  const limited = await get('/tools/storage-summary', { bucket: metrics.bucket })
  front.fault = () => null
  expect([limited.status, limited.body.incomplete_uploads]).toEqual([200, null])
})

test('hot-cold joins the listing with the reads in the logs', async () => {
  const ago = (days: number): number => now_ms - days * day_ms
  await world.deliver('reads', [
    s3LogLine({ bucket, key: 'a/1.jpg', at_ms: ago(1), bytes: 100 }),
    s3LogLine({ bucket, key: 'a/1.jpg', at_ms: ago(40), bytes: 100 }),
    s3LogLine({ bucket, key: 'b/ü 4.jpg', at_ms: ago(40), bytes: 4000 }),
    // None of these is a read of what is there.
    s3LogLine({ bucket, key: 'a/2.JPG', at_ms: ago(1), bytes: 0, operation: 'REST.HEAD.OBJECT' }),
    s3LogLine({ bucket, key: 'a/deep/3.txt', at_ms: ago(1), status: 403 }),
    s3LogLine({ bucket, key: 'root.bin', at_ms: ago(1), operation: 'REST.PUT.OBJECT' }),
    s3LogLine({ bucket: 'elsewhere', key: 'none', at_ms: ago(1) }),
  ])
  const { body } = await get('/tools/hot-cold', { bucket, cold_after_days: '30', expire_after_days: '90' })
  expect(body).toMatchObject({
    reads_known_since: new Date(ago(40)).toISOString(),
    truncated: false,
    totals: {
      objects: 6,
      bytes: 4657,
      hot_objects: 1,
      hot_bytes: 100,
      cold_objects: 1,
      cold_bytes: 4000,
      never_read_objects: 4,
      never_read_bytes: 557,
      reads: 3,
      cdn_reads: 0,
      bytes_read: 4200,
      last_read: new Date(ago(1)).toISOString(),
      expiring_objects: 6,
      expiring_bytes: 4657,
      expiring_hot_objects: 1,
      expiring_hot_bytes: 100,
    },
    lifecycle: [
      { days: 30, objects: 6, bytes: 4657, hot_objects: 1, hot_bytes: 100 },
      { days: 90, objects: 6, bytes: 4657, hot_objects: 1, hot_bytes: 100 },
      { days: 180, objects: 0, bytes: 0 },
      { days: 365, objects: 0, bytes: 0 },
    ],
  })
  expect(body.by_prefix.find(({ prefix }: { prefix: string }) => prefix === 'a/')).toMatchObject({
    objects: 3,
    hot_objects: 1,
    never_read_objects: 2,
    reads: 2,
  })
  expect(keysOf(body)).toEqual(['b/ü 4.jpg', 'a/deep/3.txt', 'a/2.JPG', 'root.bin', 'none'])
  expect(body.objects[0]).toMatchObject({
    warmth: 'cold',
    reads: 1,
    age_days: 100,
    last_read: new Date(ago(40)).toISOString(),
  })
  const hot = await get('/tools/hot-cold', { bucket, order: 'hot', limit: '1' })
  expect(hot.body.objects).toMatchObject([{ key: 'a/1.jpg', warmth: 'hot', reads: 2, bytes_read: 200 }])
  const csv = await get('/tools/hot-cold', { bucket, format: 'csv' })
  expect(csv.text.split('\r\n')[1]).toStartWith('b/ü 4.jpg,4000,')
})

test('buckets are those of the key or, for a limited key, those that it names and its logs are about', async () => {
  const names = (body: { buckets: { name: string; found_by: string }[] }) =>
    body.buckets.map(({ name, found_by }) => [name, found_by]).toSorted()
  const all = (await get('/tools/buckets')).body
  expect(all.can_list).toBe(true)
  expect(names(all)).toEqual([bucket, logs.bucket, metrics.bucket].map((name) => [name, 'key']).toSorted())
  expect(names((await get('/tools/buckets', {}, as('stranger', { 'x-log-bucket': '' }))).body)).toEqual([])
  const askLimited = async () => (await get('/tools/buckets', {}, as('limited'))).body
  // What cannot tell whose a bucket is reads its logs for itself.
  await until(async () => (await askLimited()).buckets.length === 3)
  const limited = await askLimited()
  expect(limited.can_list).toBe(false)
  expect(names(limited)).toEqual(
    [
      [bucket, 'logs'],
      ['elsewhere', 'logs'],
      [logs.bucket, 'request'],
    ].toSorted(),
  )
})

test('what the object store refuses is mapped, and what is wrong with a request is named', async () => {
  const none = { 'x-log-bucket': '' }
  const list = (headers: Record<string, string>, query: Record<string, string> = { bucket }) =>
    get('/tools/list-all', query, headers)
  const code = async (answer: ReturnType<typeof list>) => {
    const { status, body } = await answer
    return [status, body.error.code]
  }
  expect(await code(list(as('alice', { ...none, 'x-spaces-secret': 'wrong' })))).toEqual([
    403,
    'bad_credentials',
  ])
  expect(await code(list(as('nobody', none)))).toEqual([403, 'bad_credentials'])
  expect(await code(list(as('limited', none), { bucket: metrics.bucket }))).toEqual([403, 'forbidden'])
  expect(await code(list(as('alice', { ...none, 'x-endpoint': 'http://127.0.0.1:1' })))).toEqual([
    400,
    'endpoint_refused',
  ])
  expect(await code(list(as('alice', none), { bucket: 'Not A Bucket' }))).toEqual([400, 'invalid'])
  front.fault = ({ bucket: of }) => (of === bucket ? { status: 503, code: 'SlowDown' } : null)
  const slow = await list(as('alice', none))
  front.fault = () => null
  expect([slow.status, slow.body.error.code, slow.headers.get('retry-after')]).toEqual([
    503,
    'object_store_away',
    '5',
  ])
  const missing = await list({ 'x-endpoint': front.endpoint })
  expect([missing.status, missing.body.error.message]).toEqual([
    401,
    'Cannot answer without Spaces credentials: X-Spaces-Key and X-Spaces-Secret are missing',
  ])
  expect((await get('/tools/list-all', {})).body.error).toMatchObject({
    message: "Cannot answer without the parameter 'bucket'",
    hint: 'write a bucket name',
  })
})

test('one caller cannot have more under way than its turns', async () => {
  let open = (): void => {}
  front.hold = new Promise((resolve) => (open = resolve))
  const headers = as('alice', { 'x-log-bucket': '' })
  const answers = Array.from({ length: 105 }, () => get('/tools/list-all', { bucket }, headers))
  const refused = await Promise.any(answers)
  expect([refused.status, refused.body.error.code]).toEqual([429, 'too_busy'])
  open()
  front.hold = null
  const statuses = (await Promise.all(answers)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 200).length).toBe(104)
})
