import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { InvalidError, UnavailableError } from '../../src/errors.ts'
import type { Message, Turn, Usage } from '../../src/agent/message.ts'
import { createModel } from '../../src/agent/model.ts'
import type { ModelOptions, TurnRequest } from '../../src/agent/model.ts'
import { Secret } from '../../src/secret.ts'
import { startScriptedModel } from '../support/scripted-model.ts'
import type { Reply } from '../support/scripted-model.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(20_000)

const endpoint = await startScriptedModel()
afterAll(endpoint.close)

const modes = ['native', 'json'] as const
const tools = [
  {
    name: 'count',
    description: 'Counts.',
    parameters: { type: 'object', properties: { what: { type: 'string' } } },
  },
]
const messages: Message[] = [
  { role: 'system', content: 'Be exact.' },
  { role: 'user', content: 'How many?' },
]

/** Asks once; gives what was streamed, the turn, the tokens of each reservation, and how long was waited. */
async function ask(
  options: Partial<ModelOptions> = {},
  {
    model = endpoint,
    signal = new AbortController().signal,
    history = messages,
    ...rest
  }: { model?: typeof endpoint; signal?: AbortSignal; history?: Message[] } & Partial<TurnRequest> = {},
) {
  const waits: number[] = []
  const spent: Usage[] = []
  const client = createModel({
    url: model.url,
    key: new Secret('agent-key'),
    name: 'a-model',
    mode: 'native',
    wait: async (ms) => void waits.push(ms),
    ...options,
  })
  const reserve = () => (usage: Usage) => void spent.push(usage)
  const speaking = client.turn({ messages: history, tools, reserve, signal, ...rest })
  const said: string[] = []
  for (;;) {
    const next = await speaking.next()
    if (next.done) return { turn: next.value, said, spent, waits, client }
    said.push(next.value)
  }
}

async function failure(options: Partial<ModelOptions> = {}): Promise<InvalidError | UnavailableError> {
  try {
    await ask(options)
  } catch (error) {
    if (error instanceof InvalidError || error instanceof UnavailableError) return error
    throw error
  }
  throw new Error('it was answered')
}

const calls = ({ calls: all }: Turn) => all.map(({ name, given }) => [name, given])

test.each(modes)('%s: an answer is streamed piece by piece', async (mode) => {
  endpoint.script([{ text: 'There were "12"\nrequests – 3 % more.' }])
  const { turn, said, spent } = await ask({ mode })
  expect(said.length).toBeGreaterThan(3)
  expect(said.join('')).toBe('There were "12"\nrequests – 3 % more.')
  expect(turn).toMatchObject({
    text: said.join(''),
    calls: [],
    problem: null,
    usage: { input: 100, output: 10 },
  })
  expect(spent).toEqual([{ input: 100, output: 10 }])
})

test.each(modes)('%s: calls side by side come whole, whatever pieces they came in', async (mode) => {
  for (const piece of [1, 5, 10_000]) {
    endpoint.script([
      {
        calls: [
          { tool: 'count', args: { what: 'a "b" {c}' } },
          { tool: 'count', args: { what: 'ü' } },
        ],
        piece,
      },
    ])
    const { turn, said } = await ask({ mode })
    expect(calls(turn)).toEqual([
      ['count', { what: 'a "b" {c}' }],
      ['count', { what: 'ü' }],
    ])
    expect(said).toEqual([])
  }
})

test.each(modes)('%s: an answer that is not streamed is understood too', async (mode) => {
  endpoint.script([{ text: 'twelve', whole: true }])
  expect((await ask({ mode })).turn.text).toBe('twelve')
  endpoint.script([{ calls: [{ tool: 'count', args: {} }], whole: true }])
  expect(calls((await ask({ mode })).turn)).toEqual([['count', {}]])
})

test.each(modes)('%s: arguments that are no JSON object are told apart from good ones', async (mode) => {
  endpoint.script([
    {
      calls: [
        { tool: 'count', args: '{"what": "cu' },
        { tool: 'count', args: '[1]' },
        { tool: 'count', args: '{"what":"good"}' },
      ],
    },
  ])
  const { turn } = await ask({ mode })
  expect(turn.calls.map(({ given }) => given)).toEqual([null, null, { what: 'good' }])
})

