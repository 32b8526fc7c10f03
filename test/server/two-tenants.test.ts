import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { openQueryPool } from '../../src/store/query.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { testQuestDB } from '../support/servers.ts'
import { until } from '../support/until.ts'
import { openWorld } from './spaces-world.ts'

setDefaultTimeout(120_000)

const gateConnections = 4
const { pgUrl } = await testQuestDB()
const gatePool = openQueryPool(pgUrl.reveal(), { connections: gateConnections, timeout_ms: 60_000 })
const world = await openWorld({ gatePool, gateConnections, trustProxy: 1 })
const { app, as, photos, logs, front, store } = world
app.listen({ port: 0, hostname: '127.0.0.1' })
afterAll(async () => {
  await app.stop(true)
  await world.close()
  await gatePool.close()
})
const lines = Array.from({ length: 1_200 }, (_, n) =>
  s3LogLine({ bucket: photos.bucket, key: `k${n}`, at_ms: Date.now() - 7_200_000 + n * 1000 }),
)
await world.deliver('one', lines)
// Two keys to the same rows: what is counted is the key.
front.allow('hostile', {
  secret: 'hostile-secret',
  owner: 'alice',
  buckets: { [photos.bucket]: 'full', [logs.bucket]: 'full' },
  listBuckets: true,
})

const slow = `SELECT sum(a.status + b.status + c.status + d.status) AS s FROM operations a
JOIN operations b ON a.bucket = b.bucket JOIN operations c ON b.bucket = c.bucket JOIN operations d ON c.bucket = d.bucket`
const sql = (text: string, key: string, signal?: AbortSignal) =>
  fetch(`http://127.0.0.1:${app.server?.port}/sql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...as(key) },
    body: JSON.stringify({ sql: text }),
    ...(signal && { signal }),
  })
const alive = async () =>
  (
    await store.query(
      "SELECT query FROM query_activity() WHERE query LIKE '%a.status + b%' AND query NOT LIKE '%activity%'",
    )
  ).rows.length

test('while one key keeps the gate full of what never ends, another to the same rows is answered', async () => {
  const leaving = new AbortController()
  const flood = Array.from({ length: 16 }, () =>
    sql(slow, 'hostile', leaving.signal).then(
      ({ status }) => status,
      () => 'left',
    ),
  )
  await until(async () => (await alive()) === 2, { what: 'the hostile key has its two' })
  for (let i = 0; i < 10; i++) {
    const answers = await Promise.all(
      ['alice', 'alice'].map((key) => sql('SELECT count() AS n FROM operations', key)),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
  }
  // None of its own has ended meanwhile, and none of the ten that wait has got a third place.
  expect(await alive()).toBe(2)
  leaving.abort()
  const ends = await Promise.all(flood)
  expect(ends.filter((end) => end !== 'left')).toEqual([429, 429, 429, 429])
  await until(async () => (await alive()) === 0, { what: 'no query is left' })
})

test('who guesses secrets of a key locks out the address it comes from, and not the holder of the key', async () => {
  const secret = { 'x-spaces-secret': 'guess', 'x-log-prefix': 'other/' }
  const from = (address: string, more: Record<string, string> = {}) =>
    world.get(
      '/metrics/catalog',
      {},
      as('alice', { 'x-forwarded-for': address, 'x-log-prefix': 'other/', ...more }),
    )
  for (let i = 0; i < 10; i++) await from('192.0.2.1', secret)
  expect((await from('192.0.2.1', secret)).body.error.code).toBe('too_many_attempts')
  expect((await from('192.0.2.1')).body.error.code).toBe('too_many_attempts')
  expect((await from('192.0.2.2')).status).toBe(200)
  expect((await from('192.0.2.1')).status).toBe(200)
})
