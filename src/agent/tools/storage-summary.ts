import { record } from '../../schema.ts'
import { storageSummary as answer } from '../../spaces/answers.ts'
import { tableOf, words } from '../records.ts'
import { defineTool } from '../tool.ts'
import { bucketArgument, prefixArgument } from './filters.ts'
import { needStorage } from './storage.ts'

export const storageSummary = defineTool({
  name: 'storage_summary',
  description:
    'What a bucket or prefix holds now: objects and bytes in all, and by first path segment, file extension and age; and incomplete uploads.',
  parameters: record({ ...bucketArgument, ...prefixArgument }),
  async run(given, context) {
    const summary = await needStorage(context).summary(given)
    const { by_prefix, by_extension, by_age, ...facts } = summary
    const parts = Object.entries({ prefix: by_prefix, extension: by_extension, age: by_age })
    const tables = parts.map(([part, shares]) => ({
      part,
      ...tableOf(answer.properties.by_prefix, shares),
    }))
    return {
      columns: [{ name: 'part', ...words }, ...(tables[0]?.columns ?? [])],
      rows: tables.flatMap(({ part, rows }) => rows.map((row) => [part, ...row])),
      truncated: summary.truncated,
      facts,
    }
  },
})
