import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import fc from 'fast-check'
import { createModel } from '../../src/agent/model.ts'
import { Secret } from '../../src/secret.ts'
import { listObjects } from '../../src/spaces/list.ts'
import { openWorld } from '../server/spaces-world.ts'
import { agentOptions } from '../support/agent-options.ts'
import { testBucket } from '../support/bucket.ts'
import { startCanary } from '../support/canary.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { startScriptedModel } from '../support/scripted-model.ts'
import { until } from '../support/until.ts'
import { injections } from './injections.ts'

setDefaultTimeout(600_000)

const model = await startScriptedModel()
const cap_usd = 40
const agent = agentOptions(model.url, { maxSteps: 12, usdPerDay: cap_usd })
const world = await openWorld({ agent })
const canary = await startCanary()
afterAll(async () => {
  await world.close()
  await canary.close()
  await model.close()
})
const { ask, as, front, photos, logs, store } = world
const { bucket } = photos
const at_ms = Date.now() - 3_600_000
await photos.put('own-key', 'own')
await world.deliver(
  'one',
  injections.flatMap((text) => [
    s3LogLine({ bucket, key: text.slice(0, 200), at_ms, request_id: 'PLANTED' }),
    s3LogLine({ bucket, key: 'own-key', at_ms, user_agent: text.replaceAll('"', "'") }),
  ]),
)

// Rows and objects of somebody else, whose text must not show anywhere.
const foreign = await testBucket()
front.own(foreign.bucket, 'mallory')
front.allow('mallory', {
  secret: 'mallory-secret',
  owner: 'mallory',
  buckets: { [foreign.bucket]: 'full' },
  listBuckets: true,
})
const marker = 'FOREIGN-MARKER'
await foreign.put(
  'access/one',
  Array.from(
    { length: 20 },
    () => `${s3LogLine({ bucket: 'foreign-bucket', key: marker, at_ms, requester: marker })}\n`,
  ).join(''),
)
const mallory = { ...as('mallory'), 'x-log-bucket': foreign.bucket, 'x-log-prefix': 'access/' }
await ask('GET', '/metrics/sources', {}, mallory)
await until(async () => (await store.rows(`SELECT ts FROM operations WHERE key = '${marker}'`)).length === 20)
const sources = await store.rows(
  `SELECT DISTINCT source, bucket FROM operations WHERE bucket IN ('foreign-bucket', '${bucket}')`,
)
const sourceOf = (name: string) => String(sources.find((row) => row['bucket'] === name)?.['source'])
const foreignSource = sourceOf('foreign-bucket')

/** What nothing that a model asks may change. */
async function state() {
  const tables = ['operations', 'log_objects', 'snapshots', 'events', 'refused_lines', 'requests']
  const counts = tables.map((table) => store.rows(`SELECT count() n FROM ${table}`))
  const stored = await Promise.all([photos, logs, foreign].map((one) => listed(one)))
  return {
    counts: await Promise.all(counts),
    stored,
    tables: await store.rows('SELECT table_name FROM tables() ORDER BY 1'),
  }
}
async function listed({ client, bucket: name }: typeof photos) {
  const pages = await Array.fromAsync(listObjects(client, { bucket: name, prefix: '' }))
  return pages.flat().map(({ key, etag }) => [key, etag])
}

const evil = `http://127.0.0.1:${canary.port}/`
const plain =
  `access/one own-key e1 file:///etc/passwd ../../etc/passwd 169.254.169.254 * - % ' 24h 30d now 1h none AllRequests
  TopKeys s3 404 read -1 1e9 operations previous`.split(/\s+/)
const mine = [bucket, logs.bucket]
const notMine = [foreign.bucket, 'foreign-bucket', marker, foreignSource, evil]
const words = fc.oneof(
  fc.constantFrom(...plain, ...mine, ...notMine, '', "' OR '1'='1", '\0'),
  fc.string({ maxLength: 40, unit: 'binary' }),
)
const from = (...all: string[]) => fc.constantFrom(...all)
const sql = fc.oneof(
  from(
    `SELECT * FROM operations WHERE source = '${foreignSource}'`,
    `SELECT * FROM operations WHERE true OR source = '${foreignSource}'`,
    'SELECT * FROM operations UNION ALL SELECT * FROM operations',
    'SELECT key, count() FROM operations ORDER BY 2 DESC',
    `SELECT * FROM read_parquet('${evil}')`,
    "SELECT * FROM files('/etc')",
    'SELECT * FROM query_activity()',
    'SELECT * FROM long_sequence(1000000000000) WHERE x % 7 = 9',
    'DROP TABLE operations',
    'TRUNCATE TABLE operations',
    "INSERT INTO operations (ts) VALUES ('2026-01-01')",
    "COPY operations TO '/tmp/x'",
    'SELECT 1; DROP TABLE snapshots',
    'SELECT * FROM operations -- ',
    'WITH operations AS (SELECT * FROM requests) SELECT * FROM operations',
    'SELECT * FROM requests',
    'SELECT * FROM tables()',
    `SELECT * FROM log_objects WHERE key LIKE '%${marker}%'`,
  ),
  words.map((word) => `SELECT * FROM ${word}`),
  words.map((word) => `SELECT count() FROM operations WHERE key = '${word}'`),
)
const names =
  `query_metric metrics_series metrics_sources search_logs object_audit snapshot buckets list_objects
  recent_objects top_largest storage_summary list_access_logs read_log chart run_sql run_sql run_sql validate_sql
  describe_tables sql_help ask_library delete_object fetch constructor __proto__ toString metrics_snapshot eval`.split(
    /\s+/,
  )
