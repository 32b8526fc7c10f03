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
import { emptyLibrary } from '../support/empty-library.ts'
import { startScriptedModel } from '../support/scripted-model.ts'

/** An agent with a scripted model and tools that tell what they were asked. */
export async function openAgentWorld() {
  const endpoint = await startScriptedModel()
  const ran: unknown[] = []
  const signals: AbortSignal[] = []
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
      ...emptyLibrary,
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

  /** Forgets what was asked before. */
  const reset = (): void => {
    ran.length = 0
    signals.length = 0
  }
  return { endpoint, ran, signals, counts, waits, plenty, now_ms, setUp, call, told, reset }
}
