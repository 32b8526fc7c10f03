import Type from 'typebox'
import { InvalidError } from '../../errors.ts'
import { sqlSchema } from '../../gate/answers.ts'
import { views } from '../../gate/views.ts'
import { record } from '../../schema.ts'
import { tableOf, words } from '../records.ts'
import { defineTool } from '../tool.ts'

export const describeTables = defineTool({
  name: 'describe_tables',
  description: `The tables that run_sql knows, or the columns of one: ${views.map(({ name }) => name).join(', ')}.`,
  parameters: record({
    table: Type.Optional(Type.String({ maxLength: 60, description: 'a table, for its columns' })),
  }),
  isHelp: true,
  async run({ table }) {
    if (table === undefined)
      return {
        columns: [
          { name: 'name', ...words },
          { name: 'description', ...words },
        ],
        rows: views.map(({ name, description }) => [name, description]),
      }
    const view = views.find(({ name }) => name === table)
    if (!view)
      throw new InvalidError(
        `Cannot find the table '${table}'`,
        `the tables are ${views.map(({ name }) => name).join(', ')}`,
      )
    const { columns } = sqlSchema.properties.tables.items.properties
    return { ...tableOf(columns, view.columns), facts: { table, description: view.description } }
  },
})
