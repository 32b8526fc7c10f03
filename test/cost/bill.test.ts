import { expect, test } from 'bun:test'
import { billOf, sumOf } from '../../src/cost/bill.ts'
import type { Usage } from '../../src/cost/bill.ts'
import { providers } from '../../src/cost/prices.ts'

const GIB = 1024 ** 3
const nothing: Usage = { stored_bytes: 0, origin_bytes: 0, cdn_bytes: 0, writes: 0, reads: 0 }
const { spaces } = providers

test('a month of Spaces: 5 USD, 0.02 beyond 250 GiB stored, 0.01 beyond 1 TiB sent, requests free', () => {
  const used = { stored_bytes: 350 * GIB, origin_bytes: 1_524 * GIB, cdn_bytes: 0, writes: 1e6, reads: 1e8 }
  expect(billOf(spaces, used, 1)).toEqual({
    subscription: 5,
    storage: expect.closeTo(2, 9),
    origin_egress: expect.closeTo(5, 9),
    cdn_egress: 0,
    writes: 0,
    reads: 0,
  })
})

test('origin and CDN of Spaces share one allowance, and each bears its share', () => {
  const used = { ...nothing, origin_bytes: 512 * GIB, cdn_bytes: 1_536 * GIB }
  const bill = billOf(spaces, used, 1)
  // 1,024 GiB beyond the allowance cost 10.24, of which a quarter is the origin's.
  expect([bill.origin_egress, bill.cdn_egress]).toEqual([expect.closeTo(2.56, 9), expect.closeTo(7.68, 9)])
  expect(billOf(spaces, { ...used, cdn_bytes: 512 * GIB }, 1)).toMatchObject({
    origin_egress: 0,
    cdn_egress: 0,
  })
})

test('storage is billed by time, the subscription at once', () => {
  const half = billOf(spaces, { ...nothing, stored_bytes: 350 * GIB }, 0.5)
  expect([half.subscription, half.storage]).toEqual([5, expect.closeTo(1, 9)])
})

test('requests cost by the thousand where they cost', () => {
  const bill = billOf(providers['aws-s3'], { ...nothing, writes: 200_000, reads: 5_000_000 }, 1)
  expect([bill.writes, bill.reads]).toEqual([expect.closeTo(1, 9), expect.closeTo(2, 9)])
  const r2 = billOf(providers['cloudflare-r2'], { ...nothing, writes: 1_500_000, reads: 9_000_000 }, 1)
  expect([r2.writes, r2.reads]).toEqual([expect.closeTo(2.25, 9), 0])
})

test('what is not known is null and no zero, and the sum says that it lacks it', () => {
  const unknown = billOf(spaces, { ...nothing, stored_bytes: null }, 1)
  expect(unknown.storage).toBeNull()
  expect(sumOf(unknown)).toEqual({ usd: 5, complete: false })
  expect(billOf({ ...spaces, egress: null }, { ...nothing, origin_bytes: 1 }, 1)).toMatchObject({
    origin_egress: null,
  })
  expect(billOf(providers['aws-s3'], { ...nothing, cdn_bytes: 1 }, 1).cdn_egress).toBeNull()
  expect(billOf({ ...spaces, reads: null }, { ...nothing, reads: 1 }, 1).reads).toBeNull()
  // How much goes out free depends on what is stored.
  expect(
    billOf(providers['backblaze-b2'], { ...nothing, stored_bytes: null, origin_bytes: 1 }, 1).origin_egress,
  ).toBeNull()
})

test('nothing used costs nothing, whatever its price', () => {
  expect(billOf({ ...spaces, egress: null, cdn: null, reads: null }, nothing, 1)).toMatchObject({
    origin_egress: 0,
    cdn_egress: 0,
    reads: 0,
  })
})
