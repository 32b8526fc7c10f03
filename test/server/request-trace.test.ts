import { describe, expect, test } from 'bun:test'
import { apiKey, testApp } from './test-app.ts'

const get = testApp()

describe('the API key', () => {
  const guarded = [
    '/metrics/operations',
    '/metrics/query/AllRequests',
    '/metrics/catalog',
    '/logs/operations',
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
  for (const path of ['/metrics/catalog', '/nope', '/health', '/metrics', '/metrics/query/x']) {
    const { headers } = await get(path)
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
