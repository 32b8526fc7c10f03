import Type from 'typebox'
import { moment, tableOf, words } from '../records.ts'
import { defineTool } from '../tool.ts'
import { needStorage } from './storage.ts'

export const buckets = defineTool({
  name: 'buckets',
  description:
    'The buckets (Spaces) of the key, or those named and seen in its logs where it may not list them.',
  parameters: Type.Object({}, { additionalProperties: false }),
  async run(_given, context) {
    const { can_list, buckets } = await needStorage(context).buckets()
    return { ...tableOf({ name: words, created: moment, found_by: words }, buckets), facts: { can_list } }
  },
})
