import Type from 'typebox'
import type { Static } from 'typebox'
import { coverage } from '../metrics/answers.ts'
import {
  bytes,
  count,
  described,
  flag,
  moment,
  nullable,
  number,
  oneOf,
  orList,
  record,
  text,
} from '../schema.ts'
import { priceList } from './price-list.ts'
import { providerNames } from './prices.ts'

/** What a month costs is asked with these, over HTTP and by a model. */
export const costParams = {
  month: Type.Optional(
    Type.String({
      pattern: '^\\d{4}-\\d\\d$',
      description: 'such as 2026-11, in UTC; the present one by default',
    }),
  ),
  provider: Type.Optional(
    oneOf(providerNames, `whose prices: ${orList(providerNames)}; by default what the operator pays`),
  ),
  cold_after_days: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 365,
      description: 'days without a read that make an object cold: 30',
    }),
  ),
  own_sites: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1000, description: 'your own sites, with commas between them' }),
  ),
}
export type CostParams = Static<ReturnType<typeof record<typeof costParams>>>

const usd = number
const size = Type.Number({ minimum: 0, 'x-unit': 'Bytes' })
const proof = record({ sql: text, from: moment, to: moment }, 'as POST /sql takes it')
export type Proof = Static<typeof proof>

const outlook = record({ value: number, low: number, high: number, usd, usd_low: usd, usd_high: usd })

/** What a bill is made of. */
export const partNames = [
  'subscription',
  'storage',
  'origin_egress',
  'cdn_egress',
  'writes',
  'reads',
] as const
export type PartName = (typeof partNames)[number]

const part = record({
  part: oneOf(partNames),
  unit: oneOf(['Bytes', 'Count', 'Months']),
  amount: nullable(described('so far; of storage the mean', number)),
  usd: nullable(usd),
  forecast: nullable(outlook),
  how: described('how amount, price and forecast were made, or why they are not known'),
  proof: nullable(proof),
})
export type CostPart = Static<typeof part>

const allowance = record({
  of: oneOf(['storage', 'egress']),
  included: nullable(described('null: all of it', size)),
  used: nullable(size),
  forecast: nullable(size),
})
export type Allowance = Static<typeof allowance>

const costDay = record({
  day: described('2026-11-28, in UTC'),
  origin_bytes: nullable(bytes),
  cdn_bytes: nullable(bytes),
  complete: described('false while the day goes on, or its logs may still come', flag),
  forecast_bytes: nullable(size),
  forecast_low: nullable(size),
  forecast_high: nullable(size),
})
export type CostDay = Static<typeof costDay>

/** What egress is told apart by. */
export const causeNames = ['bucket', 'prefix', 'requester', 'client', 'site', 'agent'] as const
export type CauseName = (typeof causeNames)[number]

const cause = record({
  by: oneOf(causeNames),
  format: oneOf(['s3', 'cdn']),
  bucket: nullable(described('of a prefix: where it is')),
  value: nullable(described('null: the log has none')),
  requests: count,
  bytes_sent: bytes,
  share: Type.Number({ minimum: 0, maximum: 1, description: 'of the bytes of origin and CDN together' }),
  usd: nullable(described('that share of what egress costs so far', number)),
  usd_beyond_allowance: nullable(described('what these bytes cost once the allowance is used up', number)),
})
export type Cause = Static<typeof cause>
const causes = record({ by: oneOf(causeNames), rows: Type.Array(cause), proof })
export type Causes = Static<typeof causes>

/** What could be changed. */
export const changeNames = ['cdn_on', 'cold_storage', 'hotlinks_refused', 'crawlers_refused'] as const
export type ChangeName = (typeof changeNames)[number]
const whatIf = record({
  change: oneOf(changeNames),
  bytes: nullable(size),
  usd_saved: nullable(
    described('in a whole month; below 0: it costs more. null: not known, and why', number),
  ),
  usd_saved_beyond_allowance: nullable(usd),
  assumption: text,
  why: nullable(described('why the saving is not known')),
  proof: nullable(proof),
})
export type WhatIf = Static<typeof whatIf>

const storedBucket = record({
  bucket: text,
  bytes: described('the mean of the days that are known', size),
  days: count,
  newest: described('the day of the newest snapshot'),
  usd: nullable(described('its share of what storage costs so far', number)),
})
export type StoredBucket = Static<typeof storedBucket>

/** What the month costs so far and will cost, with what it is made of. */
export const costAnswer = record({
  month: described('2026-11, in UTC'),
  from: moment,
  to: Type.String({ format: 'date-time', description: 'until when it is counted' }),
  days: count,
  is_over: flag,
  total: record({
    usd: described('of the parts that are known', number),
    complete: described('false when a part is not known: the sum is then too small', flag),
    forecast: nullable(record({ usd, usd_low: usd, usd_high: usd })),
    how: text,
  }),
  parts: Type.Array(part),
  allowances: Type.Array(allowance),
  by_day: Type.Array(costDay),
  storage: Type.Array(storedBucket),
  causes: Type.Array(causes),
  what_if: Type.Array(whatIf),
  not_known: Type.Array(text),
  prices: priceList,
  coverage,
})
export type CostAnswer = Static<typeof costAnswer>
