import { Elysia } from 'elysia'
import { InvalidError } from '../../errors.ts'
import { logObjectsAbout, readLedgerEntries } from '../../metrics/log-objects.ts'
import type { LedgerEntry } from '../../metrics/log-objects.ts'
import type { ReadObjectAudit } from '../../metrics/object-audit.ts'
import { readLogTail } from '../../pipeline/log-tail.ts'
import { keepTop } from '../../spaces/keep-top.ts'
import type { ListedObject } from '../../spaces/list.ts'
import { scanObjects } from '../../spaces/scan.ts'
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

export interface LogToolRoutesOptions {
  callers: Callers
  query: Query
  readObjectAudit: ReadObjectAudit
}

const pending: LedgerEntry = {
  state: 'pending',
  reason: null,
  lines: null,
  rows: null,
  refused: null,
  oldest_event: null,
  newest_event: null,
  ingested_at: null,
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
  'oldest_event',
  'newest_event',
  'ingested_at',
] as const

/** `/tools/...` about the log objects of the caller's log source, and about the history that they tell of one object. */
export function logToolRoutes({ callers, query: sql, readObjectAudit }: LogToolRoutesOptions) {
  return new Elysia({ prefix: '/tools' })
    .use(requireCaller(callers))
    .get(
      '/list-access-logs',
      ({ caller, query }) =>
        caller.turn(async (client, signal) => {
          const { bucket, prefix, source } = needLogs(caller)
          const about = query.bucket === undefined ? null : await logObjectsAbout(sql, source, query.bucket)
          const newest = keepTop<ListedObject>(numeric(query.limit) ?? 100, newestFirst)
          const scan = await scanObjects(client, { bucket, prefix, signal }, (page) =>
            newest.add(about ? page.filter(({ key }) => about.has(key)) : page),
          )
          const kept = newest.result()
          const ledger = await readLedgerEntries(sql, source, kept)
          const objects = kept.map(({ key, etag, bytes, modified_ms }) => ({
            key,
            bytes,
            modified: new Date(modified_ms).toISOString(),
            ...(ledger.get(`${etag} ${key}`) ?? pending),
          }))
          const scanned = { objects: scan.objects, bytes: scan.bytes }
          const rest = { log_bucket: bucket, log_prefix: prefix, scanned, truncated: scan.truncated }
          return listAnswer('log_objects', logObjectColumns, objects, rest, readFormat(query).csv)
        }),
      { query: only({ bucket: filterParams.bucket, ...limitParam, ...answerFormat }) },
    )
    .get(
      '/read-log',
      ({ caller, query }) =>
        caller.turn(async (client, signal) => {
          const { bucket, prefix } = needLogs(caller)
          if (!query.key.startsWith(prefix)) {
            throw new InvalidError(
              'Cannot read this log object: its key does not begin with the log prefix',
              'take a key of /tools/list-access-logs',
              'not_found',
            )
          }
          const lines = numeric(query.limit) ?? 100
          const tail = await readLogTail(client, { bucket, key: query.key, lines, signal })
          if (!readFormat(query).csv) return tail
          return csvResponse({
            columns: ['line'],
            rows: tail.lines.map((line) => [line]),
            truncated: tail.truncated,
          })
        }),
      { query: only({ ...keyParam, ...limitParam, ...answerFormat }) },
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
      },
    )
}

function newestFirst(a: ListedObject, b: ListedObject): number {
  return b.modified_ms - a.modified_ms || (a.key < b.key ? 1 : -1)
}
