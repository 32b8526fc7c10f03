import { afterAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import Type from 'typebox'
import { createAgent } from '../../src/agent/agent.ts'
import type { AgentOptions } from '../../src/agent/agent.ts'
import { createBudget } from '../../src/agent/budget.ts'
import { createConversations } from '../../src/agent/conversations.ts'
import { createModel } from '../../src/agent/model.ts'
import type { AgentEvent, Asker, ChatQuestion } from '../../src/agent/question.ts'
import { defineTool } from '../../src/agent/tool.ts'
import { chart } from '../../src/agent/tools/chart.ts'
import { InvalidError, UnavailableError } from '../../src/errors.ts'
import { Secret } from '../../src/secret.ts'
import { startScriptedModel } from '../support/scripted-model.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(20_000)

const endpoint = await startScriptedModel()
afterAll(endpoint.close)

let ran: unknown[] = []
let signals: AbortSignal[] = []
beforeEach(() => {
  ran = []
  signals = []
})
const counts = defineTool({
  name: 'count',
  description: 'Counts requests.',
  parameters: Type.Object(
    {
      status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599 })),
      hour: Type.Optional(Type.String()),
    },
    { additionalProperties: false },
  ),
  async run(given, { scope }) {
    ran.push({ ...given, scope })
    const { status = 200 } = given
    if (status === 500) throw new InvalidError('Cannot count these', 'ask for 503')
    if (status === 501) throw new UnavailableError('Cannot reach QuestDB at http://secret:1')
    if (status === 502) throw new Error('a bug with a secret in it')
    const columns = [
      { name: 'hour', type: 'TIMESTAMP' },
      { name: 'requests', type: 'LONG', unit: 'Count' as const },
    ]
    const rows = [
      ['2026-11-20T10:00:00.000000Z', 1200 + status],
      ['2026-11-20T11:00:00.000000Z', 34],
    ]
    return { columns, rows, sql: `SELECT ${status}` }
  },
})
const waits = defineTool({
  name: 'wait',
  description: 'Waits until nobody waits for it.',
  parameters: Type.Object({}),
  run: (_given, { signal }) =>
    new Promise((_resolve, reject) => {
      signals.push(signal)
      signal.addEventListener('abort', () => reject(new Error('left')))
    }),
})

const plenty = {
  tokensPerConversation: 1e9,
  tokensPerDay: 1e9,
  usdPerDay: 1e6,
  inputPrice_usd: 1,
  outputPrice_usd: 2,
}
const now_ms = Date.UTC(2026, 10, 20, 12)

function setUp(changes: Partial<AgentOptions> & { mode?: 'native' | 'json' } = {}) {
  const { mode = 'native', ...options } = changes
  const unexpected: unknown[] = []
  const budget = createBudget(plenty, () => now_ms)
  const agent = createAgent({
    model: createModel({ url: endpoint.url, key: new Secret('k'), name: 'm', mode, wait: async () => {} }),
    tools: [counts, waits, chart],
    budget,
    conversations: createConversations({ ttl_ms: 60_000, atMost: 10, now: () => now_ms }),
    maxSteps: 5,
    now: () => now_ms,
    onUnexpected: (error) => void unexpected.push(error),
    ...options,
  })
  async function ask(question: string | ChatQuestion, asker: Partial<Asker> = {}) {
    const events: AgentEvent[] = []
    const asked = typeof question === 'string' ? { message: question } : question
    const who = {
      scope: ['mine'],
      turns_of: 'mine',
      owner: 'me',
      payer: 'me',
      storage: null,
      signal: new AbortController().signal,
    }
    for await (const event of agent(asked, { ...who, ...asker })) events.push(event)
    const last = events.at(-1)
    if (last?.type !== 'answer') throw new Error('no answer')
    return { events, answer: last.answer, names: events.map(({ type }) => type) }
  }
  return { ask, agent, budget, unexpected }
}

