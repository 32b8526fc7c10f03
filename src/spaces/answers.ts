import Type from 'typebox'
import type { Static } from 'typebox'
import {
  bytes,
  count,
  described,
  flag,
  moment,
  next_cursor,
  nullable,
  number,
  oneOf,
  record,
  text,
} from '../schema.ts'

/** A bucket and what keys in it begin with. */
export const placeFields = { bucket: text, prefix: text }
const place = record(placeFields)
export type Place = Static<typeof place>

export const truncated = described(
  'true when there is more than was looked at: then all numbers are too small',
  flag,
)

export const foundBucketFields = {
  name: text,
  created: nullable(moment),
  found_by: oneOf(['key', 'request', 'logs']),
}
const foundBucket = record(foundBucketFields)
export type FoundBucket = Static<typeof foundBucket>
export const foundBuckets = record({ buckets: Type.Array(foundBucket), can_list: flag })
export type FoundBuckets = Static<typeof foundBuckets>

const shownObject = record({ key: text, bytes: bytes, modified: moment, etag: text })
export type ShownObject = Static<typeof shownObject>
export const objectPage = record({ ...placeFields, objects: Type.Array(shownObject), next_cursor })
export type ObjectPage = Static<typeof objectPage>

/** How much of a listing was looked at. */
export const scanned = record({ objects: count, bytes: bytes })
export const topObjects = record({ ...placeFields, objects: Type.Array(shownObject), scanned, truncated })
export type TopObjects = Static<typeof topObjects>

const share = record({ name: text, objects: count, bytes: bytes })
export type Share = Static<typeof share>
const shareFields = {
  by_prefix: Type.Array(share, {
    description: 'first path segments after the prefix, with their slash; the largest first',
  }),
  by_extension: Type.Array(share, {
    description: 'endings of the last path segment, in small letters; the largest first',
  }),
  by_age: Type.Array(share, { description: 'by the time since the object was written, youngest first' }),
}
const shares = record(shareFields)
export type Shares = Static<typeof shares>
const incompleteUploads = record({
  uploads: count,
  bytes: described('of the parts of the first measured uploads', bytes),
  measured: count,
  oldest: nullable(moment),
  truncated,
})
export type IncompleteUploads = Static<typeof incompleteUploads>
export const storageSummary = record({
  ...placeFields,
  objects: count,
  bytes: bytes,
  truncated,
  ...shareFields,
  incomplete_uploads: nullable(incompleteUploads),
})
export type StorageSummary = Static<typeof storageSummary>

const reads = { reads: count, cdn_reads: count, bytes_read: bytes, cdn_bytes_read: bytes }
const sums = {
  objects: count,
  bytes: bytes,
  hot_objects: count,
  hot_bytes: bytes,
  cold_objects: count,
  cold_bytes: bytes,
  never_read_objects: count,
  never_read_bytes: bytes,
  ...reads,
  last_read: nullable(moment),
  expiring_objects: count,
  expiring_bytes: bytes,
  expiring_hot_objects: count,
  expiring_hot_bytes: bytes,
}
const hotColdSums = record(sums)
export type HotColdSums = Static<typeof hotColdSums>
const hotColdObject = record({
  key: text,
  bytes: bytes,
  modified: moment,
  age_days: number,
  warmth: oneOf(['hot', 'cold', 'never_read']),
  last_read: nullable(moment),
  ...reads,
})
const lifecycleEffect = record(
  { days: count, objects: count, bytes: bytes, hot_objects: count, hot_bytes: bytes },
  'what a lifecycle rule that expires objects after so many days would free, and what of it was read lately',
)
const joined = {
  totals: hotColdSums,
  by_prefix: Type.Array(record({ prefix: text, ...sums }), {
    description: 'by first path segment, the largest 100',
  }),
  lifecycle: Type.Array(lifecycleEffect),
  objects: Type.Array(hotColdObject),
}
const joinedRecord = record(joined)
export type HotCold = Static<typeof joinedRecord>
export const hotColdAnswer = record({
  ...placeFields,
  cold_after_days: count,
  expire_after_days: count,
  reads_known_since: nullable(described('ISO 8601 in UTC; never read means never since then')),
  objects_pending: count,
  truncated,
  ...joined,
})
export type HotColdAnswer = Static<typeof hotColdAnswer>

export const bucketLogging = Type.Union([
  record({ state: Type.Literal('on'), target_bucket: text, target_prefix: text }),
  record({ state: Type.Literal('off') }),
  record({ state: Type.Literal('unknown'), reason: text }),
])
/** Whether a bucket's access logs are written, and where to; `unknown` where the key or the object store does not tell. */
export type BucketLogging = Static<typeof bucketLogging>
