import { Elysia } from 'elysia'
import type { ReadOperationRows } from '../../metrics/operation-rows.ts'
import type { HasApiKey } from '../auth.ts'
import { requireScope } from '../caller.ts'
import type { Callers } from '../caller.ts'
import { tableAnswer } from '../list-answer.ts'
import { filterParams, numeric, only, readFormat, rowParams } from '../query-schema.ts'
import { describe } from '../openapi/describe.ts'
import { operationRows } from '../openapi/schemas.ts'

export interface LogRoutesOptions {
  hasApiKey: HasApiKey
  callers: Callers
  readOperationRows: ReadOperationRows
}

/** `/logs/operations` and, under the name that tools know it by, `/tools/search-logs`: the rows themselves. */
export function logRoutes({ hasApiKey, callers, readOperationRows }: LogRoutesOptions) {
  const schema = {
    query: only({ ...filterParams, ...rowParams }),
    detail: describe('Operations as they were logged, newest first, by any field and time', {
      json: operationRows,
      csv: true,
    }),
  }
  const search = async (
    { format, ...query }: typeof schema.query.static,
    scope: Parameters<ReadOperationRows>[1],
  ) => {
    const { filters, csv } = readFormat({ ...query, format })
    const limit = numeric(query.limit)
    const min_duration_ms = numeric(query.min_duration_ms)
    return tableAnswer(await readOperationRows({ ...filters, limit, min_duration_ms }, scope), csv)
  }
  return new Elysia()
    .use(requireScope(hasApiKey, callers))
    .get('/logs/operations', ({ query, scope, inTurn }) => inTurn(() => search(query, scope)), schema)
    .get('/tools/search-logs', ({ query, scope, inTurn }) => inTurn(() => search(query, scope)), schema)
}
