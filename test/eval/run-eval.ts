import type { AgentOptions } from '../../src/agent/agent.ts'
import type { ChatAnswer } from '../../src/agent/answers.ts'
import { createLog } from '../../src/log.ts'
import { Secret } from '../../src/secret.ts'
import { createCallers } from '../../src/server/caller.ts'
import { createEndpointPolicy } from '../../src/spaces/endpoint-policy.ts'
import { createProofs } from '../../src/spaces/proof.ts'
import { generateDemo, now_ms, storeDemo } from '../questions/demo-data.ts'
import { createApp } from '../support/app.ts'
import { startTestQuestDB } from '../support/servers.ts'
import { openTestStore } from '../support/store.ts'
import { cases, stated, truthOf } from './cases.ts'
import type { EvalCase } from './cases.ts'

/** How one question went. */
export interface EvalResult {
  name: string
  right: boolean
  /** What the answer had to state and did not. */
  missing: (string | number)[]
  steps: number
  tokens: number
  unproven: number
  seconds: number
  error: string | null
}

const apiKey = 'the-key-of-the-evaluation'

/** Puts the demo's week into a QuestDB of its own, and asks every case through /chat as a user would. */
export async function openEval(
  agent: Pick<AgentOptions, 'model' | 'modelName' | 'profile' | 'budget' | 'maxSteps'>,
) {
  const demo = generateDemo()
  const server = await startTestQuestDB()
  const store = await openTestStore(server)
  await storeDemo(demo, store, 'eval')
  const policy = createEndpointPolicy({ vouched: [] })
  const app = createApp({
    query: store.query,
    gatePool: store,
    append: store.appender.append,
    apiKey: new Secret(apiKey),
    callers: createCallers({ policy, proofs: createProofs({ policy }), leases: { renew: () => null } }),
    sources: () => [],
    walStatus: () => ({ suspended: [], lag_transactions: 0, disk_free: 1, away: null }),
    slowOperation_ms: 5_000,
    agent,
    log: createLog('silent'),
    now: () => now_ms,
  })

  async function ask(one: EvalCase): Promise<EvalResult> {
    const started_ms = performance.now()
    const response = await app.handle(
      new Request('http://localhost/chat', {
        method: 'POST',
        headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
        body: JSON.stringify({ message: one.words }),
      }),
    )
    const answered = (await response.json()) as ChatAnswer | { error: { code: string; message: string } }
    const seconds = (performance.now() - started_ms) / 1000
    const truth = truthOf(one, demo)
    const { name } = one
    if ('error' in answered) {
      const error = `${answered.error.code}: ${answered.error.message}`
      return { name, right: false, missing: truth, steps: 0, tokens: 0, unproven: 0, seconds, error }
    }
    // Percentiles come from a histogram.
    const share = (at: number): number => (/^p\d/.test(one.states[at] ?? '') ? 0.01 : 0)
    const missing = truth.filter((value, at) => !stated(answered.answer, value, share(at)))
    const { steps, tokens } = answered.usage
    const unproven = answered.proof.unproven.length
    return { name, right: missing.length === 0, missing, steps, tokens, unproven, seconds, error: null }
  }
  async function close(): Promise<void> {
    await store.close()
    await server.stop()
  }
  return { demo, cases, ask, close }
}
