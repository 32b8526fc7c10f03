import Type from 'typebox'
import { functions, insteadOf } from '../../gate/functions.ts'
import { dialectNotes } from '../../gate/notes.ts'
import { record } from '../../schema.ts'
import { words } from '../records.ts'
import { defineTool } from '../tool.ts'

export const sqlArgument = {
  sql: Type.String({ minLength: 1, maxLength: 10_000, description: 'one SELECT, in the dialect of QuestDB' }),
}

export const sqlHelp = defineTool({
  name: 'sql_help',
  description: 'Notes on the dialect of run_sql, and the functions that it knows.',
  parameters: record({}),
  isHelp: true,
  async run() {
    const facts = { functions: [...functions.keys()].join(' '), instead_of: insteadOf }
    return {
      columns: [{ name: 'note', ...words }],
      rows: dialectNotes.map((note) => [note]),
      facts,
    }
  },
})
