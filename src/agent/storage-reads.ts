import type { LogTail } from '../log-objects/answers.ts'
import type {
  FoundBuckets,
  HotColdAnswer,
  ObjectPage,
  StorageSummary,
  TopObjects,
} from '../spaces/answers.ts'
import type { LogObjects } from './answers.ts'

export interface ObjectPlace {
  bucket: string
  prefix?: string | undefined
}

/**
 * What one caller's own key reads in the object store: each takes one of the caller's turns, and throws InvalidError or
 * UnavailableError. Made where callers are known.
 */
export interface StorageReads {
  buckets(): Promise<FoundBuckets>
  listObjects(place: ObjectPlace & { limit: number; cursor?: string | undefined }): Promise<ObjectPage>
  topObjects(place: ObjectPlace & { limit: number; by: 'bytes' | 'modified' }): Promise<TopObjects>
  summary(place: ObjectPlace): Promise<StorageSummary>
  /** The listing joined with the reads in the logs; by default the 100 largest not read for 30 days, expired after 90. */
  hotCold(
    place: ObjectPlace & {
      cold_after_days?: number | undefined
      expire_after_days?: number | undefined
      order?: 'cold' | 'hot' | undefined
      limit?: number | undefined
    },
  ): Promise<HotColdAnswer>
  logObjects(about: { bucket?: string | undefined; limit: number }): Promise<LogObjects>
  readLog(log: { key: string; limit: number }): Promise<LogTail>
}
