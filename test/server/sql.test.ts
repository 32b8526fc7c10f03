import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { s3LogLine } from '../support/s3-log-line.ts'
import { until } from '../support/until.ts'
import { openWorld } from './spaces-world.ts'
import { apiKey } from './test-app.ts'

setDefaultTimeout(120_000)

const world = await openWorld()
const { app, as, ask, photos, store } = world
app.listen({ port: 0, hostname: '127.0.0.1' })
afterAll(async () => {
  await app.stop(true)
  await world.close()
})
const { bucket } = photos
const now_ms = Date.now()
const lines = Array.from({ length: 1_200 }, (_, n) =>
  s3LogLine({
    bucket,
    key: n === 0 ? '=cmd()' : `k${n}`,
    at_ms: now_ms - 7_200_000 + n * 1000,
    status: n % 3 ? 200 : 404,
  }),
)
await world.deliver('one', lines)

const sql = (body: object, headers = as('alice')) => ask('POST', '/sql', {}, headers, body)
const slow = `SELECT sum(a.status + b.status + c.status + d.status) AS s FROM operations a
JOIN operations b ON a.bucket = b.bucket JOIN operations c ON b.bucket = c.bucket JOIN operations d ON c.bucket = d.bucket`
const alive = async () =>
  (
    await store.query(
      "SELECT query FROM query_activity() WHERE query LIKE '%a.status + b%' AND query NOT LIKE '%activity%'",
    )
  ).rows.length

test('POST /sql answers rows with units, what was run and what it rests on', async () => {
  const { status, body } = await sql({ sql: 'SELECT status, count() AS n FROM operations ORDER BY status' })
  expect(status).toBe(200)
  expect(body).toMatchObject({
    columns: [
      { name: 'status', type: 'INT' },
      { name: 'n', type: 'LONG', unit: 'Count' },
    ],
    rows: [
      [200, 800],
      [404, 400],
    ],
    row_count: 2,
    truncated: false,
    sql_executed: expect.stringContaining('FROM operations WHERE source IN ('),
    coverage: { objects_pending: 0, listing_complete: true, lines_refused: 0 },
  })
  expect(body.elapsed_ms).toBeNumber()
  expect((await sql({ sql: 'SELECT key FROM operations' })).body).toMatchObject({
    row_count: 1000,
    truncated: true,
  })
  expect((await sql({ sql: 'SELECT key FROM operations', limit: 5 })).body).toMatchObject({
    row_count: 5,
    truncated: true,
  })
  expect(
    (await sql({ sql: 'SELECT count() AS n FROM operations', from: '2020-01-01', to: '2020-02-01' })).body
      .rows,
  ).toEqual([[0]])
})

test('CSV has all rows, and no cell of it is a formula', async () => {
  const { headers, text } = await sql({
    sql: 'SELECT key, status FROM operations ORDER BY ts',
    format: 'csv',
  })
  expect(headers.get('content-type')).toStartWith('text/csv')
  const rows = text.trim().split('\r\n')
  expect([rows.length, rows[0], rows[1], rows[2]]).toEqual([1201, 'key,status', "'=cmd(),404", 'k1,200'])
  const cut = await sql({ sql: 'SELECT key FROM operations', format: 'csv', limit: 10 })
  expect(cut.headers.get('x-truncated')).toBe('true')
})

test('SQL that is refused says where and what to do', async () => {
  const { status, body } = await sql({ sql: 'SELECT count()\nFROM operatons' })
  expect(status).toBe(400)
  expect(body.error).toEqual({
    code: 'invalid_sql',
    message: "Cannot find the table 'operatons'",
    hint: 'did you mean operations?',
    position: { offset: 20, line: 2, column: 6 },
    request_id: expect.any(String),
  })
  const late = await sql({ sql: "SELECT count() AS n FROM operations WHERE ts > 'soon'" })
  expect(late.body.error).toMatchObject({
    code: 'invalid_sql',
    position: { offset: 47, line: 1, column: 48 },
  })
  expect((await sql({})).status).toBe(400)
  expect((await sql({ sql: 'SELECT 1', limit: 0 })).body.error.message).toBe('Cannot use limit 0')
  expect((await sql({ sql: 'SELECT 1', extra: 1 })).status).toBe(400)
})

