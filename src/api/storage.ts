import Type from 'typebox'
import type { Static } from 'typebox'
import { logObjects } from '../agent/answers.ts'
import { logSniff, logTail } from '../log-objects/answers.ts'
import { objectAudit, snapshotFields } from '../metrics/answers.ts'
import { leaseFields } from '../pipeline/answers.ts'
import { described, flag, moment, nullable, record, text } from '../schema.ts'
import {
  bucketLogging,
  foundBucketFields,
  foundBuckets,
  hotColdAnswer,
  objectPage,
  placeFields,
  storageSummary,
  topObjects,
} from '../spaces/answers.ts'
import { defineEndpoints } from './endpoint.ts'
import {
  answerFormat,
  bucketParam,
  cursorParam,
  filterParams,
  hotColdParams,
  keyParam,
  limitParam,
  prefixParam,
  rowParams,
  windowParams,
} from './parameters.ts'

const takenSnapshot = record({
  ts: moment,
  ...snapshotFields,
  object: nullable(described('its key in the metrics bucket; null where none is named')),
})
/** A snapshot that is stored. */
export type TakenSnapshot = Static<typeof takenSnapshot>
const failedSnapshot = record({ bucket: text, code: text, message: text })
export type FailedSnapshot = Static<typeof failedSnapshot>

const problem = record({ code: text, message: text, hint: nullable(text) })
export type Problem = Static<typeof problem>
const checkedBucket = record({
  ...foundBucketFields,
  logging: bucketLogging,
  enable_logging_command: nullable(
    described('for aws-cli; null where logging is on, and for the log bucket, which would log its own logs'),
  ),
})
export type CheckedBucket = Static<typeof checkedBucket>
const readLease = record({ ...leaseFields, expires_at: moment })
export type ReadLease = Static<typeof readLease>
const credentialCheck = record({
  valid: described(
    'true when the object store answered anything that it answers only to these credentials',
    flag,
  ),
  problem: nullable(problem),
  endpoint: text,
  region: text,
  can_list_buckets: flag,
  buckets: Type.Array(checkedBucket),
  truncated: flag,
  logs: nullable(
    record({
      ...placeFields,
      readable: flag,
      problem: nullable(problem),
      found: nullable(logSniff),
      lease: nullable(readLease),
    }),
  ),
})
export type CredentialCheck = Static<typeof credentialCheck>

const place = { ...bucketParam, ...prefixParam, ...answerFormat }

/** What is stored, as the object store tells a caller's own key. */
export const storageEndpoints = defineEndpoints({
  'GET /tools/buckets': {
    access: 'storage',
    summary: 'The buckets of the key',
    query: record(answerFormat),
    answer: foundBuckets,
    csv: 'buckets',
  },
  'GET /tools/list-all': {
    access: 'storage',
    summary: 'The objects of a bucket and prefix, page by page',
    query: record({ ...place, ...limitParam, ...cursorParam }),
    answer: objectPage,
    csv: 'objects',
  },
  'GET /tools/recent-objects': {
    access: 'storage',
    summary: 'The newest objects of a whole prefix',
    query: record({ ...place, ...limitParam }),
    answer: topObjects,
    csv: 'objects',
  },
  'GET /tools/top-largest': {
    access: 'storage',
    summary: 'The largest objects of a whole prefix',
    query: record({ ...place, ...limitParam }),
    answer: topObjects,
    csv: 'objects',
  },
  'GET /tools/storage-summary': {
    access: 'storage',
    summary: 'Bytes and objects by prefix, extension and age, and incomplete uploads',
    query: record({ ...bucketParam, ...prefixParam }),
    answer: storageSummary,
  },
  'GET /tools/hot-cold': {
    access: 'storage',
    summary: 'Hot and cold objects: the listing joined with the reads in the logs',
    query: record({ ...place, ...limitParam, ...hotColdParams }),
    answer: hotColdAnswer,
    csv: 'objects',
  },
  'GET /tools/list-access-logs': {
    access: 'storage',
    summary: 'The newest access-log objects and how far each was read',
    query: record({ bucket: filterParams.bucket, ...limitParam, ...answerFormat }),
    answer: logObjects,
    csv: 'log_objects',
  },
  'GET /tools/read-log': {
    access: 'storage',
    summary: 'The last lines of one access-log object',
    query: record({ ...keyParam, ...limitParam, ...answerFormat }),
    answer: logTail,
    csv: 'lines',
  },
  'GET /tools/object-audit': {
    access: 'storage',
    summary: "One object's history: writes, reads, deletes and copies",
    query: record({
      ...bucketParam,
      ...keyParam,
      ...windowParams,
      ...limitParam,
      cursor: rowParams.cursor,
      ...answerFormat,
    }),
    answer: objectAudit,
    csv: true,
  },
  'POST /metrics/snapshot': {
    access: 'storage',
    summary: 'Measures what a bucket holds and was asked, and stores it',
    query: record(bucketParam),
    answer: takenSnapshot,
  },
  'POST /trigger-snapshot-all': {
    access: 'storage',
    summary: 'Measures all buckets of the caller',
    answer: record({ snapshots: Type.Array(takenSnapshot), failed: Type.Array(failedSnapshot) }),
  },
  'POST /validate-credentials': {
    access: 'credentials',
    summary: 'Whether Spaces credentials are right, what they reach, and where logging is off',
    answer: credentialCheck,
  },
})
