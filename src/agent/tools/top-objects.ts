import { record } from '../../schema.ts'
import { topObjects as answer } from '../../spaces/answers.ts'
import { tableOf } from '../records.ts'
import { defineTool } from '../tool.ts'
import { bucketArgument, limitArgument, prefixArgument } from './filters.ts'
import { needStorage } from './storage.ts'

function topObjects(name: string, description: string, by: 'bytes' | 'modified') {
  return defineTool({
    name,
    description,
    parameters: record({ ...bucketArgument, ...prefixArgument, ...limitArgument(20) }),
    async run({ limit = 20, ...given }, context) {
      const { objects, scanned, truncated } = await needStorage(context).topObjects({ ...given, limit, by })
      return { ...tableOf(answer.properties.objects, objects), truncated, facts: { scanned } }
    },
  })
}

export const topLargest = topObjects('top_largest', 'The largest objects of a bucket or prefix.', 'bytes')
export const recentObjects = topObjects(
  'recent_objects',
  'The objects of a bucket or prefix that were written last.',
  'modified',
)
