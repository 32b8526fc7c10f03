import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { parsePrices, readPrices } from '../../src/cost/price-file.ts'
import { providers } from '../../src/cost/prices.ts'
import { InvalidError } from '../../src/errors.ts'
import { tempDir } from '../support/temp-dir.ts'

const parse = (file: unknown) => parsePrices(JSON.stringify(file), 'prices.json')
const source = { page: 'contract', date: '2026-11-01' }

function problems(read: () => unknown): string[] {
  try {
    read()
  } catch (error) {
    if (error instanceof InvalidError) return error.message.split('\n').map((line) => line.trim())
    throw error
  }
  return []
}

test('without a file the prices are those of Spaces', () => {
  expect(readPrices(null)).toBe(providers.spaces)
})

test('a file names a known provider, and what stands beside it replaces its part', () => {
  const storage = { steps: [{ up_to: null, usd: 0.015 }], ...source }
  expect(parse({ provider: 'wasabi' })).toEqual(providers.wasabi)
  expect(parse({ provider: 'spaces', storage })).toEqual({ ...providers.spaces, storage })
  expect(parse({ provider: 'spaces', cold: null }).cold).toBeNull()
})

test('the file in docs/cost.md is a whole one', async () => {
  const text = await Bun.file(join(import.meta.dir, '../../docs/cost.md')).text()
  const [, example = ''] = /```json\n([^]*?)```/.exec(text) ?? []
  const prices = parsePrices(example, 'docs/cost.md')
  expect(Object.values(prices)).not.toContain(null)
  expect(Object.keys(prices).toSorted()).toEqual(Object.keys(providers.spaces).toSorted())
})

test('what a file of another provider leaves out is not known, also for a name that JavaScript knows', () => {
  for (const provider of ['my-storage', 'constructor', '__proto__'])
    expect(parse({ provider })).toMatchObject({
      provider,
      egress: null,
      storage: null,
      cdn: null,
      cold: null,
    })
})

test('every problem of a file is told at once, with its place', () => {
  const rising = { up_to: 5, usd: 1 }
  const found = problems(() =>
    parse({
      gb_bytes: 1000,
      subscription: { usd: -1, page: 'a', date: 'yesterday' },
      storage: { steps: [{ up_to: 0, usd: 'free' }] },
      egress: { steps: [rising, rising, { up_to: null, usd: 2 }], ...source },
      reads: { steps: [], ...source },
      writes: { steps: [rising], ...source },
      cdn: { steps: 'shared', ...source },
      wriets: null,
    }),
  )
  expect(found[0]).toBe('Cannot read the prices of PRICES_FILE (prices.json): 14 problems')
  expect(found.slice(1)).toEqual([
    'provider is missing',
    'gb_bytes must be 1073741824',
    'gb_bytes must be 1000000000',
    'subscription.usd must be >= 0',
    'subscription.date must match format "date"',
    'storage lacks page and date',
    'storage.steps.0.up_to must be > 0',
    'storage.steps.0.usd must be number',
    'egress.steps must rise in up_to, and only the last has null',
    'reads.steps must not have fewer than 1 items',
    'writes.steps must rise in up_to, and only the last has null',
    'cdn.steps must be egress',
    'cdn.steps must be array',
    'wriets is not known',
  ])
})

test.each([
  ['{"provider":', 'it is not JSON'],
  ['[]', 'it is no object'],
  ['null', 'it is no object'],
])('%p is refused', (text, problem) => {
  expect(problems(() => parsePrices(text, 'prices.json'))).toContain(problem)
})

test('a file that cannot be opened stops the start', () => {
  expect(problems(() => readPrices(join(tempDir(), 'none.json')))).toContain('it cannot be opened (ENOENT)')
})
