import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import pino from 'pino'
import type { Endpoint } from '../../src/api/endpoint.ts'
import { endpoints } from '../../src/api/endpoints.ts'
import { startRequestRecorder } from '../../src/server/request-recorder.ts'
import { testBucket } from '../support/bucket.ts'
import { startS3Identities } from '../support/s3-identities.ts'
import { plantFinding } from '../support/plant-finding.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { testS3 } from '../support/servers.ts'
import { openTestStore } from '../support/store.ts'
import { until } from '../support/until.ts'
import { openWorld } from './spaces-world.ts'
import { apiKey } from './test-app.ts'

setDefaultTimeout(120_000)

type Names = Record<string, string>

const logged: string[] = []
const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) })
let clock_ms = 1_000_000
const recorded = await openTestStore()
const recorder = startRequestRecorder({ appender: recorded.appender, log, pace_ms: 20 })
const world = await openWorld({ clock: () => clock_ms, log, recorder })
const { app, front, store, photos, logs } = world
const elsewhere = await startS3Identities(await testS3())
afterAll(async () => {
  await recorder.stop(5_000)
  await world.close()
  await elsewhere.close()
  await recorded.close()
})

// Two tenants. No request holds the canary of the other, so wherever it comes up it has leaked.
const secretOf = { alice: `alice-${crypto.randomUUID()}`, bob: `bob-${crypto.randomUUID()}` }
const canaryOf = { alice: `canary-${crypto.randomUUID()}`, bob: `canary-${crypto.randomUUID()}` }
const ipOf = { alice: '198.51.100.171', bob: '198.51.100.172' }
const [bobPhotos, bobLogs] = await Promise.all([testBucket(), testBucket()])
const placesOf = {
  alice: { photos, logs, owner: 'alice' },
  bob: { photos: bobPhotos, logs: bobLogs, owner: 'bob' },
}
type Tenant = keyof typeof placesOf
const tenants = ['alice', 'bob'] as const
const logObject = 'access/2026-11-24-10-00-00-known'

for (const tenant of tenants) {
  const mine = placesOf[tenant]
  const buckets = { [mine.photos.bucket]: 'full', [mine.logs.bucket]: 'full' } as const
  for (const { bucket } of [mine.photos, mine.logs]) front.own(bucket, mine.owner)
  for (const key of [tenant, `${tenant}-2`])
    front.allow(key, { secret: secretOf[tenant], owner: mine.owner, buckets, listBuckets: true })
}

// Of alice's account, and may see the names in her log bucket, as S3 keeps that apart from reading.
front.allow('lister', {
  secret: 'lister-secret',
  owner: 'alice',
  buckets: { [logs.bucket]: 'list' },
  listBuckets: true,
})

function as(tenant: Tenant, more: Names = {}): Names {
  return {
    'x-spaces-key': tenant,
    'x-spaces-secret': secretOf[tenant],
    'x-endpoint': front.endpoint,
    'x-log-bucket': placesOf[tenant].logs.bucket,
    'x-log-prefix': 'access/',
    ...more,
  }
}

for (const tenant of tenants) {
  const { photos: mine, logs: own } = placesOf[tenant]
  const canary = canaryOf[tenant]
  const lines = Array.from({ length: 5 }, (_, i) =>
    s3LogLine({
      bucket: mine.bucket,
      key: i === 0 ? 'known.jpg' : `${canary}/${i}.jpg`,
      at_ms: Date.now() - 600_000 + i * 1000,
      ip: ipOf[tenant],
      requester: canary,
      user_agent: canary,
      referer: `https://${canary}.example/`,
    }),
  )
  await mine.put('known.jpg', 'x')
  await mine.put(`${canary}/photo.jpg`, 'x')
  await own.put(`access/2026-11-24-11-00-00-${canary}`, gzipSync(lines.join('\n')))
  await own.put(logObject, `${lines[0]}\n`)
  const sources = async () =>
    (await app.handle(new Request('http://localhost/metrics/sources', { headers: as(tenant) }))).json()
  await until(
    async () => ((await sources()) as { sources: { operations: number }[] }).sources[0]?.operations === 5,
    {
      what: `the rows of ${tenant} are there`,
    },
  )
}
/** Lets a detector have seen something of this tenant; gives the id of that. */
async function findingOfTenant(tenant: Tenant): Promise<string> {
  const { text } = await ask({ method: 'GET', path: '/metrics/sources', query: {} }, as(tenant))
  const source = /"source":"(\w+)"/.exec(text)?.[1] ?? ''
  const { bucket } = placesOf[tenant].photos
  await plantFinding(store.appender.append, { source, bucket, requester: canaryOf[tenant] })
  await store.visible()
  const { text: list } = await ask({ method: 'GET', path: '/findings', query: {} }, as(tenant))
  return /"id":"([^"]+)"/.exec(list)?.[1] ?? ''
}
await store.visible()
const findingOf = { alice: await findingOfTenant('alice'), bob: await findingOfTenant('bob') }

