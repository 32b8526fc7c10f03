import { expect, test } from 'bun:test'
import { UnavailableError } from '../../src/errors.ts'
import type { SourceStatus } from '../../src/pipeline/answers.ts'
import type { AppOptions } from '../support/app.ts'
import { apiKey, healthySource, idleActor, now_ms, testApp, writable } from './test-app.ts'

const hour = 3_600_000

async function ask(path: string, changes: Partial<AppOptions>, key = '') {
  const { status, body } = await testApp(changes)(path, { 'x-api-key': key })
  return { status, body }
}

const source = (changes: Partial<SourceStatus>): Partial<AppOptions> => ({
  sources: () => [healthySource, { ...healthySource, ...changes }],
})
const retryingFor = (ms: number): Partial<AppOptions> =>
  source({
    actors: [
      idleActor,
      { ...idleActor, state: 'retrying', reason: '503 from secret-host', since_ms: now_ms - ms },
    ],
  })
/** The ledger's sums of the last day. */
const refusedInLedger = (lines: number, refused: number, objects = 0): Partial<AppOptions> => ({
  query: async (sql) => ({
    columns: [],
    rows: sql.includes('sum(refused)') ? [['source-a', objects, lines, refused]] : [],
  }),
})
const refusing = { query: () => Promise.reject(new UnavailableError('connect 10.0.0.9')) }

test('health is ok while nothing is wrong', async () => {
  const fine = [
    {},
    retryingFor(59_000),
    refusedInLedger(99, 99),
    refusedInLedger(1000, 10),
    source({ newest_delivery_ms: null, listed: false }),
    source({ newest_delivery_ms: null, started_ms: now_ms - 6 * hour }),
    { sources: () => [] },
    { walStatus: () => ({ ...writable, disk_free: null }) },
  ]
  for (const changes of fine) {
    expect(await ask('/health', changes)).toEqual({
      status: 200,
      body: { status: 'ok', reasons: [], storage: null },
    })
  }
})

const half = '1 of 2 log sources: '
test.each<[string, Partial<AppOptions>, string]>([
  ['pipeline_retrying', retryingFor(61_000), `${half}something that the pipeline needs has been away`],
  [
    'pipeline_stopped',
    source({ actors: [{ ...idleActor, state: 'stopped' }] }),
    `${half}an actor has stopped`,
  ],
  ['lines_refused', refusedInLedger(1000, 11), '1 of 1 log sources: over 1 % of the lines'],
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
  expect(body).toEqual({
    status: 'degraded',
    reasons: [{ code, message: expect.stringContaining(message) }],
    storage: null,
  })
  expect(JSON.stringify(body)).not.toMatch(/secret|source-a|10\.0/)
})

test('health is degraded by log objects of the last day that could not be read to their end, as the ledger has them', async () => {
  const asked: string[] = []
  const query = async (sql: string) => {
    if (!sql.includes('sum(refused)')) return { columns: [], rows: [] }
    asked.push(sql)
    return { columns: [], rows: [['source-a', 3, 10, 0]] }
  }
  const { status, body } = await ask('/health', { query })
  expect([status, body.status]).toEqual([200, 'degraded'])
  expect(body.reasons).toEqual([
    { code: 'objects_refused', message: '3 log objects of the last day could not be read to their end' },
  ])
  expect(asked.join()).toContain(new Date(now_ms - 24 * hour).toISOString().slice(0, 19))
})

test('health is down and nothing is ready while QuestDB is away, and the process is still alive', async () => {
  expect(await ask('/health', refusing)).toEqual({
    status: 503,
    body: {
      status: 'down',
      reasons: [{ code: 'questdb_away', message: 'QuestDB does not answer' }],
      storage: null,
    },
  })
  expect(await ask('/health/ready', refusing)).toEqual({ status: 503, body: { status: 'down' } })
  expect(await ask('/health/live', refusing)).toEqual({ status: 200, body: { status: 'ok' } })
})

test('health is down when QuestDB takes a query and never answers', async () => {
  const { status } = await ask('/health/ready', { query: () => new Promise(() => {}) })
  expect(status).toBe(503)
})

test('health tells of each source only to who has the key', async () => {
  const { body } = await ask('/health', {}, apiKey)
  expect(body.sources).toMatchObject([
    {
      source: 'source-a',
      bucket: 'secret-log-bucket',
      actors: [{ name: 'reader', state: 'idle' }],
      backlog: 3,
      newest_event: new Date(now_ms - 120_000).toISOString(),
      delivery_lag_seconds: 60,
    },
  ])
  expect((await ask('/health', {}, 'wrong')).body.sources).toBeUndefined()
})