const call = (args: object | string, tool = 'count') => ({ tool, args })
/** What the model was told in its last request. */
const told = () => endpoint.seen.at(-1)?.body.messages.map(({ content }) => content) ?? []

test.each(['native', 'json'] as const)(
  '%s: a question is answered from the rows that were fetched, which are shown',
  async (mode) => {
    endpoint.script([{ calls: [call({ status: 503 })] }, { text: 'There were **1,703** requests at 10:00.' }])
    const { answer, names, events } = await setUp({ mode }).ask('How many?')
    expect(answer).toMatchObject({
      answer: 'There were **1,703** requests at 10:00.',
      proof: { figures: 2, unproven: [] },
      tool_used: 'count',
      complete: true,
      usage: { input: 200, output: 20, tokens: 220, steps: 2, cost_usd: 0.00024 },
      evidence: [
        {
          id: 'e1',
          tool: 'count',
          arguments: { status: 503 },
          sql: 'SELECT 503',
          row_count: 2,
          truncated: false,
        },
      ],
    })
    expect(answer.evidence[0]?.rows).toHaveLength(2)
    expect(new Set(names)).toEqual(new Set(['status', 'tool_started', 'tool_finished', 'text', 'answer']))
    expect(events.find(({ type }) => type === 'tool_finished')).toMatchObject({
      ok: true,
      row_count: 2,
      sql: 'SELECT 503',
    })
    expect(events.map((event) => (event.type === 'text' ? event.delta : '')).join('')).toBe(answer.answer)
    expect(told().at(-1)).toContain('"rows":[["2026-11-20T10:00:00.000000Z",1703]')
  },
)

test('figures that no result holds are marked for the reader', async () => {
  endpoint.script([{ calls: [call({})] }, { text: 'It were 1,400 requests, 77,777 of them errors.' }])
  const { answer } = await setUp().ask('How many?')
  expect(answer.answer).toBe('It were 1,400 requests, 77,777 (unproven) of them errors.')
  expect(answer.proof).toEqual({ figures: 2, unproven: ['77,777'] })
})

test('calls of one turn run side by side, and each gets its own result', async () => {
  endpoint.script([{ calls: [call({ status: 201 }), call({ status: 202 }), call({ status: 203 })] }])
  const { answer, names } = await setUp().ask('How many?')
  expect(answer.evidence.map(({ id, rows }) => [id, rows[0]?.[1]])).toEqual([
    ['e1', 1401],
    ['e2', 1402],
    ['e3', 1403],
  ])
  expect(names.slice(1, 7)).toEqual([...Array(3).fill('tool_started'), ...Array(3).fill('tool_finished')])
})

test('a call that was made before is refused, however its arguments are written', async () => {
  endpoint.script([
    { calls: [call('{"status":404,"hour":"10"}'), call('{"hour":"10","status":404}')] },
    { calls: [call('{ "hour": "10", "status": 404 }')] },
    { text: 'done' },
  ])
  const { answer, events } = await setUp().ask('How many?')
  expect(ran).toHaveLength(1)
  expect(answer.evidence).toHaveLength(1)
  expect(events.filter((event) => event.type === 'tool_finished' && !event.ok)).toHaveLength(2)
})

test('a model that never stops calling is stopped after its steps, and what it found is shown', async () => {
  for (const mode of ['native', 'json'] as const) {
    endpoint.script((_request, at) => ({ calls: [call({ status: 200 + at })] }))
    const { answer } = await setUp({ mode }).ask('How many?')
    expect(endpoint.seen).toHaveLength(5)
    expect(answer).toMatchObject({ complete: false, usage: { steps: 5 } })
    expect(answer.evidence).toHaveLength(4)
    expect(answer.answer).toStartWith('The model gave no answer')
  }
})

