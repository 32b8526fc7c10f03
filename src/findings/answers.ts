import Type from 'typebox'
import type { Static } from 'typebox'
import { cells } from '../metrics/answers.ts'
import { bytes, count, described, flag, moment, nullable, number, oneOf, record, text } from '../schema.ts'

export const findingSeverities = ['info', 'warning', 'critical'] as const
/** `over`: a closed hour or day no longer shows it. */
export const findingStates = ['open', 'over', 'acknowledged', 'muted'] as const
/** What may be said of a finding. */
export const markStates = ['acknowledged', 'muted', 'open'] as const
export const periods = ['hour', 'day'] as const
export const remedyLanguages = ['json', 'shell', 'text'] as const

const scalar = Type.Union([Type.String(), number, flag, Type.Null()])

const fields = {
  id: text,
  detector: text,
  title: text,
  severity: oneOf(findingSeverities),
  state: oneOf(findingStates),
  source: text,
  bucket: nullable(text),
  subject: Type.Record(Type.String(), scalar, { description: 'who or what it is about, by column' }),
  says: described('one sentence; what stands in it of logs is as hostile as these'),
  every: oneOf(periods, 'what is judged at a time'),
  first_seen: moment,
  last_seen: moment,
  seen: Type.Integer({ minimum: 1, description: 'in how many hours or days' }),
  requests: nullable(count),
  bytes: nullable(bytes),
  usd_per_month: nullable(Type.Number({ description: 'null where no price is known or nothing is paid' })),
  note: nullable(text),
  muted_until: nullable(moment),
}
const finding = record(fields)
/** What is told of a finding in a list. */
export type FindingEntry = Static<typeof finding>

const judged = record(
  { source: text, from: moment, until: moment, waiting_days: count },
  'closed time that was judged; waiting_days is how many days are still to be',
)
export type Judged = Static<typeof judged>

export const findingList = record({
  findings: Type.Array(finding),
  judged: Type.Array(judged),
  truncated: flag,
})
export type FindingList = Static<typeof findingList>

const threshold = record({
  name: text,
  value: number,
  default: number,
  unit: text,
  reason: text,
  source: nullable(text),
})

const evidence = record({
  title: text,
  sql: described('as POST /sql takes it, with this from and to'),
  from: moment,
  to: moment,
  ...cells,
  truncated: flag,
})
export type FindingEvidence = Static<typeof evidence>

const remedy = record({ title: text, language: oneOf(remedyLanguages), text })

export const findingAnswer = record({
  ...fields,
  question: text,
  figures: Type.Record(Type.String(), scalar, { description: 'of the worst hour or day, or the newest' }),
  measure: described('which of the figures says how bad it is'),
  thresholds: Type.Array(threshold),
  evidence: Type.Array(evidence),
  remedies: Type.Array(remedy),
  history: Type.Array(
    record({
      at: moment,
      state: oneOf(findingStates),
      note: nullable(text),
      until: nullable(moment),
    }),
  ),
  sightings: Type.Array(record({ at: moment, value: nullable(number) }, 'the measure of each hour or day')),
})
export type FindingAnswer = Static<typeof findingAnswer>
