import { createBudget } from '../../src/agent/budget.ts'
import type { BudgetLimits } from '../../src/agent/budget.ts'
import { createModel } from '../../src/agent/model.ts'
import type { ToolMode } from '../../src/agent/model.ts'
import type { ProfileName } from '../../src/agent/profile.ts'
import { Secret } from '../../src/secret.ts'

/** What a server needs to ask a scripted model, with limits that no test reaches unless it says so. */
export function agentOptions(
  url: string,
  {
    mode = 'native',
    maxSteps = 8,
    profile = 'large',
    ...limits
  }: Partial<BudgetLimits> & { mode?: ToolMode; maxSteps?: number; profile?: ProfileName } = {},
) {
  const plenty = {
    tokensPerConversation: 1e9,
    tokensPerDay: 1e9,
    usdPerDay: 1e6,
    inputPrice_usd: 3,
    outputPrice_usd: 15,
  }
  return {
    model: createModel({ url, key: new Secret('agent-key'), name: 'scripted', mode, wait: async () => {} }),
    budget: createBudget({ ...plenty, ...limits }, Date.now),
    maxSteps,
    profile,
  }
}