test('a model without tool calls is told the protocol and the tools, and its own turns are kept in it', async () => {
  const call = { id: '1-1', name: 'count', given: { what: 'x' } }
  endpoint.script([{ text: 'ok' }])
  await ask(
    { mode: 'json' },
    {
      history: [
        ...messages,
        { role: 'calls', content: '', calls: [call] },
        { role: 'result', call, content: '{"ok":true}' },
        { role: 'assistant', content: 'before' },
      ],
    },
  )
  const [request] = endpoint.seen
  expect(request?.body.tools).toBeUndefined()
  const [system, , called, result, before] = request?.body.messages.map(({ content }) => content) ?? []
  expect(system).toContain('{"type":"tool_call","tool":"NAME","args":{}}')
  expect(system).toContain('"tool":"count"')
  expect(JSON.parse(called ?? '')).toEqual({
    type: 'tool_calls',
    calls: [{ tool: 'count', args: { what: 'x' } }],
  })
  expect(result).toEndWith('\n{"ok":true}')
  expect(JSON.parse(before ?? '')).toEqual({ type: 'final', answer: 'before' })
})

test.each([
  [
    'words around it',
    'Sure!\n```json\n{"type":"tool_call","tool":"count","args":{"what":"}"}}\n```',
    [['count', { what: '}' }]],
  ],
  ['other names', '{"type":"tool_call","name":"count","arguments":{}}', [['count', {}]]],
])('json: a call with %s is understood', async (_what, text, expected) => {
  const raw = JSON.stringify({ choices: [{ message: { content: text } }] })
  endpoint.script([{ raw }, { raw }])
  expect(calls((await ask({ mode: 'json' })).turn)).toEqual(expected as [string, Record<string, unknown>][])
  expect(calls((await ask({ mode: 'native' })).turn)).toEqual(expected as [string, Record<string, unknown>][])
})

test.each([
  '{"type":"final","answer":"half',
  '{"type":"tool_call","tool":"cou',
  '{}',
  '{"type":"tool_calls","calls":[]}',
  'plain words',
  '',
])('json: %j is a problem and no answer', async (text) => {
  endpoint.script([{ raw: JSON.stringify({ choices: [{ message: { content: text } }] }) }])
  const { turn } = await ask({ mode: 'json' })
  expect(turn.problem).not.toBeNull()
  expect(turn.calls).toEqual([])
})

test('native: a refusal is what the model says, and silence is a problem', async () => {
  endpoint.script([{ refusal: 'I will not.' }, { text: '' }])
  expect((await ask()).turn).toMatchObject({ text: 'I will not.', problem: null })
  endpoint.script([{ text: '' }])
  expect((await ask()).turn.problem).toBe('it is empty')
})

test('auto: tools that are taken are used from then on', async () => {
  endpoint.script([{ calls: [{ tool: 'count', args: {} }] }, { text: 'two' }])
  const { client } = await ask({ mode: 'auto' })
  const turn = client.turn({ messages, tools, reserve: () => () => {}, signal: new AbortController().signal })
  while (!(await turn.next()).done) continue
  expect(endpoint.seen.map(({ body }) => body.tools !== undefined)).toEqual([true, true])
})

test.each(['refused', 'ignored'] as const)(
  'auto: where tools are %s it goes on in JSON and remembers it',
  async (how) => {
    const model = await startScriptedModel(how)
    // What is refused is sent once more without what an endpoint may not know.
    const asked = how === 'refused' ? [true, true, false] : [true, false]
    model.script((_request, at) =>
      at < asked.length ? { calls: [{ tool: 'count', args: {} }] } : { text: 'two' },
    )
    const { turn, client, said, spent } = await ask({ mode: 'auto' }, { model })
    expect(calls(turn)).toEqual([['count', {}]])
    expect(said).toEqual([])
    expect(spent).toHaveLength(2)
    const next = client.turn({
      messages,
      tools,
      reserve: () => () => {},
      signal: new AbortController().signal,
    })
    while (!(await next.next()).done) continue
    expect(model.seen.map(({ body }) => body.tools !== undefined)).toEqual([...asked, false])
    await model.close()
  },
)

test('auto: a question that needs no tool is answered in words and settles nothing', async () => {
  endpoint.script([{ text: 'Hello.' }, { text: 'Hi.' }])
  const { turn, said } = await ask({ mode: 'auto' })
  expect([turn.text, said.join('')]).toEqual(['Hello.', 'Hello.'])
  expect(turn.usage).toEqual({ input: 200, output: 20 })
})

