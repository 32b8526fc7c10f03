// npm run eval asks the model of DO_AGENT_URL every case: -- --only NAME,NAME --limit 20 --profile small
// npm run eval -- --without-model searches the library for every wording: -- --part tuning|held-out
import { parseArgs } from 'node:util'
import { createBudget } from '../../src/agent/budget.ts'
import { createModel } from '../../src/agent/model.ts'
import { readConfig } from '../../src/config.ts'
import { endTestServers } from '../support/servers.ts'
import { openEval } from './run-eval.ts'
import type { EvalResult } from './run-eval.ts'
import { searchAll } from './without-model.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    limit: { type: 'string', default: '1000' },
    profile: { type: 'string' },
    'without-model': { type: 'boolean' },
    part: { type: 'string', default: 'all' },
  },
})
if (values['without-model']) process.exit(evaluateSearch(values.part))
const { agent } = readConfig()
if (!agent) {
  console.error(
    'Cannot evaluate: DO_AGENT_URL is not set\n  set it and DO_AGENT_KEY in .env, see sample.env, or say --without-model',
  )
  process.exit(1)
}
const { url, key, model, mode, profile, maxSteps, ...limits } = agent
const budget = createBudget(limits, Date.now)
const evaluation = await openEval({
  model: createModel({ url: url.reveal(), key, name: model, mode }),
  modelName: model,
  profile: values.profile === 'small' || values.profile === 'large' ? values.profile : profile,
  budget,
  maxSteps,
})
const only = values.only?.split(',')
const results: EvalResult[] = []
console.log('question               right  steps  tokens  seconds')
const chosen = evaluation.cases.filter(({ name }) => !only || only.includes(name))
for (const one of chosen.slice(0, Number(values.limit))) {
  const result = await evaluation.ask(one)
  results.push(result)
  const { name, right, steps, tokens, seconds, missing, unproven, error } = result
  const note = error ?? (right ? '' : `not stated: ${missing.join(', ')}`)
  const mark = unproven > 0 ? ` ${unproven} unproven` : ''
  console.log(
    `${name.padEnd(22)} ${right ? 'yes' : 'NO '} ${String(steps).padStart(8)} ${String(tokens).padStart(7)} ${seconds.toFixed(1).padStart(8)}  ${note}${mark}`,
  )
}
const sum = (pick: (result: EvalResult) => number): number =>
  results.reduce((total, one) => total + pick(one), 0)
const right = results.filter((result) => result.right).length
console.log(
  `accuracy ${((100 * right) / results.length).toFixed(1)} % (${right} of ${results.length}), ${(sum(({ steps }) => steps) / results.length).toFixed(1)} steps and ${Math.round(sum(({ tokens }) => tokens) / results.length)} tokens a question, ${sum(({ seconds }) => seconds).toFixed(0)} s, ${budget.spent_usd().toFixed(3)} USD`,
)
await evaluation.close()
await endTestServers()
process.exit(right === results.length ? 0 : 1)

/** Searches the library for the wordings of a part, and tells what went wrong; 0 where nothing wrong is given as certain. */
function evaluateSearch(part: string): number {
  if (!['all', 'tuning', 'held-out'].includes(part)) {
    console.error(`Cannot evaluate the part '${part}'\n  write tuning, held-out or all`)
    return 1
  }
  const searched = searchAll(part)
  for (const { words, isRight, isCertain, found } of searched)
    if (!isRight) console.log(`${isCertain ? 'WRONG ' : 'unsure'} ${words}\n       ${found}`)
  const count = (is: (one: (typeof searched)[number]) => boolean): string => {
    const number = searched.filter(is).length
    return `${number} (${((100 * number) / searched.length).toFixed(1)} %)`
  }
  const wrong = searched.filter(({ isCertain, isRight }) => isCertain && !isRight).length
  console.log(
    `${searched.length} wordings, ${part}: question and parameters first ${count((one) => one.isRight)}, question first ${count((one) => one.isFirst)}, among five ${count((one) => one.isAmongFive)}, certain ${count((one) => one.isCertain)}, wrong but certain ${wrong}`,
  )
  return wrong === 0 ? 0 : 1
}
