import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { library } from '../../src/questions/library.ts'
import { agentOptions } from '../support/agent-options.ts'
import { startScriptedModel } from '../support/scripted-model.ts'
import type { Script } from '../support/scripted-model.ts'
import { cases, stated, truthOf } from './cases.ts'
import { nearMisses } from './near-misses.ts'
import { openEval } from './run-eval.ts'
import { certainTo, entries, searchAll } from './without-model.ts'
import { wordings } from './wordings.ts'

setDefaultTimeout(120_000)

const model = await startScriptedModel()
const evaluation = await openEval(agentOptions(model.url))
afterAll(async () => {
  await evaluation.close()
  await model.close()
})

/** A model that knows which question of the library to ask, and says what the first row of its result says. */
const clever: Script = ({ body: { messages } }) => {
  const holds = (content: string | null | undefined, words: string): boolean =>
    content?.includes(words) ?? false
  const one = cases.find(({ words }) => messages.some(({ content }) => holds(content, words)))
  const last = messages.at(-1)?.content ?? ''
  if (one && holds(last, one.words))
    return {
      calls: [{ tool: 'ask_library', args: { question: one.name, parameters: { ...one.parameters } } }],
    }
  const { columns, rows } = JSON.parse(last.slice(last.indexOf('{'))) as {
    columns: string[]
    rows: unknown[][]
  }
  const names = columns.map((name) => name.replace(/ \(\w+\)$/, ''))
  return {
    text: (one?.states ?? [])
      .map((name) => `${name}: \`${String(rows[0]?.[names.indexOf(name)])}\``)
      .join('\n'),
  }
}

test('the evaluation asks at least 40 questions of the library, each in words of its own', () => {
  expect(cases.length).toBeGreaterThanOrEqual(40)
  const names = new Set(library.map(({ name }) => name))
  expect(cases.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([])
  expect(new Set(cases.map(({ words }) => words)).size).toBe(cases.length)
})

test('without a model the library finds question and parameters in nine of ten of 120 wordings, a third of them German', () => {
  const all = searchAll('all')
  expect(all).toHaveLength(120)
  expect(wordings.filter(({ asks }) => asks.length === 0).length).toBeGreaterThan(10)
  expect(all.filter(({ isRight }) => isRight).length).toBeGreaterThanOrEqual(114)
  expect(all.filter(({ isCertain }) => isCertain).length).toBeGreaterThanOrEqual(75)
  expect(all.filter(({ isCertain, isRight }) => isCertain && !isRight)).toEqual([])
})

test('without a model nothing is given as certain to questions that are near to one of the library', () => {
  expect(nearMisses.filter((text) => certainTo(text) !== null)).toEqual([])
})

test.each([
  ['how high is our bill this month', 'month-cost'],
  ['forecast of the cost this month', 'month-cost'],
  ['what does storage cost', 'storage-cost'],
  ['Was kostet der Speicher im Monat?', 'storage-cost'],
  ['what would save money', 'cost-savings'],
  ['how much would the CDN save', 'cost-savings'],
])('without a model %j is asked of the costs of the month', (text, name) => {
  expect(certainTo(text)).toBe(name)
})

test('costs are those of the month that is asked for', () => {
  const cost = entries.find(({ name }) => name === 'month-cost')
  const october = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' }
  expect(cost?.callOf({ parameters: {}, window: october })).toEqual({
    tool: 'read_cost',
    given: { about: 'parts', month: '2026-10' },
  })
})

test.each([
  ['is anything wrong in media-assets?', 'findings'],
  // A window that they cannot take.
  ['what was wrong yesterday', null],
  ['what did storage cost yesterday', null],
  ['what did storage cost in July', 'storage-cost'],
])('without a model %p is answered by %p', (text, name) => {
  expect(certainTo(text)).toBe(name)
})

test('every metric of the catalogue has a title and other words by which it is found', () => {
  expect(entries.filter(({ title, name, words }) => title === name || words === '')).toEqual([])
})

describe.each(cases)('$name', (one) => {
  test('is answered by the figures that the generator counted', async () => {
    model.script(clever)
    const result = await evaluation.ask(one)
    expect(result).toMatchObject({ right: true, missing: [], steps: 2, unproven: 0, error: null })
  })
})

test('a model that says something else is found wrong', async () => {
  model.script((request, at) => {
    const reply = clever(request, at)
    return reply.text === undefined ? reply : { text: reply.text.replaceAll(/\d/g, '7').replaceAll('a', 'b') }
  })
  for (const one of cases.slice(0, 12)) expect((await evaluation.ask(one)).right).toBe(false)
})

test.each([
  ['There were 1,234 of them', 1234, true],
  ['There were 1,235 of them', 1234, false],
  ['5.62 GB', 5_617_283_945, true],
  ['5.63 GB', 5_617_283_945, false],
  ['10.5 %', 10.457516, true],
  ['at 2026-08-27 08:02', '2026-08-27T08:02:00.000000Z', true],
  ['at 08:03', '2026-08-27T08:02:00.000000Z', false],
  ['key `a/b.txt`', 'a/b.txt', true],
])('%j states %j: %j', (text, value, is) => {
  expect(stated(text, value)).toBe(is)
})

test('every truth of the evaluation is one', () => {
  for (const one of cases) expect(truthOf(one, evaluation.demo)).toHaveLength(one.states.length)
})
