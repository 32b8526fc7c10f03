import type { Gate } from '../../gate/gate.ts'
import { record } from '../../schema.ts'
import { defineTool } from '../tool.ts'
import { windowArguments } from './filters.ts'
import { sqlArgument } from './sql-help.ts'

export function validateSql(gate: Gate) {
  return defineTool({
    name: 'validate_sql',
    description: 'Whether run_sql would take a SELECT, without running it.',
    parameters: record({ ...sqlArgument, ...windowArguments }),
    isHelp: true,
    async run(given, { scope }) {
      const { tables } = await gate.check({ ...given, scope })
      return { columns: [], rows: [], facts: { valid: true, tables } }
    },
  })
}
