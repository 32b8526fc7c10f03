import { expect, test } from 'bun:test'
import { sameRows } from '../support/same-rows.ts'

const ordered = { ordered: true }
const unordered = { ordered: false }

test('the last bits of fractions make no difference, in any order of rows', () => {
  const a = [
    ['x', 0.1 + 0.2, 3],
    ['x', 7, 4],
    ['y', null, 5],
  ]
  const b = [
    ['y', null, 5],
    ['x', 7.000000000000001, 4],
    ['x', 0.3, 3],
  ]
  expect(sameRows(a, b, unordered)).toBe(true)
  expect(sameRows(a, b, ordered)).toBe(false)
  expect(sameRows(a, a, ordered)).toBe(true)
})

test.each([
  ['a fraction beyond 1e-9', [[0.5]], [[0.500001]]],
  ['a whole number', [[3, 0.5]], [[4, 0.5]]],
  ['a text', [['a', 0.5]], [['b', 0.5]]],
  ['a null', [[0.5]], [[null]]],
  ['a row more', [[0.5]], [[0.5], [0.5]]],
])('%s is a difference', (_, a, b) => {
  expect(sameRows(a, b, unordered)).toBe(false)
  expect(sameRows(b, a, unordered)).toBe(false)
})
