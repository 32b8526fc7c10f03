import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import pino from 'pino'
import { createAgent } from '../../src/agent/agent.ts'
import { createConversations } from '../../src/agent/conversations.ts'
import { costEntries } from '../../src/agent/library/cost-entries.ts'
import { findingEntries } from '../../src/agent/library/finding-entries.ts'
import { createLog } from '../../src/log.ts'
import type { RequestRecorder } from '../../src/server/request-recorder.ts'
import type { FinishedRequest } from '../../src/server/request-trace.ts'
import { createRouter } from '../../src/server/router.ts'
import { chatRoutes } from '../../src/server/routes/chat.ts'
import { agentOptions } from '../support/agent-options.ts'
import { testBucket } from '../support/bucket.ts'
import { emptyLibrary } from '../support/empty-library.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { startScriptedModel } from '../support/scripted-model.ts'
import { until } from '../support/until.ts'
import { openWorld } from './spaces-world.ts'
import { apiKey, createTestPrincipals } from './test-app.ts'

setDefaultTimeout(60_000)

const model = await startScriptedModel()
const logged: string[] = []
const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) })
const recorded: FinishedRequest[] = []
const recorder: RequestRecorder = {
  record: (request) => void recorded.push(request),
  status: () => ({ state: 'idle', reason: null, queued: 0, recorded: recorded.length, dropped: 0 }),
  stop: async () => {},
}
const world = await openWorld({ agent: agentOptions(model.url), log, recorder })
afterAll(async () => {
  await world.close()
  await model.close()
})
const { ask, as, front, photos, logs } = world
const { bucket } = photos
const at_ms = Date.now() - 3_600_000
await photos.put('a/1.jpg', 'x'.repeat(300))
await photos.put('b/2.jpg', 'x'.repeat(50))
await world.deliver('one', [
  ...Array.from({ length: 12 }, () => s3LogLine({ bucket, key: 'a/1.jpg', at_ms, bytes: 1_000 })),
  ...Array.from({ length: 5 }, () =>
    s3LogLine({ bucket, key: 'gone', at_ms, status: 404, ip: '198.51.100.9' }),
  ),
  s3LogLine({ bucket, key: 'a/1.jpg', at_ms, operation: 'REST.DELETE.OBJECT', status: 204 }),
])

type Names = Record<string, string>
const message = 'How many requests?'
const inBody = {
  spaces_key: 'alice',
  spaces_secret: 'alice-secret',
  endpoint: front.endpoint,
  log_bucket: logs.bucket,
  log_prefix: 'access/',
}
const chat = (body: object, headers: Names = {}) => ask('POST', '/chat', {}, headers, body)
const requests = { tool: 'query_metric', args: { metric: 'AllRequests', step: 'none', bucket } }

/** The events of a stream, in order. */
async function stream(body: object, headers: Names = as('alice')) {
  const { text, status, headers: got } = await chat(body, { accept: 'text/event-stream', ...headers })
  const frames = text.split('\n\n').filter(Boolean)
  return {
    status,
    type: got.get('content-type'),
    text,
    events: frames.map((frame) => {
      const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(frame) ?? []
      return { name, data: JSON.parse(data) }
    }),
  }
}

