import { afterAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import Type from 'typebox'
import { defineTool } from '../../src/agent/tool.ts'
import { until } from '../support/until.ts'
import { openAgentWorld } from './agent-world.ts'

setDefaultTimeout(20_000)

const world = await openAgentWorld()
const { endpoint, signals, setUp, call, told } = world
afterAll(endpoint.close)
beforeEach(world.reset)

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