test('what goes wrong in a call is told to the model, and no more than it may know', async () => {
  endpoint.script([
    {
      calls: [
        call({ status: 500 }),
        call({ status: 501 }),
        call({ status: 502 }),
        call({ status: 'many' }),
        call({ stat: 1 }),
        call('{"status":'),
        call({}, 'cout'),
        call({}, 'drop_table'),
      ],
    },
    { text: 'sorry' },
  ])
  const { ask, unexpected } = setUp()
  const { answer, events } = await ask('How many?')
  expect(answer).toMatchObject({ answer: 'sorry', evidence: [] })
  const results = told()
    .slice(-8)
    .map((text) => JSON.parse(text))
  expect(results.map(({ ok, error, hint }) => [ok, error, hint])).toEqual([
    [false, 'Cannot count these', 'ask for 503'],
    [false, 'Cannot run the tool: the database is away or something unexpected happened', expect.any(String)],
    [false, 'Cannot run the tool: the database is away or something unexpected happened', expect.any(String)],
    [false, 'Cannot use the arguments: status must be integer', 'the known ones are status, hour'],
    [false, "Cannot use the argument 'stat': it is not known", 'the known ones are status, hour'],
    [false, 'Cannot use the arguments: they are no JSON object', 'write them again'],
    [false, "Cannot find the tool 'cout'", 'did you mean count?'],
    [false, "Cannot find the tool 'drop_table'", 'the known ones are count, wait, chart'],
  ])
  expect(unexpected.map(String)).toEqual(['Error: a bug with a secret in it'])
  expect(JSON.stringify([events, endpoint.seen])).not.toContain('secret')
})

test('numbers that come as text and nulls for what is left out are taken', async () => {
  endpoint.script([{ calls: [call({ status: '404', hour: null })] }, { text: 'ok' }])
  await setUp().ask('How many?')
  expect(ran).toEqual([{ status: 404, scope: ['mine'] }])
})

test('what cannot be read is asked for once more, and then taken as it is', async () => {
  endpoint.script([{ text: '{"type":"final","ans' }, { text: 'better' }])
  expect((await setUp({ mode: 'json' }).ask('Hello?')).answer.answer).toBe('better')
  expect(told().at(-1)).toContain('it is no JSON object of the agreed form')
  endpoint.script(() => ({ text: '{half' }))
  const { answer } = await setUp({ mode: 'json' }).ask('Hello?')
  expect([answer.answer, answer.usage.steps]).toEqual(['{half', 2])
  endpoint.script(() => ({ text: '' }))
  expect((await setUp().ask('Hello?')).answer.complete).toBe(false)
})

test('a chart names rows that were fetched, and nothing else', async () => {
  const line = { kind: 'line', title: 'Requests', x: 'hour', y: ['requests'] }
  endpoint.script([
    { calls: [call({})] },
    {
      calls: [
        call({ ...line, evidence: 'e1' }, 'chart'),
        call({ ...line, evidence: 'e2' }, 'chart'),
        call({ ...line, evidence: 'e1', y: ['bytes'] }, 'chart'),
        call({ ...line, evidence: 'e1', y: ['hour'] }, 'chart'),
        call({ ...line, evidence: 'e1', code: 'alert(1)' }, 'chart'),
      ],
    },
    { text: 'See the chart.' },
  ])
  const { answer } = await setUp().ask('Draw it')
  expect(answer.charts).toEqual([
    { evidence: 'e1', series: null, kind: 'line', title: 'Requests', x: 'hour', y: ['requests'] },
  ])
  expect(answer.evidence).toHaveLength(1)
})

test('"and yesterday?" is understood: the conversation is told to the model, for its owner alone', async () => {
  const { ask } = setUp()
  endpoint.script([{ calls: [call({ status: 404 })] }, { text: 'There were 1,604.' }])
  const first = await ask('How many 404 today?')
  const { conversation_id } = first.answer
  endpoint.script([{ text: 'More.' }])
  const second = await ask({ message: 'And yesterday?', conversation_id })
  expect(second.answer.conversation_id).toBe(conversation_id)
  expect(told().slice(1)).toEqual([
    'How many 404 today?',
    'There were 1,604.\n(called: count({"status":404}) gave 2 rows)',
    'And yesterday?',
  ])
  endpoint.script([{ text: 'What?' }])
  const foreign = await ask({ message: 'And yesterday?', conversation_id }, { owner: 'somebody else' })
  expect(foreign.answer.conversation_id).not.toBe(conversation_id)
  expect(told().slice(1)).toEqual(['And yesterday?'])
})

