import Type from 'typebox'
import type { Static } from 'typebox'
import { coverage, spanFields } from '../metrics/answers.ts'
import { count, described, flag, nullable, number, oneOf, record, text } from '../schema.ts'

/** What a change is measured by. */
export const measureNames = [
  'requests',
  'errors',
  'errors_5xx',
  'bytes_sent',
  'slow_requests',
  'objects_deleted',
] as const
export type MeasureName = (typeof measureNames)[number]

/** What a selection is held against: as long before and after it, as long just before it, or the same hours a week ago. */
export const baselineNames = ['neighbourhood', 'previous', 'week'] as const
export type BaselineName = (typeof baselineNames)[number]

/** What an operation is told apart by here. */
export const dimensionNames = [
  'client',
  'network',
  'requester',
  'bucket',
  'prefix',
  'key',
  'referer',
  'user_agent',
  'operation',
  'status',
  'error_code',
  'edge',
  'tls_version',
] as const
export type DimensionName = (typeof dimensionNames)[number]

const termFields = {
  dimension: oneOf(dimensionNames),
  value: nullable(described('as logged; null where the log has none')),
  filter: nullable(
    record({ name: text, value: text }, 'what narrows a dashboard to it; null where no filter does'),
  ),
}
const term = record(termFields)
export type Term = Static<typeof term>

const figureFields = {
  selection: number,
  baseline: number,
  expected: Type.Number({ description: 'the baseline, scaled to the length of the selection' }),
  difference: Type.Number({ description: 'selection - expected' }),
}
const series = record(
  { selection: Type.Array(number), baseline: Type.Array(Type.Array(number)) },
  'per interval: of the selection, and of each part of the baseline',
)
export type Series = Static<typeof series>

const valueFields = { ...termFields, ...figureFields }
const dimensionAnswer = record({
  dimension: oneOf(dimensionNames),
  values: Type.Array(record(valueFields), { description: 'those that changed most, at most ten' }),
  elapsed_ms: count,
})
/** One dimension by itself, as it is found. */
export type DimensionAnswer = Static<typeof dimensionAnswer>

const contribution = {
  terms: Type.Array(term, { description: 'one value, or two that hold together' }),
  ...figureFields,
  share_percent: Type.Number({
    description: 'of the whole difference: over 100 where others changed the other way',
  }),
  surprise: Type.Number({ description: 'how much its share of the whole has changed: 0 to 0.35' }),
  series,
  sql: described('its two figures, as POST /sql takes it'),
}
const contributionRecord = record(contribution)
export type Contribution = Static<typeof contributionRecord>

const cause = record({
  ...contribution,
  within: Type.Array(record({ ...termFields, share_percent: number }), {
    description: 'what most of its difference has in common too',
  }),
  folded: Type.Array(contributionRecord, {
    description: 'what changed only along with it: without its rows they do not stand out',
  }),
})

const total = record({
  ...figureFields,
  change: oneOf(
    ['none', 'trend', 'real'],
    'none: no more than chance; trend: it lies between what was before and after',
  ),
  step_seconds: count,
  series,
  sql: text,
})
export type Total = Static<typeof total>

const span = record(spanFields)
const windows = {
  measure: oneOf(measureNames),
  unit: oneOf(['Count', 'Bytes']),
  threshold_ms: nullable(number),
  format: nullable(described('of the logs; null where there are no rows')),
  selection: span,
  baseline: record({ kind: oneOf(baselineNames), spans: Type.Array(span) }),
}
const windowsRecord = record(windows)
export type Windows = Static<typeof windowsRecord>

/** Why a figure differs between two windows. */
export const explanation = record({
  headline: described('the answer in one sentence'),
  ...windows,
  total,
  causes: Type.Array(cause, { description: 'what stands out, the strongest first' }),
  others: Type.Array(contributionRecord, {
    description: 'the largest differences among what does not stand out',
  }),
  stands_out: flag,
  notes: Type.Array(text),
  coverage: coverage,
})
export type Explanation = Static<typeof explanation>
