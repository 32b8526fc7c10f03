import Type from 'typebox'
import type { Catalog } from '../../metrics/catalog.ts'
import { record } from '../../schema.ts'
import { defineTool } from '../tool.ts'
import { filterArguments, limitArgument, windowArguments } from './filters.ts'

/** The metrics' names are part of its description, so that no model has to ask for them first. */
export function queryMetric(catalog: Catalog) {
  const all = catalog.list()
  const names = (shape: string): string =>
    all
      .filter((metric) => metric.shape === shape)
      .map(({ name }) => name)
      .join(', ')
  return defineTool({
    name: 'query_metric',
    description: `One metric of the catalogue, origin (s3) and CDN (cdn) apart. Per interval: ${names('series')}. Broken down: ${names('breakdown')}. Largest first, with limit and order: ${names('top')}.`,
    parameters: record({
      metric: Type.String({ maxLength: 60, description: 'a name of the catalogue' }),
      ...windowArguments,
      step: Type.Optional(
        Type.String({
          maxLength: 10,
          description: '5m, 1h, 1d; none: one row for the whole window (best for totals)',
        }),
      ),
      compare: Type.Optional(
        Type.String({ maxLength: 10, description: 'previous or week: that window beside it' }),
      ),
      order: Type.Optional(
        Type.String({ maxLength: 40, description: 'the value that a top list is sorted by' }),
      ),
      ...filterArguments,
      ...limitArgument(20),
    }),
    async run({ metric, ...given }, { scope }) {
      const { columns, rows, sql, coverage, unit } = await catalog.run(metric, given, scope)
      return { columns, rows, sql, coverage, facts: { metric, unit } }
    },
  })
}