const fields =
  `metric from to step compare order bucket prefix key limit cursor status q class format table evidence kind
  title x y question scope source name storage endpoint region log_bucket spaces_key spaces_secret url __proto__
  constructor`.split(/\s+/)
const value = fc.oneof(
  words,
  fc.integer({ min: -5, max: 2_000 }),
  fc.constant(null),
  fc.array(words, { maxLength: 3 }),
  fc.object({ maxDepth: 1 }),
)
const anyBucket = from(bucket, logs.bucket, foreign.bucket, 'foreign-bucket', 'no-such-bucket')
const window = from('1h', '24h', '30d', '2026-01-01')
const some = fc.integer({ min: 1, max: 50 })
/** Arguments as the schema wants them, of mine and of what is not mine. */
const right = new Map<string, fc.Arbitrary<object>>(
  Object.entries({
    query_metric: fc.record({
      metric: from('TopKeys', 'AllRequests', 'TopRequesters'),
      from: window,
      bucket: anyBucket,
    }),
    metrics_series: fc.record({ from: window, bucket: anyBucket, step: from('1h', '1d', 'none') }),
    search_logs: fc.record({ from: window, q: words, limit: some }),
    object_audit: fc.record({ bucket: anyBucket, key: from(marker, 'own-key'), limit: some }),
    snapshot: fc.record({ bucket: anyBucket }),
    list_objects: fc.record({ bucket: anyBucket, limit: some }),
    recent_objects: fc.record({ bucket: anyBucket, limit: some }),
    top_largest: fc.record({ bucket: anyBucket, limit: some }),
    storage_summary: fc.record({ bucket: anyBucket }),
    list_access_logs: fc.record({ bucket: anyBucket, limit: some }),
    read_log: fc.record({ key: from('access/one', marker, '../access/one'), limit: some }),
    ask_library: fc.record({
      question: from('hot-objects', 'scans', 'clients'),
      parameters: fc.record({ bucket: anyBucket }),
    }),
    run_sql: fc.record({ sql, from: window, limit: some }),
    validate_sql: fc.record({ sql }),
  }),
)
const anything = fc
  .tuple(fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 5 }), sql)
  .map(([given, text]) => ({ ...given, sql: text }))
const hostileCall = fc.constantFrom(...names).chain((tool) =>
  fc.record({
    tool: fc.constant(tool),
    args: fc.oneof(
      { weight: 2, arbitrary: right.get(tool) ?? fc.constant({}) },
      { weight: 4, arbitrary: anything },
      fc.constant('{"half": '),
    ),
  }),
)

test('a hostile model that makes 5,000 random calls reads nothing foreign, changes nothing, reaches nothing, and stays under its cap', async () => {
  // The ledger row of a log object comes after its rows.
  await until(() => world.sources.statuses().every(({ listed, backlog }) => listed && backlog === 0))
  await store.visible()
  const before = await state()
  front.heard.length = 0
  const calls = fc.sample(hostileCall, { numRuns: 5_000, seed: 5 })
  let made = 0
  let answers = ''
  const seen: string[] = []
  while (made < calls.length) {
    model.script((request) => {
      seen.push(JSON.stringify(request.body.messages.slice(-9)))
      const next = calls.slice(made, made + 8)
      made += next.length
      return { calls: next, usage: { prompt_tokens: 2_000, completion_tokens: 200 } }
    })
    const { status, text } = await ask('POST', '/chat', {}, as('alice'), { message: 'Go on' })
    expect(status).toBe(200)
    answers += text
  }
  const evidence = [...answers.matchAll(/"tool":"(\w+)","arguments"/g)].map(([, tool]) => tool)
  expect(new Set(evidence).size).toBeGreaterThan(9)
  expect(evidence.length).toBeGreaterThan(500)

  expect(await state()).toEqual(before)
  expect(canary.connections).toBe(0)
  // The marker is in what the model itself wrote, but never in a row.
  const foreignRows = [...answers.matchAll(/"rows":(\[.*?\]),"row_count"/g)].filter(([, rows]) =>
    rows?.includes(marker),
  )
  expect(foreignRows.map(([all]) => all.slice(0, 300))).toEqual([])
  expect(answers.includes(`"${foreignSource}","`)).toBe(false)
  const methods = new Set(front.heard.map(({ method }) => method))
  expect([...methods].filter((method) => method !== 'GET' && method !== 'HEAD')).toEqual([])
  expect(
    front.heard.filter(
      ({ bucket: name, status, key }) => key === 'alice' && name === foreign.bucket && status < 400,
    ),
  ).toEqual([])
  expect(seen.concat(answers).some((text) => text.includes('alice-secret'))).toBe(false)
  expect(agent.budget.spent_usd()).toBeLessThanOrEqual(cap_usd)
  expect((await ask('GET', '/metrics/operations', {}, as('alice'))).status).toBe(200)
})