test('a long conversation is told by its last turns and a digest, and one that rests is forgotten', async () => {
  let time_ms = now_ms
  const conversations = createConversations({ ttl_ms: 1_000, atMost: 2, now: () => time_ms })
  const { ask } = setUp({ conversations })
  endpoint.script(() => ({ text: `Long. ${'x'.repeat(5_000)}` }))
  let conversation_id: string | undefined
  for (let n = 0; n < 30; n++)
    ({ conversation_id } = (await ask({ message: `ChatQuestion ${n}`, conversation_id })).answer)
  expect(told()[1]).toContain('"ChatQuestion 20"')
  expect(told()[1]).not.toContain('"ChatQuestion 5"')
  expect(told().join('').length).toBeLessThan(15_000)
  time_ms += 1_001
  expect((await ask({ message: 'Hello', conversation_id })).answer.conversation_id).not.toBe(
    String(conversation_id),
  )
  const [a] = [await ask('a'), await ask('b'), await ask('c')]
  const again = await ask({ message: 'a', conversation_id: a?.answer.conversation_id })
  expect(again.answer.conversation_id).not.toBe(String(a?.answer.conversation_id))
})

test('no question is asked that could pass a limit of tokens or money, and the next day begins anew', async () => {
  let time_ms = now_ms
  const budget = (limits: object) => createBudget({ ...plenty, ...limits }, () => time_ms)
  endpoint.script(() => ({ text: 'ok' }))
  const refused = async (limits: object, whose: string) => {
    const { ask } = setUp({ budget: budget(limits) })
    const first = await ask('one')
    const { conversation_id } = first.answer
    for (let n = 0; n < 100; n++) {
      try {
        await ask({ message: 'more', conversation_id })
      } catch (error) {
        expect(error).toMatchObject({ code: 'agent_budget', message: expect.stringContaining(whose) })
        return { ask, asked: endpoint.seen.length }
      }
    }
    throw new Error('never refused')
  }
  await refused({ tokensPerConversation: 10_000 }, 'the conversation')
  const { ask } = await refused({ tokensPerDay: 10_000 }, 'this log source')
  expect((await ask('mine', { turns_of: 'other source' })).answer.answer).toBe('ok')
  const money = budget({ usdPerDay: 0.02 })
  const spender = setUp({ budget: money })
  await expect(
    (async () => {
      for (let n = 0; n < 1_000; n++) await spender.ask(`${n}`, { turns_of: `source ${n}` })
    })(),
  ).rejects.toMatchObject({ code: 'agent_budget' })
  expect(money.spent_usd()).toBeWithin(0.005, 0.02)
  time_ms += 86_400_000
  expect((await spender.ask('next day')).answer.answer).toBe('ok')
})

test('questions side by side cannot pass a limit together', async () => {
  const budget = createBudget({ ...plenty, usdPerDay: 0.05 }, () => now_ms)
  endpoint.script(() => ({ text: 'ok' }))
  const { ask } = setUp({ budget })
  const all = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => ask(`${n}`)))
  expect(all.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(20)
  expect(budget.spent_usd()).toBeLessThanOrEqual(0.05)
})

test('a question ends after its time, whether the model or a tool is slow', async () => {
  for (const reply of [
    { hang: 'silent' as const },
    { text: 'one two three', hang: 'amidst' as const },
    { calls: [call({}, 'wait')] },
  ]) {
    endpoint.script(() => reply)
    await expect(setUp({ total_ms: 100 }).ask('How many?')).rejects.toMatchObject({ code: 'agent_timeout' })
  }
})

