import { InvalidError } from '../errors.ts'
import type { Reserve, Usage } from './message.ts'

export interface BudgetLimits {
  tokensPerConversation: number
  /** Of one scope. */
  tokensPerDay: number
  /** Of all together; 0: nothing may be spent. */
  usdPerDay: number
  /** For a million tokens. */
  inputPrice_usd: number
  outputPrice_usd: number
}

/**
 * Counts what the model costs, in memory, by days of UTC. Tokens are reserved before a call at the most that it can
 * come to, so that calls side by side cannot pass a limit together.
 */
export interface Budget {
  /** For one question. The result throws InvalidError `agent_budget` where a limit would be passed. */
  open(scope: string, conversation: { tokens: number }): Reserve
  cost_usd(usage: Usage): number
  /** Of today. */
  spent_usd(): number
}

export function createBudget(limits: BudgetLimits, now: () => number): Budget {
  let day = ''
  let spent_usd = 0
  let scopes = new Map<string, number>()
  const cost_usd = ({ input, output }: Usage): number =>
    (input * limits.inputPrice_usd + output * limits.outputPrice_usd) / 1e6

  function turnDay(): void {
    const today = new Date(now()).toISOString().slice(0, 10)
    if (today === day) return
    day = today
    spent_usd = 0
    scopes = new Map()
  }

  return {
    cost_usd,
    spent_usd() {
      turnDay()
      return spent_usd
    },
    open: (scope, conversation) => (most) => {
      turnDay()
      const tokens = most.input + most.output
      const refuse = (whose: string, hint: string): never => {
        throw new InvalidError(`Cannot ask the agent: ${whose} has used up its tokens`, hint, 'agent_budget')
      }
      if (conversation.tokens + tokens > limits.tokensPerConversation)
        refuse('the conversation', 'begin a new one')
      if ((scopes.get(scope) ?? 0) + tokens > limits.tokensPerDay)
        refuse(
          'this log source',
          'ask again tomorrow; /ask answers the questions of the library without the agent',
        )
      if (spent_usd + cost_usd(most) > limits.usdPerDay)
        refuse('the day', 'ask again tomorrow; /ask answers the questions of the library without the agent')
      const add = (usage: Usage, sign: 1 | -1): void => {
        const sum = sign * (usage.input + usage.output)
        conversation.tokens += sum
        scopes.set(scope, (scopes.get(scope) ?? 0) + sum)
        spent_usd += sign * cost_usd(usage)
      }
      add(most, 1)
      const reservedOn = day
      return (spent) => {
        turnDay()
        if (day === reservedOn) add(most, -1)
        add(spent, 1)
      }
    },
  }
}
