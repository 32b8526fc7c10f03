import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { s3LogLine } from '../support/s3-log-line.ts'
import { openWorld } from './spaces-world.ts'
import { apiKey } from './test-app.ts'

setDefaultTimeout(60_000)

const world = await openWorld()
const { app, as, photos } = world
app.listen({ port: 0, hostname: '127.0.0.1' })
afterAll(async () => {
  await app.stop(true)
  await world.close()
})
const { bucket } = photos
const at_ms = Date.now() - 3_600_000
await world.deliver(
  'one',
  [1, 2, 3].map((n) => s3LogLine({ bucket, key: `k${n}`, at_ms, status: 200 + n })),
)
const url = new URL(`http://127.0.0.1:${app.server?.port}/mcp`)

async function connect(headers: Record<string, string>) {
  const client = new Client({ name: 'test', version: '1' })
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers } })
  // The SDK's own types do not agree about what is optional.
  await client.connect(transport as Parameters<typeof client.connect>[0])
  return client
}

/** A result as its reader reads it. */
async function call(client: Client, name: string, args: Record<string, unknown>) {
  const { content, isError } = await client.callTool({ name, arguments: args })
  const [first] = content as { text: string }[]
  return { isError, ...JSON.parse(first?.text ?? '') }
}

test('a client of the protocol lists the tools, all of them read-only, and gets rows with their SQL', async () => {
  const client = await connect(as('alice'))
  const { tools } = await client.listTools()
  const names = tools.map(({ name }) => name)
  expect(names).toContain('query_metric')
  expect(names).toContain('run_sql')
  expect(names).not.toContain('chart')
  for (const { annotations, inputSchema } of tools) {
    expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false })
    expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
  }
  expect(await call(client, 'query_metric', { metric: 'AllRequests', step: 'none', bucket })).toMatchObject({
    isError: false,
    ok: true,
    rows: [['s3', 3]],
    sql: expect.stringContaining('FROM operations'),
    coverage: { objects_pending: 0 },
  })
  expect(await call(client, 'list_objects', { bucket })).toMatchObject({ ok: true, rows: [] })
  await client.close()
})

test('what goes wrong in a call is a result that says what to change', async () => {
  const client = await connect(as('alice'))
  expect(await call(client, 'query_metric', { metric: 'Nothing' })).toMatchObject({
    isError: true,
    ok: false,
    code: 'unknown_metric',
  })
  expect(await call(client, 'run_sql', { sql: "SELECT * FROM files('/etc')" })).toMatchObject({
    isError: true,
  })
  expect(await call(client, 'drop', {})).toMatchObject({ isError: true, code: 'unknown_tool' })
  await client.close()
})

test('the API key sees the rows of all, and whoever has no credentials sees nothing', async () => {
  const admin = await connect({ 'x-api-key': apiKey })
  expect(await call(admin, 'query_metric', { metric: 'AllRequests', step: 'none', bucket })).toMatchObject({
    rows: [['s3', 3]],
  })
  expect(await call(admin, 'buckets', {})).toMatchObject({ ok: false, code: 'no_storage' })
  await admin.close()
  await expect(connect({})).rejects.toThrow()
  await expect(connect({ ...as('alice'), 'x-spaces-secret': 'wrong' })).rejects.toThrow()
  await expect(connect({ 'x-api-key': 'wrong' })).rejects.toThrow()
})

test('what is no message of the protocol is refused', async () => {
  const headers = {
    ...as('alice'),
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  }
  const post = (body: string) => fetch(url, { method: 'POST', headers, body })
  expect((await post('{')).status).toBe(400)
  expect((await post('{"jsonrpc":"2.0"}')).status).toBe(400)
  expect((await post(JSON.stringify({ message: 'x'.repeat(300_000) }))).status).toBe(413)
  expect((await fetch(url, { headers })).status).toBe(405)
})
