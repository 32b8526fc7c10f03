import { t } from 'elysia'
import { coverageSchema, tableSchema } from './schemas.ts'

const text = t.String()
const count = t.Integer({ minimum: 0 })
const executed = t.String({ description: 'what was run: the SQL over your own rows alone' })

export const sqlAnswer = t.Composite([
  t.Omit(tableSchema, ['sql']),
  t.Object({
    row_count: count,
    truncated: t.Boolean({ description: 'true when there are more rows' }),
    elapsed_ms: count,
    sql_executed: executed,
    coverage: coverageSchema,
  }),
])
export const sqlValidity = t.Object({
  valid: t.Literal(true),
  sql_executed: executed,
  tables: t.Array(text),
})
export const cancelAnswer = t.Object({ cancelled: t.Boolean() })
export const sqlSchema = t.Object({
  tables: t.Array(
    t.Object({
      name: text,
      description: text,
      columns: t.Array(t.Object({ name: text, type: text, unit: t.Optional(text), description: text })),
    }),
  ),
  functions: t.Array(
    t.Object({ name: text, kind: t.String({ description: 'scalar, aggregate or window' }) }),
  ),
  instead_of: t.Record(text, text, { description: 'functions of other databases, and what to write' }),
  notes: t.Array(text),
})
