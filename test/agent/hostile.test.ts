import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import fc from 'fast-check'
import { createModel } from '../../src/agent/model.ts'
import { Secret } from '../../src/secret.ts'
import { openWorld } from '../server/spaces-world.ts'
import { agentOptions } from '../support/agent-options.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { startScriptedModel } from '../support/scripted-model.ts'
import { until } from '../support/until.ts'
import { hostileCalls } from './hostile-calls.ts'
import { openHostileWorld } from './hostile-world.ts'
import { injections } from './injections.ts'

setDefaultTimeout(600_000)

const profiles = ['large', 'small'] as const
const at_ms = Date.now() - 3_600_000
const model = await startScriptedModel()
afterAll(model.close)

test.each(profiles)(
  '%s: a hostile model that makes 5,000 random calls reads nothing foreign, changes nothing, reaches nothing, and stays under its cap',
  async (profile) => {
    const world = await openHostileWorld(profile)
    const { model, agent, canary, cap_usd, targets, state, ask, as, front, store } = world
    const { foreign_bucket, foreignSource, marker } = targets

    // The ledger row of a log object comes after its rows.
    await until(() => world.sources.statuses().every(({ listed, backlog }) => listed && backlog === 0))
    await store.visible()
    const before = await state()
    front.heard.length = 0
    const calls = fc.sample(hostileCalls(targets), { numRuns: 5_000, seed: 5 })
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
        ({ bucket: name, status, key }) => key === 'alice' && name === foreign_bucket && status < 400,
      ),
    ).toEqual([])
    expect(seen.concat(answers).some((text) => text.includes('alice-secret'))).toBe(false)
    expect(agent.budget.spent_usd()).toBeLessThanOrEqual(cap_usd)
    expect((await ask('GET', '/metrics/operations', {}, as('alice'))).status).toBe(200)
    await world.close()
  },
)

test.each(profiles)('%s: a model that costs what it likes is stopped at the cap', async (profile) => {
  const small = agentOptions(model.url, { usdPerDay: 0.5, profile })
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

test.each([
  ['native', 'large'],
  ['json', 'large'],
  ['native', 'small'],
  ['json', 'small'],
] as const)(
  '%s, %s: what is planted in keys and user agents changes nothing that the server does',
  async (mode, profile) => {
    const options = {
      ...agentOptions(model.url, { maxSteps: 12, profile }),
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
      // A small model is asked first which question of the library is meant: none.
      let said = 0
      model.script(({ body: { response_format } }) =>
        JSON.stringify(response_format ?? '').includes('"choice"')
          ? { text: '{"choice":"none"}' }
          : (script[said++] ?? { text: 'done' }),
      )
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
