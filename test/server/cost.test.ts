import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { s3LogLine } from '../support/s3-log-line.ts'
import { refreshRollups } from '../support/rollups.ts'
import { until } from '../support/until.ts'
import { openWorld } from './spaces-world.ts'

setDefaultTimeout(60_000)

let now_ms = Date.UTC(2026, 5, 10, 12)
const world = await openWorld({ now: () => now_ms })
const { app, as, ask, get, post, photos, store } = world
app.listen({ port: 0, hostname: '127.0.0.1' })
afterAll(async () => {
  await app.stop(true)
  await world.close()
})
const { bucket } = photos
const MB = 1_000_000
const hostile = {
  key: `<img src=x onerror=alert(1)>'; DROP TABLE operations --/a.jpg`,
  referer: `https://evil.example"><script>alert(1)</script>/page`,
  user_agent: '=HYPERLINK(1)',
  requester: '{to}',
}
await photos.put('a', 'x'.repeat(4_000))
await world.deliver('june', [
  s3LogLine({ bucket, key: 'last-month', at_ms: Date.UTC(2026, 5) - 1000, bytes: 700 * MB }),
  s3LogLine({ bucket, key: 'this-month', at_ms: Date.UTC(2026, 5), bytes: 5 * MB }),
  s3LogLine({
    bucket,
    ...hostile,
    referer: hostile.referer.replaceAll('"', '%22'),
    at_ms: now_ms - 7_200_000,
    bytes: 3 * MB,
  }),
])
await refreshRollups(store.address)

test('the month begins at its first moment in UTC, and what was before is not in it', async () => {
  const { status, body } = await get('/cost')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    month: '2026-06',
    from: '2026-06-01T00:00:00.000Z',
    to: '2026-06-10T12:00:00.000Z',
  })
  const sent = (all: { parts: { part: string; amount: number }[] }) =>
    all.parts.find(({ part }) => part === 'origin_egress')?.amount
  expect(sent(body)).toBe(8 * MB)
  expect(sent((await get('/cost', { month: '2026-05' })).body)).toBe(700 * MB)
})

test('storage is what a snapshot of the bucket says, and null before there is one', async () => {
  const stored = async () =>
    (await get('/cost')).body.parts.find(({ part }: { part: string }) => part === 'storage')
  expect(await stored()).toMatchObject({
    amount: null,
    usd: null,
    how: expect.stringMatching(/^not known: no snapshot/),
  })
  expect((await post('/metrics/snapshot', { bucket })).status).toBe(200)
  now_ms += 1000
  await until(async () => (await stored()).amount !== null, { what: 'the snapshot is visible' })
  expect(await stored()).toMatchObject({ amount: 4_000, usd: 0 })
})

test('hostile prefixes, requesters, agents and sites are values and nothing else', async () => {
  const { body } = await get('/cost')
  const values = (by: string): unknown[] =>
    body.causes
      .find((one: { by: string }) => one.by === by)
      .rows.map(({ value }: { value: unknown }) => value)
  expect(values('prefix')).toContain(`<img src=x onerror=alert(1)>'; DROP TABLE operations --`)
  expect(values('requester')).toContain('{to}')
  expect(values('agent')).toContain('=HYPERLINK(1)')
  expect(values('site')).toContain('evil.example%22><script>alert(1)<')
  for (const { proof } of body.causes) {
    const answer = await ask('POST', '/sql', {}, as('alice'), proof)
    expect([answer.status, answer.body.row_count > 0]).toEqual([200, true])
  }
})

test.each([
  [{ month: '2026-13' }, /Cannot use the month/],
  [{ month: '2026-07' }, /it has not begun/],
  [{ month: 'june' }, /month/],
  [{ provider: 'constructor' }, /provider/],
  [{ cold_after_days: '0' }, /cold_after_days/],
  [{ bucket: 'x' }, /bucket/],
])('%j is refused', async (query, message) => {
  const { status, body } = await get('/cost', query)
  expect(status).toBe(400)
  expect(body.error.message).toMatch(message)
})

test('nobody sees what another pays', async () => {
  expect((await get('/cost', {}, as('stranger'))).status).toBe(403)
  expect((await get('/cost', {}, {})).status).toBe(401)
})

test('the days come as CSV', async () => {
  const { text } = await get('/cost', { format: 'csv' })
  const lines = text.split('\r\n')
  expect(lines[0]).toBe('day,origin_bytes,cdn_bytes,complete,forecast_bytes,forecast_low,forecast_high')
  expect(lines.find((line) => line.startsWith('2026-06-01'))).toBe(`2026-06-01,${5 * MB},0,true,,,`)
  expect(lines).toHaveLength(32)
})

test('a model reads parts, causes and what would save, with what is not known', async () => {
  const client = new Client({ name: 'test', version: '1' })
  const url = new URL(`http://127.0.0.1:${app.server?.port}/mcp`)
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers: as('alice') } })
  await client.connect(transport as Parameters<typeof client.connect>[0])
  const call = async (args: Record<string, unknown>) => {
    const { content } = await client.callTool({ name: 'read_cost', arguments: args })
    return JSON.parse((content as { text: string }[])[0]?.text ?? '')
  }
  const parts = await call({})
  expect(parts).toMatchObject({
    ok: true,
    sql: expect.stringContaining('FROM requests_1m'),
    facts: { month: '2026-06', provider: 'spaces', total: { usd: 5 } },
  })
  expect(parts.rows.map(([name]: [string]) => name)).toContain('origin_egress')
  expect(parts.facts.not_known.length).toBeGreaterThan(0)
  expect((await call({ about: 'causes' })).rows.length).toBeGreaterThan(5)
  expect((await call({ about: 'what_if' })).rows).toHaveLength(4)
  expect((await call({ about: 'storage' })).rows).toHaveLength(1)
  expect((await call({ about: 'days' })).rows).toHaveLength(30)
  expect(await call({ about: 'taxes' })).toMatchObject({ ok: false, code: 'invalid_arguments' })
  await client.close()
})
