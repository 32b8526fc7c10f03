import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import { s3LogLine } from '../support/s3-log-line.ts'
import { until } from '../support/until.ts'
import { openWorld } from './spaces-world.ts'

setDefaultTimeout(60_000)

let later_ms = 0
const world = await openWorld({ clock: () => performance.now() + later_ms })
afterAll(world.close)
const { as, get, post, photos, logs, metrics, front } = world
const now_ms = Math.floor(Date.now() / 1000) * 1000
const today = new Date(now_ms).toISOString().slice(0, 10)

const lines = Array.from({ length: 2000 }, (_, i) =>
  s3LogLine({ bucket: photos.bucket, key: `k${i}`, at_ms: now_ms - 7_200_000 + (i % 60) * 1000 }),
).join('\n')
await logs.put(`access/${today}-10-00-00-AAAA`, gzipSync(`${lines}\nno log line\n`))
front.logging(photos.bucket, null)
front.logging(logs.bucket, null)
front.logging(metrics.bucket, { bucket: logs.bucket, prefix: 'access/m/' })

const validate = (headers: Record<string, string>) => post('/validate-credentials', {}, headers)

test('validate-credentials finds the buckets, their logging and the command that switches it on', async () => {
  const { status, body } = await validate(as('alice'))
  expect(status).toBe(200)
  expect(body).toMatchObject({ valid: true, problem: null, endpoint: front.endpoint, can_list_buckets: true })
  const found = (name: string) => body.buckets.find((bucket: { name: string }) => bucket.name === name)
  expect(found(photos.bucket)).toMatchObject({
    logging: { state: 'off' },
    enable_logging_command:
      `aws s3api put-bucket-logging --endpoint-url ${front.endpoint} --bucket ${photos.bucket} ` +
      `--bucket-logging-status '{"LoggingEnabled":{"TargetBucket":"${logs.bucket}","TargetPrefix":"access/${photos.bucket}/"}}'`,
  })
  expect(found(metrics.bucket)).toMatchObject({
    logging: { state: 'on', target_bucket: logs.bucket, target_prefix: 'access/m/' },
    enable_logging_command: null,
  })
  expect(found(logs.bucket)).toMatchObject({ logging: { state: 'off' }, enable_logging_command: null })
})

test('validate-credentials sniffs the newest log objects and says how late they come', async () => {
  const { logs: found } = (await validate(as('alice'))).body
  expect(found).toMatchObject({ bucket: logs.bucket, prefix: 'access/', readable: true, problem: null })
  expect(found.found).toMatchObject({
    objects_read: 1,
    holds_access_logs: true,
    formats: ['s3'],
    lines: 2000,
    lines_refused: 1,
    buckets: [photos.bucket],
    newest_object: { key: `access/${today}-10-00-00-AAAA` },
    newest_event: new Date(now_ms - 7_200_000 + 59_000).toISOString(),
  })
  expect(found.found.delivery_lag_seconds).toBeWithin(7_141 - 5, 7_141 + 120)
  const other = await validate(as('alice', { 'x-log-bucket': photos.bucket, 'x-log-prefix': '' }))
  expect(other.body.logs.found).toMatchObject({
    objects_read: 0,
    holds_access_logs: false,
    newest_object: null,
  })
})

test('validate-credentials names the buckets of a limited key that it can know of', async () => {
  const { body } = await validate(as('limited'))
  expect(body).toMatchObject({ valid: true, can_list_buckets: false, logs: { readable: true } })
  expect(body.buckets).toMatchObject(
    [
      { name: photos.bucket, found_by: 'logs', logging: { state: 'unknown' } },
      { name: logs.bucket, found_by: 'request', logging: { state: 'unknown' } },
    ].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  )
})

test('validate-credentials never calls valid what the object store has refused', async () => {
  for (const [headers, code] of [
    [as('alice', { 'x-spaces-secret': 'wrong' }), 'bad_credentials'],
    [as('alice', { 'x-spaces-secret': 'wrong', 'x-log-bucket': '' }), 'bad_credentials'],
    [as('nobody'), 'bad_credentials'],
    [as('limited', { 'x-log-bucket': '' }), 'forbidden'],
    [as('limited', { 'x-log-bucket': metrics.bucket }), 'forbidden'],
  ] as const) {
    const { status, body } = await validate(headers)
    expect([status, body.valid, body.problem.code]).toEqual([200, false, code])
  }
  const stranger = (await validate(as('stranger'))).body
  expect(stranger).toMatchObject({
    valid: true,
    logs: { readable: false, problem: { code: 'forbidden' }, found: null },
  })
  front.fault = () => ({ status: 500, code: 'InternalError' })
  const away = await validate(as('alice', { 'x-log-prefix': 'other/' }))
  front.fault = () => null
  expect([away.status, away.body.error.code]).toEqual([503, 'object_store_away'])
})

test('a log bucket that the key may list and not read opens nothing, and the check says so', async () => {
  front.allow('lists', { secret: 'lists-secret', owner: 'alice', buckets: { [logs.bucket]: 'list' } })
  await logs.put('other/a', 'x')
  const headers = as('lists', { 'x-log-prefix': 'other/' })
  const { status, body } = await world.get('/metrics/operations', {}, headers)
  expect([status, body.error.code]).toEqual([403, 'forbidden'])
  expect((await validate(headers)).body.logs).toMatchObject({
    readable: false,
    problem: { code: 'forbidden', message: expect.stringContaining('may not read it') },
    found: null,
    lease: null,
  })
})

test('a key that loses the right to read while its logs are read: the reading stops, and answers say so', async () => {
  const allow = (right: 'read' | 'list') =>
    front.allow('lists', { secret: 'lists-secret', owner: 'alice', buckets: { [logs.bucket]: right } })
  allow('read')
  await logs.put('late/a', 'x')
  const headers = as('lists', { 'x-log-prefix': 'late/' })
  const coverage = async () => (await world.get('/metrics/operations', {}, headers)).body.coverage
  await coverage()
  // Within the 60 seconds of its proof.
  allow('list')
  await logs.put('late/b', 'x')
  await until(
    async () => (await coverage()).notes.some((note: string) => note.includes('is not being read')),
    { what: 'the reading has stopped' },
  )
  expect(await coverage()).toMatchObject({
    listing_complete: false,
    notes: ['a log source is not being read: the object store does not let the key read its log objects'],
  })
  const { status, body } = await validate(headers)
  expect([status, body.valid]).toEqual([200, true])
  expect(body.logs).toMatchObject({
    readable: false,
    problem: { code: 'forbidden' },
    found: null,
    lease: { state: 'refused', reason: expect.stringContaining('read its log objects') },
  })
})

test('an empty log bucket is read once there is something in it, into one source', async () => {
  const headers = as('alice', { 'x-log-prefix': 'later/' })
  expect((await get('/metrics/sources', {}, headers)).body).toEqual({ sources: [] })
  const reading = () => world.sources.statuses().filter(({ prefix }) => prefix === 'later/')
  expect(reading()).toEqual([])
  await logs.put('later/one', `${s3LogLine({ bucket: 'later-photos', key: 'a', at_ms: Date.now() })}\n`)
  later_ms += 61_000
  const ask = async () => (await get('/metrics/sources', {}, headers)).body.sources
  await until(async () => (await ask()).length === 1, { what: 'the row is there' })
  expect(reading()).toHaveLength(1)
  const rows = await world.store.rows(`SELECT count() n FROM operations WHERE bucket = 'later-photos'`)
  expect(rows).toEqual([{ n: 1 }])
})