/** Texts that only this tenant may see. */
const treasures = (tenant: Tenant) => [canaryOf[tenant], ipOf[tenant], secretOf.alice, secretOf.bob]

const catalog: Asked = { method: 'GET', path: '/metrics/catalog', query: {} }
const rows: Asked = { method: 'GET', path: '/logs/operations', query: { limit: '10' } }

interface Asked {
  method: string
  path: string
  query: Names
  body?: unknown
}

const call = (name: string, args: object) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: args },
})

/** Everything that every route can be asked about the bucket of a tenant. */
function questions(tenant: Tenant): Asked[] {
  const { bucket } = placesOf[tenant].photos
  const sql = 'SELECT * FROM operations'
  const values: Names = {
    bucket,
    key: 'known.jpg',
    metrics: 'TopKeys,TopClientIPs',
    log_object: logObject,
    line_hash: '1',
  }
  const bodies: Record<string, unknown[]> = {
    '/session': [{}],
    '/sql': [{ sql }, { sql: `${sql} WHERE bucket = '${bucket}'` }, { sql: 'SELECT * FROM log_objects' }],
    '/sql/validate': [{ sql }],
    '/findings/:id/mark': [{ state: 'acknowledged' }],
    '/chat': [{ message: 'who reads?', bucket }],
    '/mcp': [
      call('run_sql', { sql }),
      call('search_logs', { bucket }),
      call('query_metric', { metric: 'TopClientIPs', bucket }),
      call('list_objects', { bucket }),
      call('read_cost', { about: 'causes' }),
      call('read_log', { key: logObject }),
      call('list_findings', {}),
      call('read_finding', { id: findingOf[tenant] }),
    ],
  }
  const names: Record<string, string[]> = {
    ':metric': ['TopKeys', 'TopRequesters', 'TopUserAgents'],
    ':id': ['1', findingOf[tenant]],
    ':question': ['TopKeys', 'top_clients'],
  }
  return Object.entries<Endpoint>(endpoints).flatMap(([endpoint, { query: asked, body: taken }]): Asked[] => {
    const [method = '', path = ''] = endpoint.split(' ')
    const { required = [], properties = {} } = (asked ?? {}) as { required?: string[]; properties?: object }
    const needed = path === '/tools/read-log' ? { ...values, key: logObject } : values
    const query = Object.fromEntries(required.map((name) => [name, needed[name] ?? '']))
    // Narrowed to the bucket, and as wide as it goes.
    const queries = 'bucket' in properties && !('bucket' in query) ? [query, { ...query, bucket }] : [query]
    const [name] = /:\w+/.exec(path) ?? []
    const paths = name ? (names[name] ?? []).map((value) => path.replace(name, value)) : [path]
    const sent = taken || path === '/mcp' ? bodies[path] : [undefined]
    // Whoever adds a route says here how it is asked.
    if (!sent || paths.length === 0) throw new Error(`Cannot ask ${method} ${path}: no body or name for it`)
    return paths.flatMap((path) =>
      queries.flatMap((query) => sent.map((body) => ({ method, path, query, body }))),
    )
  })
}

