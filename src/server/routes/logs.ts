import { Elysia } from 'elysia'
import type { ReadOperationRows } from '../../metrics/operation-rows.ts'
import { requireApiKey } from '../auth.ts'
import type { HasApiKey } from '../auth.ts'
import { filterParams, numeric, only, rowParams } from '../query-schema.ts'

export interface LogRoutesOptions {
  hasApiKey: HasApiKey
  readOperationRows: ReadOperationRows
}

/** `/logs/operations`: the rows themselves. */
export function logRoutes({ hasApiKey, readOperationRows }: LogRoutesOptions) {
  return new Elysia({ prefix: '/logs' }).use(requireApiKey(hasApiKey)).get(
    '/operations',
    ({ query }) => {
      const limit = numeric(query.limit)
      const min_duration_ms = numeric(query.min_duration_ms)
      return readOperationRows({ ...query, limit, min_duration_ms }, null)
    },
    { query: only({ ...filterParams, ...rowParams }) },
  )
}
