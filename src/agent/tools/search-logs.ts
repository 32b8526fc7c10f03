import Type from 'typebox'
import type { ReadOperationRows } from '../../records/operation-rows.ts'
import { record } from '../../schema.ts'
import { defineTool } from '../tool.ts'
import { cursorArgument, filterArguments, limitArgument, windowArguments } from './filters.ts'

export function searchLogs(readOperationRows: ReadOperationRows) {
  return defineTool({
    name: 'search_logs',
    description:
      'Single operations as logged, newest first. To count or add up use query_metric or run_sql instead.',
    parameters: record({
      ...windowArguments,
      ...filterArguments,
      q: Type.Optional(
        Type.String({ maxLength: 200, description: 'a part of the key, user agent or referer' }),
      ),
      request_id: Type.Optional(Type.String({ maxLength: 200, description: 'a whole request id' })),
      min_duration_ms: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 999_999_999, description: 'only those that took this long' }),
      ),
      ...limitArgument(20),
      ...cursorArgument,
    }),
    async run({ limit = 20, ...given }, { scope }) {
      const { next_cursor, ...found } = await readOperationRows({ ...given, limit }, scope)
      return { ...found, truncated: next_cursor !== null, facts: { next_cursor } }
    },
  })
}
