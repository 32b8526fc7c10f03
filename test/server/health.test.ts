import { expect, test } from 'bun:test'
import { UnavailableError } from '../../src/errors.ts'
import { createLog } from '../../src/log.ts'
import type { ActorStatus, SourceStatus } from '../../src/pipeline/status.ts'
import { Secret } from '../../src/secret.ts'
import { createServer } from '../../src/server/server.ts'
import type { ServerOptions } from '../../src/server/server.ts'

const now_ms = Date.parse('2026-10-05T12:00:00Z')
const hour = 3_600_000
const idle: ActorStatus = { name: 'reader', state: 'idle', queued: 0, reason: null, since_ms: 0 }
const healthy: SourceStatus = {
  source: 'source-a',
  endpoint: 'https://sgp1.digitaloceanspaces.com',
  bucket: 'secret-log-bucket',
  prefix: '',
  actors: [idle],
  backlog: 0,
  listed: true,
  objects_done: 7,
  objects_refused: 0,
  lines: 1000,
  rows: 1000,
  refused: 0,
  blank: 0,
  bytes: 500_000,
  newest_event_ms: now_ms - hour,
  newest_delivery_ms: now_ms - 1_000_000,
}
const writable = { suspended: [], lag_transactions: 0, disk_free: 0.5, away: null }

async function ask(path: string, changes: Partial<ServerOptions>, apiKey?: string) {
  const app = createServer({
    query: async () => ({ columns: [], rows: [] }),
    apiKey: new Secret('the-right-api-key'),
    sources: () => [healthy],
    walStatus: () => writable,
    slowOperation_ms: 5000,
    log: createLog('silent'),
    now: () => now_ms,
    ...changes,
  })
  const headers: Record<string, string> = apiKey === undefined ? {} : { 'x-api-key': apiKey }
  const response = await app.handle(new Request(`http://localhost${path}`, { headers }))
  return { status: response.status, body: JSON.parse(await response.text()) }
}

const source = (changes: Partial<SourceStatus>): Partial<ServerOptions> => ({
  sources: () => [healthy, { ...healthy, ...changes }],
})
const retryingFor = (ms: number): Partial<ServerOptions> =>
  source({
    actors: [idle, { ...idle, state: 'retrying', reason: '503 from secret-host', since_ms: now_ms - ms }],
  })
const refusing = { query: () => Promise.reject(new UnavailableError('connect 10.0.0.9')) }

test('health is ok while nothing is wrong', async () => {
  const fine = [
    {},
    retryingFor(59_000),
    source({ lines: 99, refused: 99 }),
    source({ refused: 10 }),
    source({ newest_delivery_ms: null, listed: false }),
    { sources: () => [] },
    { walStatus: () => ({ ...writable, disk_free: null }) },
  ]
  for (const changes of fine) {
    expect(await ask('/health', changes)).toEqual({ status: 200, body: { status: 'ok', reasons: [] } })
  }
})

const half = '1 of 2 log sources: '
test.each<[string, Partial<ServerOptions>, string]>([
  ['pipeline_retrying', retryingFor(61_000), `${half}something that the pipeline needs has been away`],
  ['pipeline_stopped', source({ actors: [{ ...idle, state: 'stopped' }] }), `${half}an actor has stopped`],
  ['lines_refused', source({ refused: 11 }), `${half}over 1 % of the lines`],
  ['source_silent', source({ newest_delivery_ms: now_ms - 6 * hour - 1 }), `${half}no log object has come`],
  ['source_silent', source({ newest_delivery_ms: null }), `${half}no log object has come`],
  [
    'table_suspended',
    { walStatus: () => ({ ...writable, suspended: ['operations'] }) },
    'QuestDB has suspended operations',
  ],
  ['disk_low', { walStatus: () => ({ ...writable, disk_free: 0.099 }) }, '9 % of the disk is free'],
  ['questdb_away', { walStatus: () => ({ ...writable, away: '10.0.0.9' }) }, 'QuestDB answers no writer'],
])('health is degraded by %s, without naming anybody', async (code, changes, message) => {
  const { status, body } = await ask('/health', changes)
  expect(status).toBe(200)
  expect(body).toEqual({ status: 'degraded', reasons: [{ code, message: expect.stringContaining(message) }] })
  expect(JSON.stringify(body)).not.toMatch(/secret|source-a|10\.0/)
})

test('health is down and nothing is ready while QuestDB is away, and the process is still alive', async () => {
  expect(await ask('/health', refusing)).toEqual({
    status: 503,
    body: { status: 'down', reasons: [{ code: 'questdb_away', message: 'QuestDB does not answer' }] },
  })
  expect(await ask('/health/ready', refusing)).toEqual({ status: 503, body: { status: 'down' } })
  expect(await ask('/health/live', refusing)).toEqual({ status: 200, body: { status: 'ok' } })
})

test('health is down when QuestDB takes a query and never answers', async () => {
  const { status } = await ask('/health/ready', { query: () => new Promise(() => {}) })
  expect(status).toBe(503)
})

test('health tells of each source only to who has the key', async () => {
  const { body } = await ask('/health', {}, 'the-right-api-key')
  expect(body.sources).toMatchObject([
    {
      source: 'source-a',
      bucket: 'secret-log-bucket',
      actors: [{ name: 'reader', state: 'idle' }],
      backlog: 0,
      newest_event: '2026-10-05T11:00:00.000Z',
      delivery_lag_seconds: 2600,
    },
  ])
  expect((await ask('/health', {}, 'wrong')).body.sources).toBeUndefined()
})
