import { expect, test } from 'bun:test'
import { Check } from 'typebox/value'
import {
  allowanceOf,
  costOf,
  egressSteps,
  egressUsdBeyondAllowance,
  priceList,
  usdBeyondAllowance,
} from '../../src/cost/price-list.ts'
import type { PriceList, Step } from '../../src/cost/price-list.ts'
import { providerNames, providers } from '../../src/cost/prices.ts'

const GIB = 1024 ** 3
const afterAllowance: Step[] = [
  { up_to: 1024, usd: 0 },
  { up_to: null, usd: 0.01 },
]

function steps(meter: PriceList['storage']): Step[] {
  if (!meter) throw new Error('the price is known')
  return meter.steps
}

test.each([
  [0, 0],
  [1023.5, 0],
  [1024, 0],
  [1025, 0.01],
  [2024, 10],
])('%p GB cost %p USD with 1,024 GB free and 0.01 beyond', (gb, usd) => {
  expect(costOf(afterAllowance, gb)).toBeCloseTo(usd, 12)
})

test('each part of an amount costs the price of its own step', () => {
  const { egress, storage } = providers['aws-s3']
  // 10,240 at 0.09, 40,960 at 0.085, 102,400 at 0.07, and the 51,100 that are left at 0.05.
  expect(costOf(steps(egress), 204_800)).toBeCloseTo(921.6 + 3481.6 + 7168 + 2555, 9)
  expect(costOf(steps(storage), 51_201)).toBeCloseTo(51_200 * 0.023 + 0.022, 9)
})

test('an allowance is a free first step, and what comes beyond has a price or is free too', () => {
  const { egress: r2 } = providers['cloudflare-r2']
  expect([allowanceOf(afterAllowance), usdBeyondAllowance(afterAllowance)]).toEqual([1024, 0.01])
  expect([allowanceOf(steps(r2)), usdBeyondAllowance(steps(r2))]).toEqual([null, 0])
  expect(allowanceOf([{ up_to: null, usd: 0.09 }])).toBe(0)
})

test('what one GB of egress costs is in the unit of the provider, and not known where no price is', () => {
  expect(egressUsdBeyondAllowance(providers.spaces, GIB)).toBe(0.01)
  expect(egressUsdBeyondAllowance(providers['aws-s3'], 2 * GIB)).toBe(0.18)
  expect(egressUsdBeyondAllowance(providers['backblaze-b2'], 1e9)).toBe(0.01)
  expect(egressUsdBeyondAllowance({ ...providers.spaces, egress: null }, GIB)).toBeNull()
})

test('where as much as is stored goes out free, the allowance grows with it', () => {
  const { egress } = providers['backblaze-b2']
  if (!egress) throw new Error('the price is known')
  const cost = (stored_gb: number, out_gb: number): number => costOf(egressSteps(egress, stored_gb), out_gb)
  expect([cost(100, 300), cost(100, 301), cost(0, 50)]).toEqual([0, expect.closeTo(0.01, 9), 0.5])
  expect(egressSteps({ ...egress, steps: afterAllowance }, 10)).toEqual(afterAllowance)
  expect(egressSteps({ ...egress, steps: [{ up_to: null, usd: 0 }] }, 10)).toEqual([{ up_to: null, usd: 0 }])
})

test.each([...providerNames])('every price of %s tells its page and its day', (name) => {
  const prices = providers[name]
  expect(Check(priceList, prices)).toBe(true)
  expect(prices.provider).toBe(name)
  for (const price of [prices.subscription, prices.storage, prices.egress, prices.writes, prices.reads]) {
    expect(price?.page).toMatch(/\.(com|gov|org)/)
    expect(Date.parse(price?.date ?? '')).toBeLessThan(Date.now())
  }
})
