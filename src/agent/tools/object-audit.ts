import type { ReadObjectAudit } from '../../records/object-audit.ts'
import { record } from '../../schema.ts'
import { defineTool } from '../tool.ts'
import { bucketArgument, cursorArgument, keyArgument, limitArgument, windowArguments } from './filters.ts'

export function objectAudit(readObjectAudit: ReadObjectAudit) {
  return defineTool({
    name: 'object_audit',
    description:
      'What happened to one object, newest first: who wrote, read, copied or deleted it. Over all time unless from and to are given.',
    parameters: record({
      ...bucketArgument,
      ...keyArgument,
      ...windowArguments,
      ...limitArgument(20),
      ...cursorArgument,
    }),
    async run({ limit = 20, ...given }, { scope }) {
      const { next_cursor, summary, ...found } = await readObjectAudit({ ...given, limit }, scope)
      const names = summary.columns.map(({ name }) => name)
      const counted = summary.rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])))
      return { ...found, truncated: next_cursor !== null, facts: { summary: counted, next_cursor } }
    },
  })
}
