import { Elysia } from 'elysia'
import type { ReadObjectAudit } from '../../metrics/object-audit.ts'
import type { Query } from '../../store/query.ts'
import { needLogs, requireCaller } from '../caller.ts'
import type { Callers } from '../caller.ts'
import { csvResponse } from '../csv.ts'
import { listAnswer, tableAnswer } from '../list-answer.ts'
import {
  answerFormat,
  bucketParam,
  filterParams,
  keyParam,
  limitParam,
  numeric,
  only,
  readFormat,
  rowParams,
} from '../query-schema.ts'
import { createStorageReads } from '../storage-reads.ts'
import { describe } from '../openapi/describe.ts'
import { logObjects, logTail, objectAudit } from '../openapi/schemas.ts'

export interface LogToolRoutesOptions {
  callers: Callers
  query: Query
  readObjectAudit: ReadObjectAudit
  now: () => number
}

const logObjectColumns = [
  'key',
  'bytes',
  'modified',
  'state',
  'reason',
  'lines',
  'rows',
  'refused',
  'expired',
  'oldest_event',
  'newest_event',
  'ingested_at',
] as const

/** `/tools/...` about the log objects of the caller's log source, and about the history that they tell of one object. */
export function logToolRoutes({ callers, query: sql, readObjectAudit, now }: LogToolRoutesOptions) {
  const readsOf = createStorageReads({ query: sql, now })
  return new Elysia({ prefix: '/tools' })
    .use(requireCaller(callers))
    .get(
      '/list-access-logs',
      async ({ caller, query }) => {
        const limit = numeric(query.limit) ?? 100
        const found = await readsOf(caller).logObjects({ bucket: query.bucket, limit })
        const { objects, scanned: scan, ...place } = found
        const scanned = { objects: scan.objects, bytes: scan.bytes }
        const rest = { ...place, scanned, truncated: scan.truncated }
        return listAnswer('log_objects', logObjectColumns, objects, rest, readFormat(query).csv)
      },
      {
        query: only({ bucket: filterParams.bucket, ...limitParam, ...answerFormat }),
        detail: describe('The newest access-log objects and how far each was read', {
          json: logObjects,
          csv: true,
        }),
      },
    )
    .get(
      '/read-log',
      async ({ caller, query }) => {
        const tail = await readsOf(caller).readLog({ key: query.key, limit: numeric(query.limit) ?? 100 })
        if (!readFormat(query).csv) return tail
        return csvResponse({
          columns: ['line'],
          rows: tail.lines.map((line) => [line]),
          truncated: tail.truncated,
        })
      },
      {
        query: only({ ...keyParam, ...limitParam, ...answerFormat }),
        detail: describe('The last lines of one access-log object', { json: logTail, csv: true }),
      },
    )
    .get(
      '/object-audit',
      ({ caller, query }) =>
        caller.turn(async () => {
          needLogs(caller)
          const { filters, csv } = readFormat(query)
          const limit = numeric(query.limit)
          return tableAnswer(await readObjectAudit({ ...filters, limit }, caller.scope), csv)
        }),
      {
        query: only({
          ...bucketParam,
          ...keyParam,
          from: filterParams.from,
          to: filterParams.to,
          ...limitParam,
          cursor: rowParams.cursor,
          ...answerFormat,
        }),
        detail: describe("One object's history: writes, reads, deletes and copies", {
          json: objectAudit,
          csv: true,
        }),
      },
    )
}
