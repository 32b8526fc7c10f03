import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { Compile } from 'typebox/compile'
import type { Endpoint } from '../../src/api/endpoint.ts'
import { endpoints, errorAnswer } from '../../src/api/endpoints.ts'
import { agentOptions } from '../support/agent-options.ts'
import { plantFinding } from '../support/plant-finding.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { startScriptedModel } from '../support/scripted-model.ts'
import { openWorld } from './spaces-world.ts'
import { apiKey } from './test-app.ts'

setDefaultTimeout(60_000)

const model = await startScriptedModel()
const world = await openWorld({ agent: agentOptions(model.url) })
afterAll(async () => {
  await world.close()
  await model.close()
})
const { ask, as, front, logs, photos } = world
const { bucket } = photos
const at_ms = Math.floor(Date.now() / 1000) * 1000 - 600_000
await photos.put('a/1.jpg', 'x')
await world.deliver('one', [
  s3LogLine({ bucket, key: 'a/1.jpg', at_ms }),
  s3LogLine({ bucket, key: 'a/1.jpg', at_ms: at_ms + 1000, status: 503 }),
  s3LogLine({ bucket, key: 'b.jpg', at_ms: at_ms + 2000, operation: 'REST.PUT.OBJECT' }),
])
const rows = await ask('GET', '/logs/operations', { limit: '1' }, as('alice'))
const row = Object.fromEntries(
  rows.body.columns.map(({ name }: { name: string }, at: number) => [name, rows.body.rows[0][at]]),
)

const values: Record<string, string> = {
  bucket,
  key: 'a/1.jpg',
  metrics: 'AllRequests,TopKeys,StatusCodes',
  log_object: String(row.log_object),
  line_hash: String(row.line_hash),
}
const sql = 'SELECT ts, key, total_ms FROM operations'
const bodies: Record<string, object> = {
  'POST /sql': { sql },
  'POST /sql/validate': { sql },
  'POST /chat': { message: 'how many requests?' },
  'POST /session': {
    spaces_key: 'alice',
    spaces_secret: 'alice-secret',
    endpoint: front.endpoint,
    log_bucket: logs.bucket,
    log_prefix: 'access/',
  },
  'POST /findings/:id/mark': { state: 'acknowledged' },
  'POST /mcp': {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'run_sql', arguments: { sql } },
  },
}
const { body: seen } = await ask('GET', '/metrics/sources', {}, as('alice'))
await plantFinding(world.store.appender.append, {
  source: seen.sources[0].source,
  bucket,
  requester: 'alice',
})
await world.store.visible()
const { body: found } = await ask('GET', '/findings', {}, as('alice'))
const names: Record<string, string> = {
  metric: 'TotalRequestLatency',
  id: 'none',
  question: 'new-clients',
}
const finding = String(found.findings[0]?.id)
const all = Object.entries<Endpoint>(endpoints)

async function askEndpoint(name: string, endpoint: Endpoint, more: Record<string, string> = {}) {
  const [method = '', path = ''] = name.split(' ')
  const { required = [] } = (endpoint.query ?? {}) as { required?: string[] }
  const key = path === '/tools/read-log' ? 'access/one' : values['key']
  const query = Object.fromEntries(
    required.map((field) => [field, field === 'key' ? String(key) : (values[field] ?? '')]),
  )
  const operator = endpoint.access === 'api_key' || endpoint.access === 'open'
  const headers = {
    ...(operator ? { 'x-api-key': apiKey } : as('alice', { 'x-metrics-bucket': world.metrics.bucket })),
  }
  if (name === 'POST /chat')
    model.script([{ calls: [{ tool: 'run_sql', args: { sql } }] }, { text: 'There were 3.' }])
  const filled = path.replace(/:(\w+)/g, (_, param: string) =>
    path.startsWith('/findings') ? finding : (names[param] ?? 'x'),
  )
  const body = bodies[name]
  const isStream = name === 'POST /mcp'
  return ask(
    method,
    filled,
    endpoint.body ? query : { ...query, ...more },
    { ...headers, accept: isStream ? 'application/json, text/event-stream' : 'application/json' },
    body && { ...body, ...(more['format'] && endpoint.body && { format: more['format'] }) },
  )
}

test.each(all.filter(([, { answer }]) => answer))(
  '%s answers what its schema says, and nothing besides',
  async (name, endpoint) => {
    const { status, body, text } = await askEndpoint(name, endpoint)
    expect([name, status, status === 200 ? '' : text]).toEqual([name, 200, ''])
    const [problem] = Compile(endpoint.answer ?? errorAnswer).Errors(body)
    expect([name, problem?.instancePath, problem?.message]).toEqual([name, undefined, undefined])
  },
)

test.each(all.filter(([, { csv }]) => csv))(
  '%s names in CSV what its schema names',
  async (name, endpoint) => {
    const json = await askEndpoint(name, endpoint)
    const { status, text, headers } = await askEndpoint(name, endpoint, {
      format: 'csv',
    })
    expect([name, status, headers.get('content-type')]).toEqual([name, 200, 'text/csv; charset=utf-8'])
    const told = endpoint.csv === true ? json.body : json.body[String(endpoint.csv)]
    const fields = Array.isArray(told)
      ? fieldsOf(endpoint)
      : told.columns.map(({ name }: { name: string }) => name)
    expect(text.split('\r\n')[0]?.split(',')).toEqual(fields)
  },
)

/** Of the list that an endpoint gives as CSV; a list of texts is one column. */
function fieldsOf({ answer, csv }: Endpoint): string[] {
  const { properties = {} } = answer as { properties?: Record<string, { items?: { properties?: object } }> }
  const { properties: fields } = properties[String(csv)]?.items ?? {}
  return fields ? Object.keys(fields) : [String(csv).replace(/s$/, '')]
}

test.each(all.filter(([, { access }]) => access !== 'open' && access !== 'session'))(
  '%s refuses whoever shows nothing, in the one shape of errors',
  async (name, endpoint) => {
    const [method = '', path = ''] = name.split(' ')
    const filled = path.replace(/:(\w+)/g, (_, param: string) =>
      path.startsWith('/findings') ? finding : (names[param] ?? 'x'),
    )
    const { status, body } = await ask(method, filled, {}, {}, endpoint.body && (bodies[name] ?? {}))
    expect([name, status]).toEqual([name, 401])
    expect(Compile(errorAnswer).Check(body)).toBe(true)
  },
)

test('what is wrong with a parameter has that shape too', async () => {
  for (const [name, endpoint] of all.filter(([, { query }]) => query)) {
    for (const unknown of ['no_such_parameter', '__proto__', 'constructor', 'toString']) {
      const { status, body } = await askEndpoint(name, endpoint, { [unknown]: '{}' })
      expect([name, unknown, status]).toEqual([name, unknown, 400])
      expect([name, Compile(errorAnswer).Check(body)]).toEqual([name, true])
    }
  }
})
