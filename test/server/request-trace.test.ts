import { describe, expect, test } from 'bun:test'
import { Elysia } from 'elysia'
import pino from 'pino'
import { requestTrace } from '../../src/server/request-trace.ts'
import type { FinishedRequest } from '../../src/server/request-trace.ts'
import { until } from '../support/until.ts'
import { apiKey, testApp } from './test-app.ts'

const get = testApp()

describe('the API key', () => {
  const guarded = [
    '/metrics/operations',
    '/metrics/query/AllRequests',
    '/metrics/catalog',
    '/logs/operations',
    '/stats',
    '/admin/api/mission-control',
    '/admin/api/timeseries',
    '/admin/api/events',
  ]

  test.each(guarded)('is asked for by %s, before anything else is looked at', async (path) => {
    for (const headers of [
      {},
      { 'x-api-key': 'wrong' },
      { 'x-api-key': `${apiKey}x` },
      { authorization: apiKey },
    ]) {
      const { status, body } = await get(`${path}?no_such=1`, headers as Record<string, string>)
      expect(status).toBe(401)
      expect(body.error).toMatchObject({
        code: 'unauthorized',
        message: 'Cannot answer without the right API key',
      })
    }
  })

  test.each(['/health', '/health/live', '/health/ready', '/metrics'])(
    'is not asked for by %s',
    async (path) => {
      expect((await get(path, {})).status).toBe(200)
    },
  )
})

describe('errors', () => {
  test.each([
    ['/nope', 404, 'not_found', 'Cannot find this address'],
    ['/metrics/operations?form=1h', 400, 'invalid_parameter', "the parameter 'form': it is not known"],
    ['/metrics/operations?limit=5', 400, 'invalid_parameter', "the parameter 'limit': it is not known"],
    ['/metrics/catalog?x=1', 400, 'invalid_parameter', "the parameter 'x': it is not known"],
    ['/metrics/query/TopKeys?limit=5000', 400, 'invalid_parameter', "Cannot use the parameter 'limit'"],
    ['/logs/operations?limit=', 400, 'invalid_parameter', "Cannot use the parameter 'limit'"],
    ['/logs/operations?cursor=abc', 400, 'invalid', 'Cannot use this cursor'],
    ['/metrics/operations?from=late', 400, 'invalid', "Cannot read from: 'late' is no time"],
    ['/metrics/operations?status=9xx', 400, 'invalid', "Cannot filter by status '9xx'"],
    ['/metrics/operations?bucket=%00', 400, 'invalid', 'NUL'],
    ['/metrics/operations?bucket=', 400, 'invalid_parameter', "Cannot use the parameter 'bucket'"],
  ])('%s is answered %i in the one shape', async (path, status, code, message) => {
    const answer = await get(path)
    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({
      error: {
        code,
        message: expect.stringContaining(message),
        hint: expect.any(String),
        request_id: answer.headers.get('x-request-id'),
      },
    })
  })

  test('an unknown parameter is told the known ones', async () => {
    const { body } = await get('/metrics/operations?form=1h')
    expect(body.error.hint).toStartWith('the known ones are from, to, bucket')
  })
})

test('each answer has an id, a duration and headers that keep it safe', async () => {
  const types = {
    '/metrics/catalog': 'metrics.catalog',
    '/nope': 'unknown',
    '/health': 'health',
    '/metrics': 'metrics',
    '/metrics/query/x': 'metrics.query',
  }
  for (const [path, type] of Object.entries(types)) {
    const { headers } = await get(path)
    expect(headers.get('x-operation-type')).toBe(type)
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
    expect(Number(headers.get('x-request-duration-ms'))).toBeGreaterThanOrEqual(0)
    expect(headers.get('x-request-duration-ms')).not.toBeNull()
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('cache-control')).toBe('no-store')
  }
})

test('a sane request id is taken over, any other is replaced', async () => {
  const sent = async (id: string) =>
    (await get('/health/live', { 'x-request-id': id })).headers.get('x-request-id')
  expect(await sent('trace-1:a.b_c')).toBe('trace-1:a.b_c')
  for (const id of ['with space', '<script>', 'x'.repeat(65)]) expect(await sent(id)).not.toBe(id)
})

test('each request is one line of log and one record, with the pattern of its route and never its address', async () => {
  const lines: Record<string, unknown>[] = []
  const log = pino(
    { base: null, timestamp: false },
    { write: (line: string) => void lines.push(JSON.parse(line)) },
  )
  const finished: FinishedRequest[] = []
  const app = new Elysia({ normalize: false })
    .use(
      requestTrace({
        log,
        onFinished: (one) => finished.push(one),
        scopeOf: () => 'admin',
        addressOf: () => null,
        now: () => 1,
        slow_ms: 30,
      }),
    )
    .get('/metrics/query/:metric', () => ({ text: 'ü' }))
    .get('/slow', async () => {
      const start = performance.now()
      await until(() => performance.now() - start > 40)
      return 'done'
    })
    .get('/broken', () => {
      throw new Error('secret words')
    })
  const ask = (path: string) =>
    app.handle(new Request(`http://localhost${path}`, { headers: { 'x-request-id': 'trace-1' } }))
  await ask('/metrics/query/secret-name?bucket=photos&key=secret-key')
  await until(() => finished.length === 1)
  expect(finished).toEqual([
    {
      ts_ms: 1,
      request_id: 'trace-1',
      method: 'GET',
      route: '/metrics/query/:metric',
      operation_type: 'metrics.query',
      bucket: 'photos',
      scope: 'admin',
      status: 200,
      error_code: null,
      duration_ms: expect.any(Number),
      bytes_out: 13,
      client_network: null,
    },
  ])
  expect(lines).toEqual([{ level: 30, ...finished[0], msg: 'request' }])

  await ask('/slow')
  await until(() => finished.length === 2)
  expect(lines[1]).toMatchObject({ level: 40, msg: 'slow request', route: '/slow', bytes_out: 4 })
  await ask('/nope/secret-path?bucket=%3Cscript%3E')
  await until(() => finished.length === 3)
  expect(finished[2]).toMatchObject({
    route: 'none',
    status: 404,
    error_code: 'not_found',
    bucket: null,
  })
  await ask('/broken')
  await until(() => finished.length === 4)
  expect(finished[3]).toMatchObject({ status: 500, error_code: 'internal' })
  expect(JSON.stringify([finished, lines.filter(({ msg }) => msg !== 'request failed')])).not.toMatch(
    /secret|script/,
  )
})
