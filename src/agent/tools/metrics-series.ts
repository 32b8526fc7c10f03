import Type from 'typebox'
import type { ReadSeries } from '../../metrics/series.ts'
import { record } from '../../schema.ts'
import { defineTool } from '../tool.ts'
import { filterArguments, windowArguments } from './filters.ts'

export function metricsSeries(readSeries: ReadSeries) {
  return defineTool({
    name: 'metrics_series',
    description:
      'Requests, errors, bytes and latency per interval, gaps filled with zero, and what was stored then (facts.storage).',
    parameters: record({
      ...windowArguments,
      step: Type.Optional(
        Type.String({ maxLength: 10, description: '5m, 1h, 1d; none: one row for the window' }),
      ),
      ...filterArguments,
    }),
    async run(given, { scope }) {
      const { requests, storage, coverage } = await readSeries(given, scope)
      const newest = storage.rows.at(-1) ?? []
      const facts = Object.fromEntries(storage.columns.map(({ name }, at) => [name, newest[at]]))
      return { ...requests, coverage, facts: { newest_storage: facts } }
    },
  })
}
