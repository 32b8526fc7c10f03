import Type from 'typebox'
import { InvalidError } from '../../errors.ts'
import { views } from '../../store/gate/views.ts'
import { tableOf, words } from '../records.ts'
import { defineTool } from '../tool.ts'

export const describeTables = defineTool({
  name: 'describe_tables',
  description: `The tables that run_sql knows, or the columns of one: ${views.map(({ name }) => name).join(', ')}.`,
  parameters: Type.Object(
    { table: Type.Optional(Type.String({ maxLength: 60, description: 'a table, for its columns' })) },
    { additionalProperties: false },
  ),
  isHelp: true,
  async run({ table }) {
    if (table === undefined) return tableOf({ name: words, description: words }, views)
    const view = views.find(({ name }) => name === table)
    if (!view)
      throw new InvalidError(
        `Cannot find the table '${table}'`,
        `the tables are ${views.map(({ name }) => name).join(', ')}`,
      )
    const columns = view.columns.map(({ unit = null, ...column }) => ({ ...column, unit }))
    const shown = tableOf({ name: words, type: words, unit: words, description: words }, columns)
    return { ...shown, facts: { table, description: view.description } }
  },
})