test('auto: what was found out about an endpoint is asked again after a while', async () => {
  let time_ms = 0
  const model = await startScriptedModel('refused')
  model.script(() => ({ calls: [{ tool: 'count', args: {} }] }))
  const client = createModel({
    url: model.url,
    key: new Secret('k'),
    name: 'm',
    mode: 'auto',
    now: () => time_ms,
  })
  const isNative = async (): Promise<boolean[]> => {
    model.seen.length = 0
    const signal = new AbortController().signal
    await Array.fromAsync(client.turn({ messages, tools, reserve: () => () => {}, signal }))
    return model.seen.map(({ body }) => body.tools !== undefined)
  }
  expect(await isNative()).toEqual([true, true, false])
  expect(await isNative()).toEqual([false])
  time_ms += 600_001
  expect(await isNative()).toEqual([true, true, false])
  await model.close()
})

test('the first turn is to call, at temperature 0; where an endpoint refuses that it is asked plainly', async () => {
  endpoint.script([{ text: 'a' }])
  await ask({ mode: 'native' }, { must: 'call' })
  expect(endpoint.seen[0]?.body).toMatchObject({ tool_choice: 'required', temperature: 0 })
  endpoint.script((request) => (request.body.temperature === undefined ? { text: 'a' } : { status: 400 }))
  const { client } = await ask({ mode: 'native' }, { must: 'call' })
  const signal = new AbortController().signal
  await Array.fromAsync(client.turn({ messages, tools, must: 'call', reserve: () => () => {}, signal }))
  expect(endpoint.seen.map(({ body }) => body.tool_choice)).toEqual(['required', undefined, undefined])
})

test('in JSON mode an endpoint that can is held to a schema that knows the tools', async () => {
  endpoint.script([{ text: 'a' }])
  await ask({ mode: 'json' })
  const { response_format } = endpoint.seen[0]?.body ?? {}
  expect(response_format?.type).toBe('json_schema')
  expect(JSON.stringify(response_format)).toContain('{"enum":["count"]}')
})

test('a request that is longer than the context is told apart from one that is wrong', async () => {
  for (const text of [
    'This model has a maximum context length of 8192 tokens',
    'the request exceeds the available context size',
  ]) {
    endpoint.script(() => ({ status: 400, raw: JSON.stringify({ error: { message: text } }) }))
    expect(await failure()).toMatchObject({ code: 'agent_too_long' })
    expect(endpoint.seen).toHaveLength(1)
  }
})

test('the last turn may call nothing', async () => {
  endpoint.script([{ text: 'a' }, { text: 'b' }])
  await ask({ mode: 'native' }, { must: 'answer' })
  expect(endpoint.seen[0]?.body.tool_choice).toBe('none')
  await ask({ mode: 'json' }, { must: 'answer' })
  expect(endpoint.seen[1]?.body.messages[0]?.content).not.toContain('tool_call')
})

test.each([
  ['/api/v1/chat/completions', '/api/v1/chat/completions?agent=true'],
  ['/v1/chat/completions?agent=true', '/v1/chat/completions?agent=true'],
  ['/v1/', '/v1/chat/completions?agent=true'],
  ['', '/api/v1/chat/completions?agent=true'],
])('the address may be written as %j', async (path, expected) => {
  endpoint.script([])
  await ask({ url: new URL(endpoint.url).origin + path })
  expect(endpoint.seen[0]).toMatchObject({ url: expected, authorization: 'Bearer agent-key' })
  expect(endpoint.seen[0]?.body).toMatchObject({ model: 'a-model', stream: true })
})

test.each(modes)('%s: 429 and 5xx are tried again, as late as the endpoint asks', async (mode) => {
  endpoint.script([
    { status: 429, headers: { 'retry-after': '3' } },
    { status: 500 },
    { status: 503 },
    { text: 'ok' },
  ])
  const { turn, waits, spent } = await ask({ mode })
  expect(turn.text).toBe('ok')
  expect(waits[0]).toBe(3000)
  expect(waits[1]).toBeWithin(700, 1001)
  expect(waits[2]).toBeWithin(1400, 2001)
  expect(spent).toHaveLength(1)
})

