import { Elysia, t } from 'elysia'
import { InvalidError } from '../../errors.ts'
import type { ReadCoverage } from '../../metrics/coverage.ts'
import { functions, insteadOf } from '../../store/gate/functions.ts'
import { dialectNotes } from '../../store/gate/notes.ts'
import { views } from '../../store/gate/views.ts'
import { maxRows } from '../../store/gate.ts'
import type { Gate } from '../../store/gate.ts'
import type { FindAsker } from '../asker.ts'
import { csvResponse } from '../csv.ts'
import { describe } from '../openapi/describe.ts'
import { cancelAnswer, sqlAnswer, sqlSchema, sqlValidity } from '../openapi/sql-schemas.ts'
import { filterParams, only } from '../query-schema.ts'

export interface SqlRoutesOptions {
  findAsker: FindAsker
  gate: Gate
  readCoverage: ReadCoverage
}

// Longer than a query may take.
const silent_seconds = 60

const { from, to } = filterParams
const sql = t.String({ minLength: 1, maxLength: 10_000, description: 'one SELECT' })
const window = { from, to }
const id = t.String({
  pattern: '^[\\w-]{1,64}$',
  description: 'at most 64 letters, digits, dashes and underscores',
})

/** `/sql`: one SELECT of the caller's own, through the gate; `/sql/validate`, `DELETE /sql/:id` and `/sql/schema` around it. */
export function sqlRoutes({ findAsker, gate, readCoverage }: SqlRoutesOptions) {
  return new Elysia({ normalize: false })
    .derive(async function needScope({ request, server }) {
      server?.timeout(request, silent_seconds)
      const asker = await findAsker(request)
      if (asker.scope?.length === 0) throw withoutLogs()
      return { asker }
    })
    .post(
      '/sql',
      async ({ body: { format, ...question }, asker: { scope, name }, request: { signal } }) => {
        const csv = format === 'csv'
        const limit = question.limit ?? (csv ? maxRows : undefined)
        const { window, ...answer } = await gate.run({ ...question, limit, scope, name, signal })
        if (csv) return csvResponse({ ...answer, columns: answer.columns.map(({ name }) => name) })
        const [from_ms, to_ms] = [Date.parse(window.from), Date.parse(window.to)]
        const isRolledUp = / operations_1m /.test(answer.sql_executed)
        const notes = isRolledUp ? ['requests_1m is brought up to date once a minute'] : []
        const coverage = await readCoverage({ from_ms, to_ms, step_ms: null }, scope, { notes })
        return { ...answer, coverage }
      },
      {
        parse: 'json',
        body: only({
          sql,
          ...window,
          id: t.Optional(id),
          format: t.Optional(t.String({ pattern: '^(json|csv)$', description: 'json or csv' })),
          limit: t.Optional(t.Integer({ description: `rows at most: 1000, for CSV ${maxRows}` })),
        }),
        detail: describe('Runs one SELECT over the rows of your own log sources', {
          json: sqlAnswer,
          csv: true,
        }),
      },
    )
    .post(
      '/sql/validate',
      async ({ body, asker: { scope } }) => ({ valid: true, ...(await gate.check({ ...body, scope })) }),
      {
        parse: 'json',
        body: only({ sql, ...window }),
        detail: describe('Checks a SELECT without running it', { json: sqlValidity }),
      },
    )
    .delete('/sql/:id', ({ params, asker: { name } }) => ({ cancelled: gate.cancel(name, params.id) }), {
      params: t.Object({ id }),
      detail: describe('Ends a running query by the id that it was sent with', { json: cancelAnswer }),
    })
    .get('/sql/schema', () => schema, {
      query: only({}),
      detail: describe('The tables and functions that SQL can name, and notes on the dialect', {
        json: sqlSchema,
      }),
    })
}

function withoutLogs(): InvalidError {
  return new InvalidError(
    'Cannot run SQL without a log bucket: the header X-Log-Bucket is missing',
    'send the bucket that access logs are delivered to',
    'invalid_parameter',
  )
}

const schema = {
  tables: views.map(({ name, description, columns }) => ({ name, description, columns })),
  functions: [...functions].map(([name, { kind }]) => ({ name, kind })),
  instead_of: insteadOf,
  notes: dialectNotes,
}
