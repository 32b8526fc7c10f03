import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { createExplain } from '../../src/explain/explain.ts'
import { createGate } from '../../src/gate/gate.ts'
import { createCoverage } from '../../src/metrics/coverage.ts'
import { parseWindow } from '../../src/metrics/window.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { openWorld } from './spaces-world.ts'

setDefaultTimeout(120_000)

const now_ms = Math.floor(Date.now() / 1000) * 1000
const minute_ms = 60_000
const world = await openWorld({ now: () => now_ms })
afterAll(world.close)
const { as, get, photos, store } = world
const { bucket } = photos
const hostile = `it's odd\\; DROP TABLE operations; -- <b>%_`
const from_ms = now_ms - 120 * minute_ms
const to_ms = from_ms + 30 * minute_ms

// Two quiet hours of five clients; then one of hostile name is refused 300 times within half an hour.
await world.deliver('one', [
  ...Array.from({ length: 720 }, (_, n) =>
    s3LogLine({
      bucket,
      key: `k${n % 40}`,
      at_ms: from_ms - 60 * minute_ms + n * 10_000,
      ip: `198.18.0.${n % 5}`,
      status: n % 12 === 0 ? 404 : 200,
    }),
  ),
  ...Array.from({ length: 300 }, (_, n) =>
    s3LogLine({
      bucket,
      key: `private/${n}`,
      at_ms: from_ms + n * 5_000,
      ip: '203.0.113.99',
      requester: '-',
      status: 403,
      user_agent: hostile,
    }),
  ),
])
const window = { from: new Date(from_ms).toISOString(), to: new Date(to_ms).toISOString() }
const asked = { ...window, measure: 'errors' }

test('the first line names the client; each figure comes with SQL that POST /sql takes', async () => {
  const { status, body } = await get('/explain', asked)
  expect(status).toBe(200)
  expect(body.headline).toMatch(/^300 of 300 more errors \(100 %\) come from client 203\.0\.113\.99, /)
  expect(body.causes[0]).toMatchObject({ selection: 300, baseline: 0, share_percent: expect.any(Number) })
  for (const { sql, selection, baseline } of [body.total, ...body.causes, ...body.causes[0].folded]) {
    const { body: answer } = await world.ask('POST', '/sql', {}, as('alice'), { sql })
    expect(answer.rows).toEqual([[selection, baseline]])
  }
})

test('a hostile value is data: it comes back whole, and its own SQL finds it', async () => {
  const { body } = await get('/explain', { ...asked, ip: '203.0.113.99', bucket })
  expect(body.causes[0].terms).toEqual([
    { dimension: 'user_agent', value: hostile, filter: { name: 'user_agent', value: hostile } },
  ])
  const filtered = await get('/explain', { ...asked, user_agent: hostile })
  expect(filtered.body.total).toMatchObject({ selection: 300, baseline: 0 })
  expect(filtered.body.headline).toContain(`user_agent ${hostile}`)
  expect((await store.query('SELECT count() FROM operations')).rows[0]?.[0]).toBeGreaterThan(1_000)
})

test('as events it comes as it is found: the whole, each dimension, then the ranked answer', async () => {
  const { headers, text } = await get('/explain', asked, as('alice', { accept: 'text/event-stream' }))
  expect(headers.get('content-type')).toContain('text/event-stream')
  const frames = text.split('\n\n').filter((frame) => frame !== '')
  const names = frames.map((frame) => /^event: (\w+)/.exec(frame)?.[1])
  expect([names[0], names.at(-1)]).toEqual(['total', 'explanation'])
  expect(names.filter((name) => name === 'dimension')).toHaveLength(13)
  const { body } = await get('/explain', asked)
  expect(JSON.parse(frames.at(-1)?.split('\ndata: ')[1] ?? '').causes).toEqual(body.causes)
})

