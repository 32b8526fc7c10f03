import { afterAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { createBudget } from '../../src/agent/budget.ts'
import { createConversations } from '../../src/agent/conversations.ts'
import { openAgentWorld } from './agent-world.ts'

setDefaultTimeout(20_000)

const world = await openAgentWorld()
const { plenty, endpoint, now_ms, setUp, call, told } = world
afterAll(endpoint.close)
beforeEach(world.reset)

test('"and yesterday?" is understood: the conversation is told to the model, for its owner alone', async () => {
  const { ask } = setUp()
  endpoint.script([{ calls: [call({ status: 404 })] }, { text: 'There were 1,604.' }])
  const first = await ask('How many 404 today?')
  const { conversation_id } = first.answer
  endpoint.script([{ text: 'More.' }])
  const second = await ask({ message: 'And yesterday?', conversation_id })
  expect(second.answer.conversation_id).toBe(conversation_id)
  expect(told().slice(1)).toEqual([
    'Today is Friday, 20 November 2026.\n\nHow many 404 today?',
    'There were 1,604.\n(called: count({"status":404}) gave 2 rows)',
    'And yesterday?\n\n(It is 12:00.)',
  ])
  endpoint.script([{ text: 'What?' }])
  const foreign = await ask({ message: 'And yesterday?', conversation_id }, { owner: 'somebody else' })
  expect(foreign.answer.conversation_id).not.toBe(conversation_id)
  expect(told().slice(1)).toEqual(['Today is Friday, 20 November 2026.\n\nAnd yesterday?\n\n(It is 12:00.)'])
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
