import Type from 'typebox'
import type { Static } from 'typebox'
import { cells, coverage, spanFields, units } from '../metrics/answers.ts'
import { count, described, flag, oneOf, record, text } from '../schema.ts'

/** Rows that one answer may have; as JSON, which is held until it is sent, fewer. */
export const maxRows = 100_000
export const maxJsonRows = 10_000

const sql_executed = described('what was run: the SQL over your own rows alone')
/** Of every answer that came through the gate. */
export const gateFields = {
  ...cells,
  row_count: count,
  truncated: described('true when there are more rows', flag),
  elapsed_ms: count,
  sql_executed,
}
const gateAnswer = record({ ...gateFields, window: record(spanFields) })
export type GateAnswer = Static<typeof gateAnswer>

export const sqlAnswer = record({ ...gateFields, coverage })

const checked = {
  sql_executed,
  tables: Type.Array(text, { description: 'the tables of /sql/schema that it reads' }),
}
const checkedSql = record(checked)
export type CheckedSql = Static<typeof checkedSql>
export const sqlValidity = record({ valid: Type.Literal(true), ...checked })

export const cancelAnswer = record({ cancelled: flag })

export const sqlSchema = record({
  tables: Type.Array(
    record({
      name: text,
      description: text,
      columns: Type.Array(
        record({ name: text, type: text, unit: Type.Optional(oneOf(units)), description: text }),
      ),
    }),
  ),
  functions: Type.Array(record({ name: text, kind: oneOf(['scalar', 'aggregate', 'window']) })),
  instead_of: Type.Record(Type.String(), text, {
    description: 'functions of other databases, and what to write',
  }),
  notes: Type.Array(text),
})
