import Type from 'typebox'
import type { Static } from 'typebox'
import { cells, coverage, ledgerFields } from '../metrics/answers.ts'
import { bytes, count, described, flag, moment, nullable, number, oneOf, record, text } from '../schema.ts'
import { scanned, truncated } from '../spaces/answers.ts'

const chart = record(
  {
    kind: oneOf(['line', 'bar']),
    title: text,
    evidence: described('the id of the result that it shows'),
    x: text,
    y: Type.Array(text),
    series: nullable(text),
  },
  'x, y and series name columns of the result',
)
export type Chart = Static<typeof chart>

const totals = record({ sum: number, min: number, max: number })
export type Totals = Static<typeof totals>

const facts = Type.Record(Type.String(), Type.Unknown(), { description: 'a few values that are no table' })
/** A result that an answer rests on, with all its rows; also what a tool of MCP answers. */
export const evidenceAnswer = record({
  id: described('what the model and charts call it by'),
  tool: text,
  arguments: Type.Record(Type.String(), Type.Unknown()),
  sql: nullable(text),
  ...cells,
  row_count: count,
  truncated: described('true when there are more rows than these', flag),
  facts,
  totals: Type.Record(Type.String(), totals, { description: 'of each column of numbers, over all rows' }),
  coverage: nullable(coverage),
})
export type Evidence = Static<typeof evidenceAnswer>

const proof = record({
  figures: count,
  unproven: Type.Array(text, { description: 'figures that no result holds' }),
})
export type Proof = Static<typeof proof>

const values = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))
const nearest = record(
  {
    name: text,
    title: text,
    category: text,
    parameters: values,
    from: nullable(text),
    to: nullable(text),
  },
  'what the library can answer by itself, with what the message says of its parameters',
)
export type Nearest = Static<typeof nearest>

export const chatAnswer = record({
  answer: described(
    'Markdown without images and links; figures that no evidence holds are marked (unproven)',
  ),
  basis: described('what it rests on, in words of the server: windows, filters, rows that were cut'),
  proof,
  evidence: Type.Array(evidenceAnswer),
  charts: Type.Array(chart),
  nearest: described('the nearest of the library, at most five', Type.Array(nearest)),
  coverage: nullable(coverage),
  tool_used: nullable(text),
  bucket_used: nullable(text),
  usage: record({ input: count, output: count, tokens: count, steps: count, cost_usd: number }),
  conversation_id: text,
  complete: described('false where the model came to no end and the server ended it', flag),
})
export type ChatAnswer = Static<typeof chatAnswer>

const logObject = record({ key: text, bytes, modified: moment, ...ledgerFields })
/** The newest log objects of a log source and how far each was read. */
export const logObjects = record({
  log_bucket: text,
  log_prefix: text,
  log_objects: Type.Array(logObject),
  scanned,
  truncated,
})
export type LogObjects = Static<typeof logObjects>
