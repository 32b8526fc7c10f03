import type { Gate } from '../../gate/gate.ts'
import type { ReadCoverage } from '../../metrics/coverage.ts'
import { record } from '../../schema.ts'
import { defineTool } from '../tool.ts'
import { limitArgument, windowArguments } from './filters.ts'
import { sqlArgument } from './sql-help.ts'

/** SQL of the model through the gate: the scope's own rows, whatever it says. */
export function runSql(gate: Gate, readCoverage: ReadCoverage) {
  return defineTool({
    name: 'run_sql',
    description:
      'One SELECT over the tables of describe_tables. Write no condition on source; the window (default the last 90 days) is put in from the arguments from and to.',
    parameters: record({ ...sqlArgument, ...windowArguments, ...limitArgument(1000) }),
    async run(given, { scope, turns_of, signal }) {
      const { columns, rows, truncated, sql_executed, window } = await gate.run({
        ...given,
        scope,
        turns_of,
        signal,
      })
      const from_ms = Date.parse(window.from)
      const to_ms = Date.parse(window.to)
      const coverage = await readCoverage({ from_ms, to_ms, step_ms: null }, scope)
      return { columns, rows, truncated, sql: sql_executed, coverage }
    },
  })
}