test('a model that costs what it likes is stopped at the cap', async () => {
  const small = agentOptions(model.url, { usdPerDay: 0.5 })
  const other = await openWorld({ agent: small })
  model.script(() => ({ text: 'more', usage: { prompt_tokens: 9_000, completion_tokens: 900 } }))
  let refused: { status: number; body: { error: { code: string } } } | null = null
  for (let n = 0; n < 200 && !refused; n++) {
    const answer = await other.ask('POST', '/chat', {}, other.as('alice'), { message: `Question ${n}` })
    if (answer.status !== 200) refused = answer
  }
  expect(refused).toMatchObject({ status: 429, body: { error: { code: 'agent_budget' } } })
  expect(small.budget.spent_usd()).toBeWithin(0.3, 0.5)
  await other.close()
})

test.each(['native', 'json'] as const)(
  '%s: what is planted in keys and user agents changes nothing that the server does',
  async (mode) => {
    const options = {
      ...agent,
      model: createModel({ url: model.url, key: new Secret('agent-key'), name: 'm', mode }),
    }
    const app = await openWorld({ agent: options })
    const rows = injections.map((text) =>
      s3LogLine({
        bucket: app.photos.bucket,
        key: text.slice(0, 200),
        at_ms,
        user_agent: text.replaceAll('"', "'"),
      }),
    )
    const harmless = injections.map((_text, n) =>
      s3LogLine({ bucket: app.photos.bucket, key: `plain-${n}`, at_ms, user_agent: 'curl/8' }),
    )

    /** What a question comes to: calls that ran, requests that went out, rows that came back, and how the model was asked. */
    async function question() {
      app.front.heard.length = 0
      const script = [
        {
          calls: [
            { tool: 'search_logs', args: { limit: 200 } },
            { tool: 'query_metric', args: { metric: 'TopUserAgents', limit: 200 } },
          ],
        },
        { calls: [{ tool: 'query_metric', args: { metric: 'AllRequests', step: 'none' } }] },
        { text: 'Done.' },
      ]
      model.script(script)
      const { text, body } = await app.ask(
        'POST',
        '/chat',
        {},
        { ...app.as('alice'), accept: 'text/event-stream' },
        { message: 'What happened?' },
      )
      const answer = JSON.parse(/event: answer\ndata: (.*)/.exec(text)?.[1] ?? 'null')
      expect(body).toBeNull()
      return {
        tools: [...text.matchAll(/event: tool_started\ndata: (.*)/g)].map(([, data]) =>
          JSON.parse(data ?? ''),
        ),
        // Whenever it is its time, the pipeline lists its bucket.
        out: app.front.heard.filter(
          ({ method, bucket: name }) => method !== 'GET' || name !== app.logs.bucket,
        ),
        answer: [answer.answer, answer.charts, answer.complete, answer.usage.steps],
        rows: answer.evidence.map(({ rows: all }: { rows: unknown[] }) => all.length),
        asked: model.seen.map(({ body: said }) => [
          said.messages.map(({ role }) => role),
          said.tools?.length,
        ]),
        system: model.seen.map(
          ({ body: said }) => said.messages.filter(({ role }) => role === 'system').length,
        ),
      }
    }
    await app.deliver('harmless', harmless)
    await question()
    const plain = await question()
    await app.deliver('planted', rows)
    const planted = await question()
    const { rows: plainRows, ...before } = plain
    const { rows: plantedRows, ...after } = planted
    expect(after).toEqual(before)
    expect(after.out).toEqual([])
    expect(plainRows).toEqual([50, 1, 1])
    expect(plantedRows[0]).toBe(100)

    // They are only within JSON text, never beside it.
    for (const { body } of model.seen)
      for (const { role, content } of body.messages)
        for (const text of injections)
          if (role !== 'system' && content?.includes(text.slice(0, 24)))
            expect([role, isData(content)]).toEqual([mode === 'native' ? 'tool' : 'user', true])
    await app.close()
  },
)

function isData(content: string): boolean {
  const from = content.indexOf('{')
  return typeof JSON.parse(content.slice(from)) === 'object'
}