test('POST /sql/validate checks without running', async () => {
  const { status, body } = await ask('POST', '/sql/validate', {}, as('alice'), {
    sql: 'SELECT count() FROM errors',
  })
  expect(status).toBe(200)
  expect(body).toMatchObject({
    valid: true,
    tables: ['errors'],
    sql_executed: expect.stringContaining('status >= 400'),
  })
  const refused = await ask('POST', '/sql/validate', {}, as('alice'), {
    sql: 'SELECT lpad(key, 9) FROM errors',
  })
  expect(refused.body.error).toMatchObject({ code: 'invalid_sql', position: { offset: 7 } })
})

test('GET /sql/schema names every table, column and function, and its examples run', async () => {
  const { body } = await ask('GET', '/sql/schema', {}, as('alice'))
  expect(body.tables.length).toBe(12)
  expect(body.functions.length).toBeGreaterThan(80)
  expect(body.notes.length).toBeGreaterThan(10)
  for (const { name, columns } of body.tables) {
    const names = columns.map((column: { name: string }) => `"${column.name}"`)
    const answer = await sql({ sql: `SELECT ${names.join(', ')} FROM ${name}`, limit: 1 })
    expect([name, answer.status]).toEqual([name, 200])
  }
})

test('a caller sees its own rows, the API key all, and nobody else any', async () => {
  const own = (await sql({ sql: 'SELECT count_distinct(source) AS n FROM operations' })).body
  expect(own.rows).toEqual([[1]])
  const all = (await sql({ sql: 'SELECT count() AS n FROM operations' }, { 'x-api-key': apiKey })).body
  expect(all.rows[0][0]).toBeGreaterThanOrEqual(1_200)
  expect(all.sql_executed).not.toContain('source IN')
  const { 'x-log-bucket': _, ...without } = as('alice')
  expect((await sql({ sql: 'SELECT 1' }, without)).status).toBe(400)
  expect((await sql({ sql: 'SELECT 1' }, {})).status).toBe(401)
  expect((await ask('GET', '/sql/schema', {}, {})).status).toBe(401)
  expect((await ask('DELETE', '/sql/x', {}, {})).status).toBe(401)
})

test('DELETE /sql/:id ends a query, of the same key alone and not of all who read its source', async () => {
  const asked = sql({ sql: slow, id: 'mine' })
  await until(async () => (await alive()) === 1)
  const end = async (headers: Record<string, string>) => (await ask('DELETE', '/sql/mine', {}, headers)).body
  expect(await end({ 'x-api-key': apiKey })).toEqual({ cancelled: false })
  // Another key to the same rows, of the same account.
  const buckets = { [photos.bucket]: 'full', [world.logs.bucket]: 'full' } as const
  world.front.allow('mate', { secret: 'mate-secret', owner: 'alice', buckets, listBuckets: true })
  expect(await end(as('mate'))).toEqual({ cancelled: false })
  expect(await end(as('alice'))).toEqual({ cancelled: true })
  const { status, body } = await asked
  expect([status, body.error.code]).toEqual([409, 'cancelled'])
  await until(async () => (await alive()) === 0, { timeout_ms: 1_000 })
  expect(await end(as('alice'))).toEqual({ cancelled: false })
})

test('a query ends with the connection of who asked', async () => {
  const leaving = new AbortController()
  const asked = fetch(`http://127.0.0.1:${app.server?.port}/sql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...as('alice') },
    body: JSON.stringify({ sql: slow }),
    signal: leaving.signal,
  }).catch(() => 'left')
  await until(async () => (await alive()) === 1)
  leaving.abort()
  expect(await asked).toBe('left')
  await until(async () => (await alive()) === 0, { timeout_ms: 1_000 })
})
