import Type from 'typebox'
import type { Static } from 'typebox'
import { formatNames } from '../log-formats.ts'
import { bytes, count, described, flag, moment, nullable, number, oneOf, record, text } from '../schema.ts'

/** The end of one log object. */
export const logTail = record({
  key: text,
  bytes: bytes,
  modified: moment,
  gzip: flag,
  truncated: described('true when there are lines before these', flag),
  lines: Type.Array(text, { description: 'secrets redacted, control characters replaced' }),
})
export type LogTail = Static<typeof logTail>

export const logLine = record({
  key: text,
  line_number: Type.Integer({ minimum: 1 }),
  line: text,
})
export type LogLine = Static<typeof logLine>

/** What the newest objects under a log prefix turned out to be. */
export const logSniff = record({
  objects: count,
  truncated: flag,
  objects_read: described('how many of the newest were read, each up to 64 KiB', count),
  holds_access_logs: flag,
  formats: Type.Array(oneOf(formatNames)),
  lines: count,
  lines_refused: count,
  buckets: Type.Array(text, { description: 'that the lines are about' }),
  newest_object: nullable(record({ key: text, modified: moment })),
  newest_event: nullable(moment),
  delivery_lag_seconds: nullable(
    described('from the newest operation to the delivery of its log object', number),
  ),
})
export type LogSniff = Static<typeof logSniff>