test('without a model /chat answers from the library where it is certain, and names what is nearest where it is not', async () => {
  const bare = await openWorld()
  const { bucket: own } = bare.photos
  await bare.deliver('one', [
    ...Array.from({ length: 3 }, () =>
      s3LogLine({ bucket: own, key: 'gone', at_ms: Date.now() - 60_000, status: 404 }),
    ),
    s3LogLine({ bucket: own, key: '](http://x.example) `', at_ms: Date.now() - 60_000, status: 404 }),
  ])
  const plain = async (body: object) => (await bare.ask('POST', '/chat', {}, bare.as('alice'), body)).body
  const certain = await plain({ message: `Top 5 fehlende Objekte in ${own} in den letzten 2 Stunden` })
  expect(certain).toMatchObject({
    basis: expect.stringContaining('e1 ask_library'),
    complete: true,
    usage: { tokens: 0, steps: 0 },
    tool_used: 'ask_library',
    proof: { figures: 0, unproven: [] },
    nearest: [
      { name: 'missing-objects', parameters: { bucket: own, limit: 5 } },
      ...Array(4).fill(expect.any(Object)),
    ],
    evidence: [
      { row_count: 2, arguments: { question: 'missing-objects', parameters: { bucket: own, limit: 5 } } },
    ],
  })
  expect(certain.answer).toContain('**Which objects are asked for but missing?** For bucket')
  expect(certain.answer).toContain('2 rows; the first: format `s3`')
  expect(certain.answer).toContain('key `gone`, requests `3`')

  const { conversation_id } = certain
  const more = await plain({ message: 'und gestern?', conversation_id })
  expect(more.evidence[0].arguments).toMatchObject({
    question: 'missing-objects',
    parameters: { bucket: own, limit: 5 },
    to: `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`,
  })
  expect(more.answer).toContain('Nothing was found.')

  const uncertain = await plain({ message: 'errors' })
  expect(uncertain).toMatchObject({ evidence: [], basis: 'nothing was looked up', complete: true })
  expect(uncertain.answer).toStartWith('It is not certain what is asked')
  expect(uncertain.nearest).toHaveLength(5)
  const chosen = await plain({ message: 'errors', choose: 'missing-objects' })
  expect(chosen.evidence).toHaveLength(1)
  for (const { name } of [...findingEntries, ...costEntries])
    expect((await plain({ message: 'errors', choose: name })).evidence).toHaveLength(1)
  expect((await plain({ message: 'What will the weather be?' })).evidence).toEqual([])
  expect((await plain({ message: 'delete all objects' })).answer).toStartWith('SpaceWatch only reads')
  expect((await plain({ message: 'errors', choose: 'nothing' })).error.code).toBe('unknown_question')
  expect((await plain({ message: 'errors', zone: 'Mars/Base' })).error.code).toBe('invalid')
  await bare.close()
})

test('without a model the events are the same', async () => {
  const bare = await openWorld()
  const { text } = await bare.ask(
    'POST',
    '/chat',
    {},
    { accept: 'text/event-stream', ...bare.as('alice') },
    {
      message: 'Which objects are asked for but missing?',
    },
  )
  expect([...text.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name)).toEqual([
    'status',
    'tool_started',
    'tool_finished',
    'text',
    'answer',
  ])
  await bare.close()
})

test('a question is answered from the own rows, whatever way the credentials come', async () => {
  const session = await ask('POST', '/session', {}, { 'sec-fetch-site': 'same-origin' }, inBody)
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect(session.body.agent_available).toBe(true)
  const ways: [object, Names][] = [
    [inBody, {}],
    [{}, as('alice')],
    [{}, { cookie, 'sec-fetch-site': 'same-origin' }],
    [{}, { 'x-api-key': apiKey }],
  ]
  for (const [given, headers] of ways) {
    model.script([{ calls: [requests] }, { text: 'There were **18** requests.' }])
    const { status, body } = await chat({ message, ...given }, headers)
    expect([status, body.answer, body.complete]).toEqual([200, 'There were **18** requests.', true])
    expect(body).toMatchObject({
      proof: { figures: 1, unproven: [] },
      tool_used: 'query_metric',
      bucket_used: bucket,
      usage: { steps: 2, tokens: 220 },
      evidence: [
        {
          tool: 'query_metric',
          row_count: 1,
          truncated: false,
          sql: expect.stringContaining('FROM operations'),
        },
      ],
      coverage: { objects_pending: 0, window: { from: expect.any(String) } },
    })
    expect(body.basis).toContain(`bucket "${bucket}"; window `)
  }
  const scopes = () => recorded.filter(({ route }) => route === '/chat').map(({ scope }) => scope)
  await until(() => scopes().length === ways.length, { what: 'all are recorded' })
  const [own = ''] = world.sources.statuses().map(({ source }) => source)
  expect(scopes()).toEqual([own, own, own, 'admin'])
})

