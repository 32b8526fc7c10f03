import { seenBuckets } from '../../metrics/answers.ts'
import { readSeenBuckets } from '../../records/seen-buckets.ts'
import { record } from '../../schema.ts'
import type { Query } from '../../store/query.ts'
import { tableOf } from '../records.ts'
import { defineTool } from '../tool.ts'

export function metricsSources(query: Query) {
  return defineTool({
    name: 'metrics_sources',
    description: 'Which buckets have operations or snapshots stored, how many, and from when to when.',
    parameters: record({}),
    async run(_given, { scope }) {
      return tableOf(seenBuckets.properties.sources, await readSeenBuckets(query, scope))
    },
  })
}
