import type { LedgerEntry } from '../metrics/log-objects.ts'
import type { FoundBucket } from '../spaces/buckets.ts'
import type { Scan } from '../spaces/scan.ts'
import type { StorageSummary } from '../spaces/storage-summary.ts'

/** An object as it is shown; `modified` is ISO 8601. */
export interface ShownObject {
  key: string
  bytes: number
  modified: string
  etag: string
}

export interface ObjectPlace {
  bucket: string
  prefix?: string | undefined
}

export interface LogObject extends LedgerEntry {
  key: string
  bytes: number
  modified: string
}

/**
 * What one caller's own key reads in the object store: each takes one of the caller's turns, and throws InvalidError or
 * UnavailableError. Made where callers are known.
 */
export interface StorageReads {
  buckets(): Promise<{ can_list: boolean; buckets: FoundBucket[] }>
  listObjects(
    place: ObjectPlace & { limit: number; cursor?: string | undefined },
  ): Promise<{ objects: ShownObject[]; next_cursor: string | null }>
  topObjects(
    place: ObjectPlace & { limit: number; by: 'bytes' | 'modified' },
  ): Promise<{ objects: ShownObject[]; scanned: Scan }>
  summary(
    place: ObjectPlace,
  ): Promise<Scan & StorageSummary & { incomplete_uploads: Record<string, unknown> | null }>
  logObjects(about: {
    bucket?: string | undefined
    limit: number
  }): Promise<{ log_bucket: string; log_prefix: string; objects: LogObject[]; scanned: Scan }>
  readLog(log: { key: string; limit: number }): Promise<{
    key: string
    bytes: number
    modified: string
    gzip: boolean
    truncated: boolean
    lines: string[]
  }>
}
