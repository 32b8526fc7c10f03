import Type from 'typebox'
import { record } from '../../schema.ts'
import { logObjects } from '../answers.ts'
import { tableOf } from '../records.ts'
import { defineTool } from '../tool.ts'
import { limitArgument } from './filters.ts'
import { needStorage } from './storage.ts'

export const listAccessLogs = defineTool({
  name: 'list_access_logs',
  description: 'The newest access-log objects in the log bucket, and how far each has been read.',
  parameters: record({
    bucket: Type.Optional(
      Type.String({ minLength: 3, maxLength: 63, description: 'only those with lines about this bucket' }),
    ),
    ...limitArgument(20),
  }),
  async run({ bucket, limit = 20 }, context) {
    const { log_objects, truncated, ...facts } = await needStorage(context).logObjects({ bucket, limit })
    return { ...tableOf(logObjects.properties.log_objects, log_objects), truncated, facts }
  },
})
