import { afterAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import Type from 'typebox'
import { libraryEntries } from '../../src/agent/library/entries.ts'
import { defineTool } from '../../src/agent/tool.ts'
import { InvalidError } from '../../src/errors.ts'
import { openAgentWorld } from './agent-world.ts'

setDefaultTimeout(20_000)

const world = await openAgentWorld()
const { endpoint, ran, now_ms, setUp, call, told } = world
afterAll(endpoint.close)
beforeEach(world.reset)

test('a call that was made before gets its earlier result, however its arguments are written', async () => {
  endpoint.script([
    { calls: [call('{"status":404,"hour":"10"}'), call('{"hour":"10","status":404}')] },
    { calls: [call('{ "hour": "10", "status": 404 }')] },
    { text: 'done' },
  ])
  const { answer, events } = await setUp().ask('How many?')
  expect(ran).toHaveLength(1)
  expect(answer.evidence).toHaveLength(1)
  expect(events.filter((event) => event.type === 'tool_finished' && event.ok)).toHaveLength(3)
  expect(
    new Set(
      told()
        .slice(-4)
        .filter((text) => text.startsWith('{')),
    ).size,
  ).toBe(1)
})

test('a call that failed may be made again, and is run again', async () => {
  endpoint.script([
    { calls: [call({ status: 501 })] },
    { calls: [call({ status: 501 }), call({ status: 404 })] },
    { text: 'done' },
  ])
  const { answer } = await setUp().ask('How many?')
  expect(ran).toHaveLength(3)
  expect(answer).toMatchObject({ answer: 'done', complete: true })
})

test('after two steps that found nothing new an answer is asked for', async () => {
  for (const failing of [call({ status: 501 }), call({ status: 404 })]) {
    endpoint.script((request) =>
      request.body.tool_choice === 'none' ? { text: 'I give up.' } : { calls: [failing] },
    )
    const { answer } = await setUp({ maxSteps: 12 }).ask('How many?')
    expect(answer).toMatchObject({ answer: 'I give up.', complete: true })
    expect(answer.usage.steps).toBeLessThanOrEqual(4)
    expect(told().at(-1)).toStartWith('You have used all your calls')
  }
})

test('calls that are written out, also by names of the library, are run and never shown as an answer', async () => {
  const askLibrary = defineTool({
    name: 'ask_library',
    description: 'A question.',
    parameters: Type.Object({
      question: Type.String(),
      parameters: Type.Optional(Type.Unknown()),
      from: Type.Optional(Type.String()),
    }),
    async run(given) {
      ran.push(given)
      return { columns: [{ name: 'n', type: 'LONG' }], rows: [[12]] }
    },
  })
  const entries = libraryEntries([])
  for (const text of [
    '{"name": "missing-objects", "arguments": {"bucket": "photos", "from": "7d"}}',
    'Let me look.\n```json\n{"name": "ask_library", "arguments": {"question": "missing-objects", "parameters": {"bucket": "photos"}, "from": "7d"}}\n```',
    '{"tool": "missing-objects", "parameters": {"bucket": "photos", "from": "7d"}',
  ]) {
    endpoint.script([{ text }, { text: 'There were 12 (unproven) of them.' }])
    const { answer } = await setUp({ tools: [askLibrary], entries }).ask('Which are missing?')
    expect(answer.answer).toBe('There were 12 (unproven) of them.')
    expect(answer.evidence[0]).toMatchObject({ tool: 'ask_library', row_count: 1 })
  }
  expect(ran).toEqual(
    Array.from({ length: 3 }, () => ({
      question: 'missing-objects',
      parameters: { bucket: 'photos' },
      from: '7d',
    })),
  )
})

test('marks of proof never come back as arguments or as what was said', async () => {
  const { ask } = setUp()
  endpoint.script([{ calls: [call({})] }, { text: 'There were 77 of them.' }])
  const { answer } = await ask('How many?')
  expect(answer.answer).toBe('There were 77 (unproven) of them.')
  endpoint.script([{ calls: [call({ hour: '77 (unproven)' })] }, { text: 'done' }])
  await ask({ message: 'And now?', conversation_id: answer.conversation_id })
  expect(ran.at(-1)).toMatchObject({ hour: '77' })
  expect(JSON.stringify(told().slice(1))).not.toContain('unproven')
})

test('all problems of a call are told at once, and texts that are empty count as left out', async () => {
  endpoint.script([
    { calls: [call({ status: 7, hours: 1, hour: ['x'] }), call({ hour: '', status: 404 })] },
    { text: 'ok' },
  ])
  await setUp().ask('How many?')
  const [bad] = told().slice(-2)
  expect(JSON.parse(bad ?? '').error).toBe(
    "Cannot use the arguments: 'hours' is not known; status must be >= 100; hour must be string",
  )
  expect(ran).toEqual([{ status: 404, scope: ['mine'] }])
})

test('hints name tools and no addresses', async () => {
  const hinting = defineTool({
    name: 'run_sql',
    description: 'SQL.',
    parameters: Type.Object({}),
    run: async () => {
      throw new InvalidError('Cannot read from this', 'GET /sql/schema lists the tables')
    },
  })
  endpoint.script([{ calls: [call({}, 'run_sql')] }, { text: 'ok' }])
  await setUp({ tools: [hinting] }).ask('How many?')
  expect(told().at(-1)).toContain('describe_tables lists the tables')
})

test('an answer that looked nothing up says so, and words of the server are neither marked nor told to the model', async () => {
  const { ask } = setUp({ maxSteps: 2 })
  endpoint.script(() => ({ text: 'Hello.' }))
  expect((await ask('Hello?')).answer.basis).toBe('nothing was looked up')
  endpoint.script(() => ({ calls: [call({})] }))
  const { answer } = await ask('How many?')
  expect(answer).toMatchObject({ complete: false, proof: { figures: 0, unproven: [] } })
  expect(answer.answer).toBe('The model gave no answer within 2 steps. What it found stands below.')
  endpoint.script(() => ({ text: 'ok' }))
  await ask({ message: 'And?', conversation_id: answer.conversation_id })
  expect(JSON.stringify(told())).not.toContain('gave no answer')
})

test('what was found until the time is over is given', async () => {
  endpoint.script((_request, at) => (at === 0 ? { calls: [call({})] } : { hang: 'silent' }))
  const { answer } = await setUp({ total_ms: 1_500 }).ask('How many?')
  expect(answer).toMatchObject({ complete: false, evidence: [{ tool: 'count' }] })
  expect(answer.answer).toStartWith('The answer took longer than 1.5 seconds')
})

test('instructions and tools are the same bytes for all questions and callers; day, bucket and question follow', async () => {
  endpoint.script(() => ({ text: 'ok' }))
  let time_ms = now_ms
  const { ask } = setUp({ now: () => time_ms })
  const heads: string[] = []
  for (const [message, bucket, scope] of [
    ['How many?', 'photos', ['a']],
    ['Who?', 'other', ['b']],
    ['Und gestern?', undefined, null],
  ] as const) {
    await ask({ message, bucket }, { scope, owner: String(scope) })
    const { messages, tools } = endpoint.seen.at(-1)?.body ?? {}
    heads.push(JSON.stringify([tools, messages?.[0]]))
    const [, first] = messages ?? []
    expect(first?.content).toStartWith('Today is ')
    expect(first?.content.includes(`looks at the bucket "${bucket}"`)).toBe(bucket !== undefined)
    expect(first?.content).toContain(`\n\n${message}`)
    time_ms += 86_400_000 + 61_000
  }
  expect(new Set(heads).size).toBe(1)
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
    [false, "Cannot use the arguments: 'stat' is not known", 'the known ones are status, hour'],
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
