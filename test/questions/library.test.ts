import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createGate } from '../../src/gate/gate.ts'
import { createCoverage } from '../../src/metrics/coverage.ts'
import { parseWindow } from '../../src/metrics/window.ts'
import type { QuestionAnswer } from '../../src/questions/answers.ts'
import { createAsk } from '../../src/questions/ask.ts'
import { placeholders } from '../../src/questions/bind.ts'
import { library } from '../../src/questions/library.ts'
import { openTestStore } from '../support/store.ts'
import { generateDemo, now_ms, storeDemo } from './demo-data.ts'
import type { Case, Row, Value } from './truth.ts'
import { expected, truths, windowOf } from './truths.ts'

const source = 'questions-demo'
const demo = generateDemo()
const store = await openTestStore()
afterAll(store.close)
beforeAll(() => storeDemo(demo, store, source), 120_000)

const now = () => now_ms
const gate = createGate({
  pool: store,
  turns: { take: (_, work) => work() },
  readWindow: (given) => parseWindow(given, now_ms, false),
})
const ask = createAsk({ gate, readCoverage: createCoverage({ query: store.query, progress: () => [] }), now })

const askCase = (question: string, { parameters = {}, ...hours }: Case, scope = [source]) => {
  const { from_ms, to_ms } = windowOf(question, hours)
  const from = hours.from_hours === undefined ? undefined : String(from_ms)
  const to = hours.to_hours === undefined ? undefined : String(to_ms)
  return ask({ question, parameters, from, to, scope, turns_of: 'test' })
}

// From a second to a day, none at a boundary of minutes or hours.
const unaligned: Case[] = [1, 2.345, 61.7, 599.999, 3_601.501, 86_399.123].map((seconds, index) => {
  const to_hours = 3.2101 + index * 7.7777
  return { from_hours: to_hours + seconds / 3_600, to_hours }
})

test('the library has 40 questions or a few more, each with a truth', () => {
  expect(library.length).toBeGreaterThanOrEqual(40)
  const names = library.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(Object.keys(truths).toSorted()).toEqual(names.toSorted())
})

describe.each(library)('$name', ({ name, title, description, parameters, sql }) => {
  const cases: [string, Case][] = [{}, ...(truths[name]?.cases ?? [])].map((one) => [
    JSON.stringify(one),
    one,
  ])

  test.each(cases)('answers what a plain loop over the generated week counts: %s', async (_, asked) => {
    const answer = await askCase(name, asked)
    const { rows, truncated } = expected(name, demo, asked)
    expect(rows.length).toBeGreaterThan(0)
    expectRows(answer, rows)
    expect(answer.truncated).toBe(truncated)
  })

  test.each(unaligned)('counts a window that cuts seconds, minutes and hours: %j', async (asked) => {
    const answer = await askCase(name, asked)
    expectRows(answer, expected(name, demo, asked).rows)
  })

  test('is described, and each parameter stands in its SQL and in a case', () => {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(title).toMatch(/^[A-Z].*\?$/)
    expect(description).toMatch(/\.$/)
    const named = parameters.map((parameter) => parameter.name)
    expect(new Set(placeholders(sql)).difference(new Set(['to']))).toEqual(
      new Set(named).difference(new Set(['limit'])),
    )
    const used = new Set((truths[name]?.cases ?? []).flatMap((one) => Object.keys(one.parameters ?? {})))
    expect([...new Set(named).difference(used)].filter((word) => word !== 'limit')).toEqual([])
  })
})

test('no question sees the rows of another source', async () => {
  for (const { name } of library) {
    expect((await askCase(name, { from_hours: 720 }, ['somebody-else'])).rows).toEqual([])
  }
})

// Counts, bytes and texts exactly; percentiles within 1 %; quotients as floating point allows.
function expectRows({ columns, rows }: QuestionAnswer, truth: readonly Row[]): void {
  const found = rows.map((row) =>
    Object.fromEntries(columns.map(({ name }, index) => [name, row[index] as Value])),
  )
  const near = found.map((row, index) => {
    const cells = Object.entries(row).map(([name, value]) => [
      name,
      nearest(name, value, truth[index]?.[name]),
    ])
    return Object.fromEntries(cells)
  })
  expect(near).toEqual([...truth])
}

function nearest(name: string, is: Value, wanted: Value | undefined): Value {
  if (typeof is !== 'number' || typeof wanted !== 'number') return is
  const slack = /^p\d/.test(name) ? 0.01 : Number.isInteger(wanted) ? 0 : 1e-9
  return Math.abs(is - wanted) <= slack * Math.abs(wanted) ? wanted : is
}
