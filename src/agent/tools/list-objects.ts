import { record } from '../../schema.ts'
import { objectPage } from '../../spaces/answers.ts'
import { tableOf } from '../records.ts'
import { defineTool } from '../tool.ts'
import { bucketArgument, cursorArgument, limitArgument, prefixArgument } from './filters.ts'
import { needStorage } from './storage.ts'

export const listObjects = defineTool({
  name: 'list_objects',
  description: 'One page of the objects that a bucket holds now, in key order.',
  parameters: record({ ...bucketArgument, ...prefixArgument, ...limitArgument(100), ...cursorArgument }),
  async run({ limit = 100, ...given }, context) {
    const { objects, next_cursor } = await needStorage(context).listObjects({ ...given, limit })
    const truncated = next_cursor !== null
    return { ...tableOf(objectPage.properties.objects, objects), truncated, facts: { next_cursor } }
  },
})
