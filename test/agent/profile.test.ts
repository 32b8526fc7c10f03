import { afterAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import Type from 'typebox'
import { libraryEntries } from '../../src/agent/library/entries.ts'
import type { FindInLibrary } from '../../src/agent/library/find.ts'
import { profileOf } from '../../src/agent/profile.ts'
import { defineTool } from '../../src/agent/tool.ts'
import { createSearch } from '../../src/search/search.ts'
import { openAgentWorld } from './agent-world.ts'

setDefaultTimeout(20_000)

const world = await openAgentWorld()
const { endpoint, ran, setUp, now_ms, told } = world
afterAll(endpoint.close)
beforeEach(world.reset)

const entries = libraryEntries([])
const search = createSearch(entries)
const find: FindInLibrary = async ({ message }, _scope, before) =>
  search({ text: message, buckets: ['photos'], now_ms, zone: 'UTC', before })
const tool = (name: string) =>
  defineTool({
    name,
    description: 'A tool of some words. '.repeat(10),
    parameters: Type.Object({
      question: Type.Optional(Type.String()),
      parameters: Type.Optional(Type.Unknown()),
    }),
    async run(given) {
      ran.push({ tool: name, ...given })
      return {
        columns: [{ name: 'key', type: 'VARCHAR' }],
        rows: Array.from({ length: 500 }, (_, n) => [`key/${n}/${'x'.repeat(100)}`]),
      }
    },
  })
const names =
  'ask_library query_metric search_logs run_sql describe_tables storage_summary list_objects chart'
const tools = names.split(' ').map(tool)
const small = (changes = {}) => setUp({ profile: 'small', tools, entries, find, ...changes })

test('small: a question that the words make certain is looked up without asking, and only stated by the model', async () => {
  endpoint.script([{ text: 'The first is `key/0`.' }])
  const { answer } = await small().ask('Which objects are asked for but missing in photos?')
  expect(ran).toEqual([
    { tool: 'ask_library', question: 'missing-objects', parameters: { bucket: 'photos' } },
  ])
  expect(answer).toMatchObject({ complete: true, usage: { steps: 1 }, evidence: [{ row_count: 500 }] })
  expect(endpoint.seen[0]?.body.tools).toBeUndefined()
  expect(told().at(-1)?.length).toBeLessThan(2_400)
  expect(told().at(-1)).toContain('Answer from this result of "Which objects are asked for but missing?"')
})

test('small: what the words leave open is chosen among the five nearest, held to their names', async () => {
  endpoint.script([{ text: '{"choice": "frequent-errors"}' }, { text: 'Done.' }])
  const { answer } = await small().ask('errors')
  const choices = JSON.stringify(endpoint.seen[0]?.body.response_format)
  expect(choices).toContain('"frequent-errors"')
  expect(choices).toContain('"none"]')
  expect(ran).toEqual([{ tool: 'ask_library', question: 'frequent-errors', parameters: {} }])
  expect(answer).toMatchObject({ answer: 'Done.', usage: { steps: 2 } })
})

test('small: where none is meant a few tools are offered, those of storage only to whom they can answer', async () => {
  const storage = {} as never
  for (const [asker, offered] of [
    [{}, ['query_metric', 'search_logs', 'run_sql', 'describe_tables']],
    [
      { storage },
      ['query_metric', 'search_logs', 'run_sql', 'describe_tables', 'storage_summary', 'list_objects'],
    ],
  ] as const) {
    endpoint.script([
      { text: '{"choice":"none"}' },
      { calls: [{ tool: 'run_sql', args: {} }] },
      { text: 'Done.' },
    ])
    await small().ask('which errors have the largest keys', asker)
    expect(endpoint.seen[1]?.body.tools?.map(({ function: { name } }) => name)).toEqual([...offered])
    expect(endpoint.seen[1]?.body.tool_choice).toBe('required')
  }
})

test('small: no request of a long conversation with long results is longer than 8,192 tokens with what it may answer', async () => {
  const { ask } = small({ maxSteps: 12 })
  let conversation_id: string | undefined
  endpoint.script((request, at) =>
    request.body.response_format
      ? { text: '{"choice":"none"}' }
      : at % 7 === 6 || request.body.tool_choice === 'none'
        ? { text: 'Long. '.repeat(500) }
        : { calls: [{ tool: 'run_sql', args: { question: `${at}${'x'.repeat(200)}` } }] },
  )
  const sizes: number[] = []
  for (let n = 0; n < 4; n++) {
    const { answer } = await ask({
      message: `errors ${'of a long question '.repeat(20)}${n}`,
      conversation_id,
    })
    conversation_id = answer.conversation_id
    for (const { body } of endpoint.seen)
      sizes.push(Buffer.byteLength(JSON.stringify(body)) / 3 + Number(body.max_completion_tokens))
  }
  expect(sizes.length).toBeGreaterThan(10)
  expect(Math.max(...sizes)).toBeLessThan(8_192)
})

test('auto becomes small for a model of few parameters, and once the endpoint says that a request is too long', async () => {
  expect(
    ['qwen2.5-1.5b-instruct', 'gemma-3-270m', 'llama-3-70b', 'gpt-4o', 'default'].map(
      (name) => profileOf('auto', name).name,
    ),
  ).toEqual(['small', 'small', 'large', 'large', 'large'])
  endpoint.script((request) =>
    request.body.tools
      ? { status: 400, raw: '{"error":{"message":"maximum context length is 4096 tokens"}}' }
      : { text: 'Done.' },
  )
  const { ask } = setUp({ tools, entries, find })
  expect((await ask('Which objects are asked for but missing?')).answer.answer).toBe('Done.')
  expect(endpoint.seen.map(({ body }) => body.tools !== undefined)).toEqual([true, false])
  await ask('Which objects are asked for but missing?')
  expect(endpoint.seen).toHaveLength(3)
})

test('large: the nearest of the library stand in the question as calls, with their parameters', async () => {
  endpoint.script([{ text: 'Done.' }])
  await setUp({ profile: 'large', tools, entries, find }).ask('missing objects in photos since yesterday')
  expect(endpoint.seen[0]?.body.tools).toHaveLength(tools.length)
  expect(told().at(-1)).toContain(
    'ask_library {"question":"missing-objects","parameters":{"bucket":"photos"},"from":"2026-11-19T00:00:00.000Z"',
  )
})