test('an endpoint that goes on failing, or asks to wait for long, is away', async () => {
  endpoint.script(() => ({ status: 500 }))
  expect(await failure()).toMatchObject({
    code: 'agent_away',
    message: 'Cannot ask the agent: its endpoint fails (500)',
  })
  expect(endpoint.seen).toHaveLength(4)
  endpoint.script(() => ({ status: 429, headers: { 'retry-after': '3600' } }))
  expect(await failure()).toMatchObject({ code: 'agent_away' })
  expect(endpoint.seen).toHaveLength(1)
  expect(await failure({ url: 'http://127.0.0.1:1/v1' })).toMatchObject({ code: 'agent_away' })
})

test.each([401, 403, 404])(
  'an endpoint that answers %d is not asked again, and its words are not passed on',
  async (status) => {
    endpoint.script(() => ({ status, raw: '{"error":{"message":"key agent-key is wrong"}}' }))
    const error = await failure()
    expect(error).toMatchObject({ code: 'agent_refused' })
    expect(error.message + error.hint).not.toContain('agent-key')
    expect(endpoint.seen).toHaveLength(1)
  },
)

const nonsense: [string, Reply][] = [
  ['a page', { raw: '<html></html>', headers: { 'content-type': 'text/html' } }],
  ['no type', { raw: 'x', headers: { 'content-type': '' } }],
  ['broken JSON', { raw: '{"choices": [' }],
  [
    'a broken event',
    { raw: 'data: {"choices": [\n\ndata: [DONE]\n\n', headers: { 'content-type': 'text/event-stream' } },
  ],
  ['an answer of 1 MB', { text: 'x'.repeat(1 << 20), piece: 1 << 20 }],
  ['an answer of 1 MB in pieces', { text: 'word '.repeat(200_000), piece: 5_000 }],
  ['arguments of 1 MB', { calls: [{ tool: 'count', args: { what: 'x'.repeat(1 << 20) } }], piece: 1 << 16 }],
]
test.each(nonsense)('%s is nothing to use, in both modes', async (_what, reply) => {
  for (const mode of modes) {
    endpoint.script(() => reply)
    expect(await failure({ mode })).toMatchObject({ code: 'agent_misbehaved' })
    expect(endpoint.seen).toHaveLength(1)
  }
})

test('a body that never ends is left after 4 MiB', async () => {
  endpoint.script(() => ({ text: ' '.repeat(9 << 20), piece: 1 << 16 }))
  expect(await failure()).toMatchObject({ code: 'agent_misbehaved' })
})

test('an answer that is cut off is no answer', async () => {
  endpoint.script(() => ({ text: 'one two three four five six seven eight', cut: true }))
  for (const mode of modes) expect(await failure({ mode })).toMatchObject({ code: 'agent_away' })
})

test.each(['silent', 'amidst'] as const)(
  'a model that hangs (%s) is left at once when nobody waits any more',
  async (hang) => {
    endpoint.script(() => ({ text: 'one two three four five six', hang }))
    const leaving = new AbortController()
    const before = endpoint.left
    const asked = ask({}, { signal: leaving.signal })
    asked.catch(() => {})
    await until(() => endpoint.seen.length === 1)
    leaving.abort(new Error('gone'))
    await expect(asked).rejects.toThrow('gone')
    await until(() => endpoint.left > before)
  },
)

test('tokens are estimated where the endpoint says nothing, or nonsense, of them', async () => {
  for (const usage of [
    null,
    { prompt_tokens: -5, completion_tokens: 1 },
    { prompt_tokens: 0, completion_tokens: 0 },
  ]) {
    endpoint.script([{ text: 'x'.repeat(300), usage }])
    const { spent } = await ask()
    expect(spent[0]?.input).toBeWithin(50, 1000)
    expect(spent[0]?.output).toBe(100)
  }
})

test('an endpoint that fails costs nothing, and an answer that is cut off costs its question', async () => {
  const spent: Usage[] = []
  const spend = async (reply: Reply) => {
    endpoint.script(() => reply)
    const client = createModel({
      url: endpoint.url,
      key: new Secret('k'),
      name: 'm',
      mode: 'native',
      wait: async () => {},
    })
    const turn = client.turn({
      messages,
      tools,
      reserve: () => (usage) => void spent.push(usage),
      signal: new AbortController().signal,
    })
    await expect(Array.fromAsync(turn)).rejects.toThrow()
  }
  await spend({ status: 500 })
  await spend({ text: 'one two three four', cut: true })
  expect(spent[0]).toEqual({ input: 0, output: 0 })
  expect(spent[1]?.input).toBeGreaterThan(50)
})
