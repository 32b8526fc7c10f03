import { InvalidError } from '../../errors.ts'
import { maxJsonRows, maxRows } from '../../gate/answers.ts'
import { functions, insteadOf } from '../../gate/functions.ts'
import type { Gate } from '../../gate/gate.ts'
import { dialectNotes } from '../../gate/notes.ts'
import { views } from '../../gate/views.ts'
import type { ReadCoverage } from '../../metrics/coverage.ts'
import type { Route } from '../router.ts'

/** `/sql`: one SELECT of the caller's own, through the gate; `/sql/validate`, `DELETE /sql/:id` and `/sql/schema` around it. */
export function sqlRoutes(
  route: Route,
  { gate, readCoverage }: { gate: Gate; readCoverage: ReadCoverage },
): void {
  route('POST /sql', async ({ body, csv, reader: { scope, turns_of }, request: { signal } }) => {
    const { format: _, ...question } = body
    const limit = question.limit ?? (csv ? maxRows : undefined)
    if (!csv && limit !== undefined && limit > maxJsonRows)
      throw new InvalidError(
        `Cannot use limit ${limit}`,
        `write a whole number from 1 to ${maxJsonRows}, or ask for CSV ("format": "csv")`,
      )
    const { window, ...answer } = await gate.run({ ...question, limit, scope, turns_of, signal })
    const [from_ms, to_ms] = [Date.parse(window.from), Date.parse(window.to)]
    const isRolledUp = / operations_1m /.test(answer.sql_executed)
    const notes = isRolledUp ? ['requests_1m is brought up to date once a minute'] : []
    const coverage = await readCoverage({ from_ms, to_ms, step_ms: null }, scope, { notes })
    return { ...answer, coverage }
  })
  route('POST /sql/validate', async ({ body, reader: { scope } }) => ({
    valid: true,
    ...(await gate.check({ ...body, scope })),
  }))
  route('DELETE /sql/:id', ({ params, reader: { turns_of } }) => ({
    cancelled: gate.cancel(turns_of, params.id),
  }))
  route('GET /sql/schema', () => schema)
}

const schema = {
  tables: views.map(({ name, description, columns }) => ({ name, description, columns })),
  functions: [...functions].map(([name, { kind }]) => ({ name, kind })),
  instead_of: insteadOf,
  notes: dialectNotes,
}