async function ask(
  { method, path, query, body }: Asked,
  headers: Names,
): Promise<{ status: number; text: string }> {
  const search = new URLSearchParams(query).toString()
  const sent = {
    method,
    headers: {
      'content-type': 'application/json',
      ...(path === '/mcp' && { accept: 'application/json, text/event-stream' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
  const response = await app.handle(new Request(`http://localhost${path}${search ? `?${search}` : ''}`, sent))
  const text = `${JSON.stringify([...response.headers])}${await response.text()}`
  return { status: response.status, text }
}

let requests = 0
/** Asks everything about the bucket of `victim`; gives each answer that holds what only the victim may see. */
async function leaks(victim: Tenant, headers: Names): Promise<string[]> {
  const found: string[] = []
  for (const [at, asked] of questions(victim).entries()) {
    // Failures of the minute before do not count, so that each is asked of the object store anew.
    if (at % 5 === 0) clock_ms += 61_000
    requests++
    // The victim is right at the same moment, so that whatever is kept of that is warm.
    const [{ status, text }] = await Promise.all([ask(asked, headers), ask(catalog, as(victim))])
    for (const treasure of treasures(victim))
      if (text.includes(treasure))
        found.push(`${asked.method} ${asked.path} ${status}: ${text.slice(0, 200)}`)
  }
  return found
}

async function signIn(body: object): Promise<Names> {
  const response = await app.handle(
    new Request('http://localhost/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )
  expect(response.status).toBe(200)
  return { cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '', 'sec-fetch-site': 'same-origin' }
}

const bodyOf = (tenant: Tenant) => ({
  spaces_key: tenant,
  spaces_secret: secretOf[tenant],
  endpoint: front.endpoint,
  log_bucket: placesOf[tenant].logs.bucket,
  log_prefix: 'access/',
})

test('each tenant sees its own canary by these very requests', async () => {
  for (const tenant of tenants) {
    const seen = new Set<string>()
    for (const asked of questions(tenant)) {
      const { text } = await ask(asked, as(tenant))
      if (text.includes(canaryOf[tenant]) || text.includes(ipOf[tenant])) seen.add(asked.path)
      expect(text).not.toContain(secretOf[tenant])
    }
    const expected = [
      '/metrics/query/TopKeys',
      '/metrics/top-ips',
      '/metrics/batch',
      '/logs/operations',
      '/tools/search-logs',
      '/tools/object-audit',
      '/tools/read-log',
      '/tools/list-access-logs',
      '/tools/list-all',
      '/tools/recent-objects',
      '/tools/storage-summary',
      '/tools/hot-cold',
      '/plots/top-ips.svg',
      '/sql',
      '/findings',
      `/findings/${findingOf[tenant]}`,
      `/findings/${findingOf[tenant]}/mark`,
      '/mcp',
    ]
    expect(expected.filter((path) => !seen.has(path))).toEqual([])
  }
})

const attacks: [name: string, headers: () => Names | Promise<Names>][] = [
  ['bob, who names buckets of alice', () => as('bob')],
  ['bob with the log bucket of alice', () => as('bob', { 'x-log-bucket': logs.bucket })],
  ['bob without a log bucket', () => as('bob', { 'x-log-bucket': '' })],
  ['the key of alice with a wrong secret', () => as('alice', { 'x-spaces-secret': 'wrong' })],
  ['the key of alice with the secret of bob', () => as('alice', { 'x-spaces-secret': secretOf.bob })],
  ['the secret of alice with another key', () => as('alice', { 'x-spaces-key': 'bob' })],
  ['alice at another object store', () => as('alice', { 'x-endpoint': elsewhere.endpoint })],
  [
    'a right key of a third account',
    () => as('alice', { 'x-spaces-key': 'stranger', 'x-spaces-secret': 'stranger-secret' }),
  ],
  [
    'a key that may only list the log bucket of alice',
    () => as('alice', { 'x-spaces-key': 'lister', 'x-spaces-secret': 'lister-secret' }),
  ],
  ['a session of bob', () => signIn(bodyOf('bob'))],
  [
    'a session of bob, with the log bucket of alice in a header',
    async () => ({ ...(await signIn(bodyOf('bob'))), 'x-log-bucket': logs.bucket }),
  ],
  [
    'a session that is none',
    () => ({ cookie: `spacewatch_session=${'A'.repeat(43)}`, 'sec-fetch-site': 'same-origin' }),
  ],
  ['a wrong API key', () => ({ 'x-api-key': `${apiKey}x` })],
  ['nobody', () => ({})],
]

test.each(attacks)('%s sees nothing of alice', async (_, headers) => {
  expect(await leaks('alice', await headers())).toEqual([])
})

test('a key that is revoked sees nothing after 60 seconds, by header and by session', async () => {
  const page = await signIn({ ...bodyOf('alice'), spaces_key: 'alice-2' })
  const headers = as('alice', { 'x-spaces-key': 'alice-2' })
  for (const way of [page, headers]) expect((await ask(rows, way)).text).toContain(canaryOf.alice)
  front.revoke('alice-2')
  clock_ms += 60_000
  for (const way of [page, headers]) {
    expect((await ask(rows, way)).status).toBe(403)
    expect(await leaks('alice', way)).toEqual([])
  }
})

test('what was asked is enough to show a leak, and no secret is in a log or a row', async () => {
  expect(requests).toBeGreaterThan(700)
  const after = recorder.status().recorded
  await ask({ method: 'GET', path: '/stats', query: {} }, { 'x-api-key': apiKey })
  await until(() => recorder.status().recorded > after && recorder.status().queued === 0)
  const tables = (await store.rows('SELECT table_name FROM tables()')).map(({ table_name }) =>
    String(table_name),
  )
  expect(tables).toContain('requests')
  for (const table of tables) {
    const rows = JSON.stringify(await store.rows(`SELECT * FROM "${table}" LIMIT -20000`))
    for (const secret of [secretOf.alice, secretOf.bob, apiKey])
      expect([table, rows.includes(secret)]).toEqual([table, false])
  }
  expect(logged.length).toBeGreaterThan(requests)
  const all = logged.join('')
  for (const secret of [secretOf.alice, secretOf.bob, apiKey, 'spacewatch_session='])
    expect(all.includes(secret)).toBe(false)
  expect(all).not.toContain(canaryOf.alice)
})