test('a reader who goes ends the question and what runs for it', async () => {
  endpoint.script(() => ({ calls: [call({}, 'wait')] }))
  const leaving = new AbortController()
  const asked = setUp().ask('How many?', { signal: leaving.signal })
  asked.catch(() => {})
  await until(() => signals.length === 1)
  leaving.abort()
  await expect(asked).rejects.toThrow()
  expect(signals[0]?.aborted).toBe(true)
  expect(endpoint.seen).toHaveLength(1)

  endpoint.script(() => ({ text: 'one two three four five six', hang: 'amidst' }))
  const before = endpoint.left
  const { agent } = setUp()
  const events = agent(
    { message: 'Hello?' },
    { scope: [], turns_of: 'x', owner: 'x', payer: 'x', storage: null, signal: new AbortController().signal },
  )
  for await (const event of events) if (event.type === 'text') break
  await until(() => endpoint.left > before)
})

test('a result reaches the model as whole JSON of bounded size, and the reader with all its rows', async () => {
  const large = defineTool({
    name: 'large',
    description: 'Many rows.',
    parameters: Type.Object({}),
    run: async () => ({
      columns: [
        { name: 'key', type: 'VARCHAR' },
        { name: 'bytes', type: 'LONG', unit: 'Bytes' as const },
      ],
      rows: Array.from({ length: 1_000 }, (_, n) => [`${n}/"\\\u202e\u200b${'ü'.repeat(400)}`, n]),
      facts: { note: 'x'.repeat(50_000) },
      sql: 'x'.repeat(50_000),
    }),
  })
  endpoint.script([{ calls: [call({}, 'large')] }, { text: 'The sum is 499,500.' }])
  const { answer } = await setUp({ tools: [large] }).ask('How many?')
  const text = told().at(-1) ?? ''
  const shown = JSON.parse(text)
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8_192)
  expect(shown).toMatchObject({ row_count: 1_000, totals: { bytes: { sum: 499_500, min: 0, max: 999 } } })
  expect(shown.rows_shown).toBe(shown.rows.length)
  expect(shown.rows.length).toBeGreaterThan(5)
  expect(shown.rows[3][0]).toHaveLength(257)
  expect(text).not.toMatch(/[\u202e\u200b]/)
  expect(answer.evidence[0]?.rows).toHaveLength(1_000)
  expect(answer.proof.unproven).toEqual([])
})

test('old results are left out of what the model reads, and stay in the answer', async () => {
  endpoint.script((_request, at) =>
    at < 4 ? { calls: [call({ status: 300 + at })] } : { text: 'The first was 1,500.' },
  )
  const { answer } = await setUp({ results_bytes: 800 }).ask('How many?')
  const results = told().filter((text) => text?.startsWith('{'))
  expect(results.map((text) => text.includes('left out'))).toEqual([true, true, false, false])
  expect(answer.evidence).toHaveLength(4)
  expect(answer.proof.unproven).toEqual([])
})

test('totals are told to the model, but never of origin and CDN together', async () => {
  const named = (name: string, formats: string[]) =>
    defineTool({
      name,
      description: 'Rows.',
      parameters: Type.Object({}),
      run: async () => ({
        columns: [
          { name: 'format', type: 'VARCHAR' },
          { name: 'requests', type: 'LONG', unit: 'Count' as const },
          { name: 'status', type: 'INT' },
        ],
        rows: formats.map((format, n) => [format, 10 + n, 200]),
      }),
    })
  endpoint.script([{ calls: [call({}, 'one'), call({}, 'both')] }, { text: 'ok' }])
  const { answer } = await setUp({ tools: [named('one', ['s3', 's3']), named('both', ['s3', 'cdn'])] }).ask(
    'How many?',
  )
  expect(answer.evidence.map(({ totals }) => totals)).toEqual([
    { requests: { sum: 21, min: 10, max: 11 } },
    {},
  ])
})