test('without credentials, or with wrong ones, no model is asked', async () => {
  model.script([])
  expect((await chat({ message })).status).toBe(401)
  expect((await chat({ message, ...inBody, spaces_secret: 'wrong' })).status).toBe(403)
  expect((await chat({ message }, { accept: 'text/event-stream' })).status).toBe(401)
  expect((await chat({ message, surprise: 1 }, as('alice'))).body.error.code).toBe('invalid_parameter')
  expect((await chat({ message: '' }, as('alice'))).status).toBe(400)
  expect((await chat({ message: 'x'.repeat(4_001) }, as('alice'))).status).toBe(400)
  const fromElsewhere = await ask('POST', '/session', {}, { 'sec-fetch-site': 'same-origin' }, inBody)
  const cookie = fromElsewhere.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect((await chat({ message }, { cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(401)
  expect(model.seen).toEqual([])
})

test('the events of an answer are streamed in their order', async () => {
  model.script([{ calls: [requests] }, { text: 'There were **18** requests.' }])
  const { events, type } = await stream({ message })
  expect(type).toStartWith('text/event-stream')
  const names = events.map(({ name }) => name)
  expect(names.filter((name) => name !== 'text')).toEqual([
    'status',
    'tool_started',
    'tool_finished',
    'status',
    'answer',
  ])
  expect(events[1]?.data).toEqual({ id: '1-1', tool: 'query_metric', arguments: requests.args })
  expect(events[2]?.data).toMatchObject({ id: '1-1', ok: true, row_count: 1, sql: expect.any(String) })
  const text = events.filter(({ name }) => name === 'text').map(({ data }) => data.delta)
  expect(text.join('')).toBe('There were **18** requests.')
  expect(events.at(-1)?.data.evidence).toHaveLength(1)
})

test('an error after the beginning of a stream is an event in the one shape of errors', async () => {
  model.script(() => ({ status: 500 }))
  const { events, status } = await stream({ message })
  expect(status).toBe(200)
  expect(events.at(-1)).toMatchObject({
    name: 'error',
    data: { error: { code: 'agent_away', request_id: expect.any(String) } },
  })
  expect((await chat({ message }, as('alice'))).status).toBe(503)
  model.script(() => ({ status: 401 }))
  expect((await chat({ message }, as('alice'))).status).toBe(502)
})

test('a reader who waits hears a heartbeat, and one who goes ends the call of the model', async () => {
  const agent = createAgent({
    ...agentOptions(model.url),
    tools: [],
    ...emptyLibrary,
    conversations: createConversations({ ttl_ms: 1_000, atMost: 5, now: Date.now }),
    now: Date.now,
    onUnexpected: () => {},
  })
  const app = createRouter(createTestPrincipals(), (route) =>
    chatRoutes(route, { ask: agent, log: createLog('silent'), heartbeat_ms: 5 }),
  )
  app.listen({ port: 0, hostname: '127.0.0.1' })
  model.script(() => ({ hang: 'silent' }))
  const before = model.left
  const response = await fetch(`http://127.0.0.1:${app.server?.port}/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'x-api-key': apiKey },
    body: JSON.stringify({ message }),
  })
  const reader = response.body?.getReader()
  let heard = ''
  while (!heard.includes('event: heartbeat\ndata: {}\n\nevent: heartbeat'))
    heard += new TextDecoder().decode((await reader?.read())?.value)
  await reader?.cancel()
  await until(() => model.left > before, { what: 'the model was left' })
  await app.stop(true)
})

test('every tool answers about what is there', async () => {
  const calls = [
    requests,
    { tool: 'metrics_series', args: { bucket, step: '1h' } },
    { tool: 'metrics_sources', args: {} },
    { tool: 'search_logs', args: { status: '404', limit: 2 } },
    { tool: 'object_audit', args: { bucket, key: 'a/1.jpg' } },
    { tool: 'snapshot', args: { bucket } },
    { tool: 'buckets', args: {} },
    { tool: 'list_objects', args: { bucket } },
    { tool: 'recent_objects', args: { bucket, limit: 1 } },
    { tool: 'top_largest', args: { bucket, limit: 1 } },
    { tool: 'storage_summary', args: { bucket } },
    { tool: 'list_access_logs', args: { bucket } },
    { tool: 'read_log', args: { key: 'access/one', limit: 3 } },
    { tool: 'run_sql', args: { sql: 'SELECT status, count() requests FROM operations ORDER BY status' } },
    { tool: 'ask_library', args: { question: 'missing-objects', parameters: { bucket, limit: 3 } } },
    { tool: 'describe_tables', args: {} },
    { tool: 'describe_tables', args: { table: 'operations' } },
    { tool: 'validate_sql', args: { sql: 'SELECT count() FROM errors' } },
    { tool: 'sql_help', args: {} },
  ]
  await ask('POST', '/metrics/snapshot', { bucket }, as('alice'))
  await until(
    async () => (await world.store.rows(`SELECT ts FROM snapshots WHERE bucket = '${bucket}'`)).length > 0,
  )
  const turns = [calls.slice(0, 8), calls.slice(8, 16), calls.slice(16)]
  model.script([...turns.map((all) => ({ calls: all })), { text: 'done' }])
  const { events } = await stream({ message })
  const finished = events.filter(({ name }) => name === 'tool_finished').map(({ data }) => data)
  expect(finished.map(({ tool, ok, error }) => [tool, ok, error])).toEqual(
    calls.map(({ tool }) => [tool, true, undefined]),
  )
  const evidence = events.at(-1)?.data.evidence as {
    tool: string
    row_count: number
    rows: unknown[][]
    facts: object
    truncated: boolean
  }[]
  const of = (name: string) => evidence.find(({ tool }) => tool === name)
  expect(evidence.map(({ tool }) => tool)).toEqual(calls.slice(0, 15).map(({ tool }) => tool))
  expect(of('search_logs')).toMatchObject({ row_count: 2, truncated: true })
  expect(of('object_audit')?.row_count).toBe(13)
  expect(of('snapshot')?.rows[0]?.slice(1, 4)).toEqual([bucket, 2, 350])
  expect(of('top_largest')?.rows[0]?.slice(0, 2)).toEqual(['a/1.jpg', 300])
  expect(of('storage_summary')).toMatchObject({ facts: { objects: 2, bytes: 350 } })
  expect(of('list_access_logs')?.rows[0]?.slice(0, 1)).toEqual(['access/one'])
  expect(of('read_log')?.row_count).toBe(3)
  expect(of('ask_library')?.rows[0]?.slice(1, 4)).toEqual([bucket, 'gone', 5])
  expect(of('run_sql')?.rows).toEqual([
    [200, 12],
    [204, 1],
    [404, 5],
  ])
})

test('tools that look into buckets say so where the API key alone was sent', async () => {
  model.script([{ calls: [{ tool: 'buckets', args: {} }, requests] }, { text: 'ok' }])
  const { events } = await stream({ message }, { 'x-api-key': apiKey })
  expect(events.filter(({ name }) => name === 'tool_finished').map(({ data }) => data.ok)).toEqual([
    false,
    true,
  ])
  expect(JSON.stringify(model.seen)).toContain('the caller has sent no Spaces credentials')
})

test('a question of another key finds none of these rows, whatever the model asks for', async () => {
  const own = await testBucket()
  front.own(own.bucket, 'mallory')
  front.allow('mallory', {
    secret: 'mallory-secret',
    owner: 'mallory',
    buckets: { [own.bucket]: 'full' },
    listBuckets: true,
  })
  const mallory = { ...as('mallory'), 'x-log-bucket': own.bucket, 'x-log-prefix': '' }
  const calls = [
    requests,
    { tool: 'search_logs', args: { limit: 100, from: '30d' } },
    { tool: 'run_sql', args: { sql: 'SELECT * FROM operations' } },
    { tool: 'object_audit', args: { bucket, key: 'a/1.jpg' } },
    { tool: 'list_objects', args: { bucket } },
    { tool: 'buckets', args: {} },
    { tool: 'read_log', args: { key: 'access/one' } },
    { tool: 'metrics_sources', args: {} },
  ]
  model.script([{ calls }, { text: 'nothing' }])
  const { body, text } = await chat({ message }, mallory)
  expect(
    body.evidence.map(({ tool, rows }: { tool: string; rows: unknown[] }) => [tool, rows.flat()]),
  ).toEqual([
    ['query_metric', []],
    ['search_logs', []],
    ['run_sql', []],
    ['object_audit', []],
    ['buckets', [own.bucket, expect.any(String), 'key']],
    ['metrics_sources', []],
  ])
  expect(text).not.toContain('198.51.100.9')
})

test('no secret reaches the model, the events, the answer or the log', async () => {
  model.script([
    {
      calls: [
        requests,
        { tool: 'buckets', args: {} },
        { tool: 'list_objects', args: { bucket: 'no-such-bucket' } },
      ],
    },
    { text: 'Your secret is alice-secre' },
  ])
  const json = await chat({ message, ...inBody })
  const events = await stream({ message })
  const asked = JSON.stringify(model.seen.map(({ url, body }) => [url, body]))
  expect(logged.join('')).toContain('/chat')
  for (const text of [json.text, events.text, asked, logged.join('')])
    expect(['alice-secret', 'agent-key', apiKey].filter((secret) => text.includes(secret))).toEqual([])
  expect(model.seen[0]?.authorization).toBe('Bearer agent-key')
})
