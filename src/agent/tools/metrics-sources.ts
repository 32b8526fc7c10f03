import Type from 'typebox'
import { readSeenBuckets } from '../../metrics/seen-buckets.ts'
import type { Query } from '../../store/query.ts'
import { count, moment, tableOf, words } from '../records.ts'
import { defineTool } from '../tool.ts'

export function metricsSources(query: Query) {
  return defineTool({
    name: 'metrics_sources',
    description: 'Which buckets have operations or snapshots stored, how many, and from when to when.',
    parameters: Type.Object({}, { additionalProperties: false }),
    async run(_given, { scope }) {
      const columns = {
        source: words,
        bucket: words,
        operations: count,
        oldest_event: moment,
        newest_event: moment,
        snapshots: count,
        newest_snapshot: moment,
      }
      return tableOf(columns, await readSeenBuckets(query, scope))
    },
  })
}
