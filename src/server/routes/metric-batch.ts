import { Elysia, t } from 'elysia'
import type { Catalog } from '../../metrics/catalog.ts'
import type { HasApiKey } from '../auth.ts'
import { requireScope } from '../caller.ts'
import type { Callers } from '../caller.ts'
import { metricParams, numeric, only, readFormat, topParams } from '../query-schema.ts'
import { describe } from '../openapi/describe.ts'
import { metricAnswers } from '../openapi/schemas.ts'

export interface MetricBatchRoutesOptions {
  hasApiKey: HasApiKey
  callers: Callers
  catalog: Catalog
}

const names = t.String({
  minLength: 1,
  maxLength: 500,
  pattern: '^\\w+(,\\w+){0,11}$',
  description: 'up to 12 names of /metrics/catalog, with commas between them',
})

/** `/metrics/batch`: several metrics about one window in one turn. `limit` and `order` are for the top lists, `step` for the rest. */
export function metricBatchRoutes({ hasApiKey, callers, catalog }: MetricBatchRoutesOptions) {
  const shapes = new Map(catalog.list().map(({ name, shape }) => [name, shape]))
  return new Elysia({ prefix: '/metrics' }).use(requireScope(hasApiKey, callers)).get(
    '/batch',
    ({ query: { metrics, ...query }, scope, inTurn }) =>
      inTurn(async () => {
        const { limit, order, step, ...filters } = readFormat(query).filters
        const [first = '', ...others] = new Set(metrics.split(','))
        const asked = (name: string) => {
          const own = shapes.get(name) === 'top' ? { limit: numeric(limit), order } : { step }
          return { name, params: { ...filters, ...own } }
        }
        const answers = await catalog.runAll([asked(first), ...others.map(asked)], scope)
        return { answers: Object.fromEntries(answers.map((answer) => [answer.metric, answer])) }
      }),
    {
      query: only({ metrics: names, ...metricParams, ...topParams }),
      detail: describe('Several metrics about one window', { json: metricAnswers }),
    },
  )
}
