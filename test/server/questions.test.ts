import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { library } from '../../src/questions/library.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { openWorld, records } from './spaces-world.ts'

setDefaultTimeout(60_000)

const now_ms = Math.floor(Date.now() / 1000) * 1000
const world = await openWorld({ now: () => now_ms })
afterAll(world.close)
const { as, get, photos } = world
const at = (hours_ago: number): number => now_ms - hours_ago * 3_600_000
const deleted = { bucket: photos.bucket, operation: 'REST.DELETE.OBJECT', status: 204, requester: 'mallory' }
const hostile = `it's "odd"; -- \\.jpg`
await world.deliver('deletes', [
  s3LogLine({ ...deleted, key: 'a.jpg', at_ms: at(2) }),
  s3LogLine({ ...deleted, key: hostile, at_ms: at(30) }),
  s3LogLine({ ...deleted, key: 'long-ago.jpg', at_ms: at(24 * 8) }),
  s3LogLine({ ...deleted, key: '=1+1', at_ms: at(3), requester: 'alice' }),
  s3LogLine({ bucket: photos.bucket, key: 'a.jpg', at_ms: at(3) }),
])
const keys = (body: Parameters<typeof records>[0]) => records(body).map(({ key }) => key)

test('the library is told with its parameters and SQL', async () => {
  const { status, body } = await get('/sql/library')
  expect(status).toBe(200)
  expect(body.questions.map(({ name }: { name: string }) => name)).toEqual(library.map(({ name }) => name))
  expect(body.questions[0]).toMatchObject({
    name: 'deleted-objects',
    title: 'Which objects were deleted, by whom and when?',
    category: 'who did what',
    window: '7d',
    parameters: expect.arrayContaining([
      { name: 'bucket', type: 'text', default: null, description: 'only of this bucket' },
      {
        name: 'limit',
        type: 'integer',
        default: 100,
        minimum: 1,
        maximum: 1000,
        description: 'rows at most',
      },
    ]),
    sql: expect.stringContaining('AND bucket = {bucket}'),
  })
})

test('a question is answered over its own window, with its SQL and coverage', async () => {
  const { status, body } = await get('/ask/deleted-objects')
  expect(status).toBe(200)
  expect(keys(body)).toEqual(['a.jpg', '=1+1', hostile])
  expect(body).toMatchObject({
    question: 'deleted-objects',
    title: 'Which objects were deleted, by whom and when?',
    row_count: 3,
    truncated: false,
    coverage: {
      window: { from: new Date(at(168)).toISOString(), to: new Date(now_ms).toISOString() },
      newest_event: new Date(at(2)).toISOString().replace('Z', '000Z'),
    },
  })
  expect(body.sql).not.toMatch(/[{}]|source/)
  expect(body.sql_executed).toContain('source IN (')
})

test('its SQL gives the same rows in the console', async () => {
  const { body: answer } = await get('/ask/deleted-objects', { requester: 'mallory' })
  const { from, to } = answer.coverage.window
  const { status, body } = await world.ask('POST', '/sql', {}, as('alice'), { sql: answer.sql, from, to })
  expect(status).toBe(200)
  expect(body.rows).toEqual(answer.rows)
})

test('window, parameters and limit narrow the answer', async () => {
  const ask = async (query: Record<string, string>) => (await get('/ask/deleted-objects', query)).body
  expect(keys(await ask({ from: '10d' }))).toContain('long-ago.jpg')
  expect(keys(await ask({ from: '31h', to: '29h' }))).toEqual([hostile])
  // Without from it looks back from to, by its own window.
  expect(keys(await ask({ to: '100h' }))).toEqual(['long-ago.jpg'])
  expect(keys(await ask({ key: hostile }))).toEqual([hostile])
  expect(keys(await ask({ requester: 'alice' }))).toEqual(['=1+1'])
  expect(await ask({ limit: '1' })).toMatchObject({ row_count: 1, truncated: true })
})

test('an answer comes as CSV, in which no cell is a formula', async () => {
  const { headers, text } = await get('/ask/deleted-objects', { format: 'csv', requester: 'alice' })
  expect(headers.get('content-type')).toContain('text/csv')
  expect(text.split('\r\n')[0]).toBe('ts,bucket,key,requester,remote_ip,operation,request_id')
  expect(text).toContain(`,'=1+1,alice,`)
})

test.each([
  [
    '/ask/deleted-object',
    {},
    'unknown_question',
    "Cannot find the question 'deleted-object'",
    'did you mean deleted-objects?',
  ],
  [
    '/ask/..%2f..%2fetc',
    {},
    'unknown_question',
    "Cannot find the question '../../etc'",
    'GET /sql/library lists the questions',
  ],
  [
    '/ask/copies',
    { bukcet: 'x' },
    'invalid_parameter',
    "Cannot ask copies with the parameter 'bukcet': it is not known",
    'the known ones are bucket, prefix, limit, from and to',
  ],
  [
    '/ask/copies',
    { hours: '3' },
    'invalid_parameter',
    "Cannot ask copies with the parameter 'hours': it is not known",
    null,
  ],
  [
    '/ask/copies',
    { limit: '1; DROP TABLE operations' },
    'invalid_parameter',
    "Cannot use limit '1; DROP TABLE operations'",
    null,
  ],
  ['/ask/hot-objects', { format: 'xml' }, 'invalid_parameter', "Cannot use the parameter 'format'", null],
  ['/ask/copies', { from: 'yesterday' }, 'invalid', "Cannot read from: 'yesterday' is no time", null],
  ['/ask/copies', { from: '4000d' }, 'invalid', 'Cannot use the window: it is 4000 days long', null],
])('%s with %o is refused', async (path, query, code, message, hint) => {
  const { status, body } = await get(path, query)
  expect(status).toBe(400)
  expect(body.error).toMatchObject({ code, message, ...(hint !== null && { hint }) })
})

test('nobody is answered without credentials, and nobody about the rows of others', async () => {
  expect((await get('/ask/deleted-objects', {}, {})).status).toBe(401)
  expect((await get('/sql/library', {}, {})).status).toBe(401)
  expect((await get('/ask/deleted-objects', {}, as('stranger'))).status).toBe(403)
  const { body } = await get('/ask/deleted-objects', {}, as('alice', { 'x-log-prefix': 'elsewhere/' }))
  expect(body.rows).toEqual([])
})