test.each([
  [{ measure: 'happiness' }, 'invalid_parameter', /requests, errors/],
  [{ baseline: 'yesterday' }, 'invalid_parameter', /neighbourhood, previous/],
  [{ from: '2h', to: '3h' }, 'invalid', /from earlier than to/],
  [
    { from: new Date(now_ms + 3_600_000).toISOString(), to: new Date(now_ms + 7_200_000).toISOString() },
    'invalid',
    /from earlier than now/,
  ],
  [{ from: '9d', to: '1d', baseline: 'week' }, 'invalid', /baseline=previous/],
  [{ measure: 'slow_requests', from: '600d', to: '599d' }, 'invalid', /threshold_ms=1000/],
  [{ threshold_ms: 'fast' }, 'invalid_parameter', /whole number|integer|milliseconds|exceed/],
])('%o is refused with what to write instead', async (query, code, hint) => {
  const { status, body } = await get('/explain', query as Record<string, string>)
  expect(status).toBe(400)
  expect(body.error).toMatchObject({ code, hint: expect.stringMatching(hint) })
})

test('odd windows are said', async () => {
  const old = await get('/explain', { from: '300d', to: '299d' })
  expect(old.body.headline).toBe('There are no requests in either window')
  expect(old.body.notes[0]).toStartWith('the baseline is empty: logs begin at ')
  const cut = await get('/explain', {
    ...asked,
    from: new Date(from_ms - 10 * minute_ms).toISOString(),
    to: new Date(now_ms).toISOString(),
    baseline: 'previous',
  })
  expect(cut.body.notes[0]).toMatch(/^logs begin at .*, inside the baseline: it is cut/)
  // 50 minutes of baseline for 130 of selection.
  expect(cut.body.total.expected / cut.body.total.baseline).toBeCloseTo(130 / 50, 1)
  const late = await get('/explain', { from: new Date(now_ms - 90 * minute_ms).toISOString() })
  expect(late.body.notes.join()).toContain('the newest row is of ')
})

test('nobody without credentials, and nobody about the rows of others', async () => {
  expect((await get('/explain', asked, {})).status).toBe(401)
  expect((await get('/explain', asked, as('stranger'))).status).toBe(403)
  const { body } = await get('/explain', asked, as('alice', { 'x-log-prefix': 'elsewhere/' }))
  expect(body.headline).toBe('There are no errors in either window')
  expect(body.notes).toEqual(['there are no logs yet'])
})

test('the tool explain_change says the same, by MCP and by the scope of who asks', async () => {
  const call = async (headers: Record<string, string>) => {
    const accept = 'application/json, text/event-stream'
    const { text } = await world.ask(
      'POST',
      '/mcp',
      {},
      { ...headers, accept },
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'explain_change', arguments: asked },
      },
    )
    return text
  }
  expect(await call(as('alice'))).toContain('300 of 300 more errors (100 %) come from client 203.0.113.99')
  expect(await call(as('alice', { 'x-log-prefix': 'elsewhere/' }))).toContain(
    'There are no errors in either window',
  )
})

test('when its reader goes, the query that runs is ended, and no other is begun', async () => {
  const leaving = new AbortController()
  let begun = 0
  const gate = createGate({
    pool: {
      read(sql, bounds) {
        // The fourth is under way when the reader goes.
        if (++begun === 4) leaving.abort()
        return store.read(sql, bounds)
      },
    },
    turns: { take: (_, work) => work() },
    readWindow: (given) => parseWindow(given, now_ms, false),
  })
  const readCoverage = createCoverage({ query: store.query, progress: () => [] })
  const explain = createExplain({ gate, readCoverage, now: () => now_ms })
  const params = { ...window, measure: 'errors' } as const
  const events = explain({ params, scope: null, turns_of: 'test', signal: leaving.signal })
  expect(await Array.fromAsync(events).catch((error: { code: string }) => error.code)).toBe('cancelled')
  expect(begun).toBe(4)
})
