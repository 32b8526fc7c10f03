import { record } from '../../schema.ts'
import { foundBuckets } from '../../spaces/answers.ts'
import { tableOf } from '../records.ts'
import { defineTool } from '../tool.ts'
import { needStorage } from './storage.ts'

export const buckets = defineTool({
  name: 'buckets',
  description:
    'The buckets (Spaces) of the key, or those named and seen in its logs where it may not list them.',
  parameters: record({}),
  async run(_given, context) {
    const { can_list, buckets } = await needStorage(context).buckets()
    return { ...tableOf(foundBuckets.properties.buckets, buckets), facts: { can_list } }
  },
})
