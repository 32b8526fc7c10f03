import { record } from '../../schema.ts'
import { words } from '../records.ts'
import { defineTool } from '../tool.ts'
import { keyArgument, limitArgument } from './filters.ts'
import { needStorage } from './storage.ts'

export const readLog = defineTool({
  name: 'read_log',
  description: 'The last lines of one access-log object as delivered (a key of list_access_logs).',
  parameters: record({ ...keyArgument, ...limitArgument(20) }),
  async run({ key, limit = 20 }, context) {
    const { lines, truncated, ...facts } = await needStorage(context).readLog({ key, limit })
    return {
      columns: [{ name: 'line', ...words }],
      rows: lines.map((line) => [line]),
      truncated,
      facts,
    }
  },
})
