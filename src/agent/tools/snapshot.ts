import Type from 'typebox'
import { readNewestSnapshots } from '../../records/newest-snapshots.ts'
import { record } from '../../schema.ts'
import type { Query } from '../../store/query.ts'
import { defineTool } from '../tool.ts'

export function snapshot(query: Query) {
  return defineTool({
    name: 'snapshot',
    description:
      'The newest stored snapshot of each bucket: objects and bytes held, requests and errors of the 24 hours before. Takes no new one.',
    parameters: record({
      bucket: Type.Optional(Type.String({ minLength: 3, maxLength: 63, description: 'only of this bucket' })),
    }),
    run: (given, { scope }) => readNewestSnapshots(query, given, scope),
  })
}
