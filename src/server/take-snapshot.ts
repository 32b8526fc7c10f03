import type { FailedSnapshot, TakenSnapshot } from '../api/storage.ts'
import { InvalidError, UnavailableError } from '../errors.ts'
import type { Snapshot } from '../metrics/answers.ts'
import { readSeenBuckets } from '../records/seen-buckets.ts'
import { readRequestTotals, snapshotRow } from '../records/snapshots.ts'
import type { Place } from '../spaces/answers.ts'
import { isBucketName } from '../spaces/bucket-name.ts'
import { findBuckets } from '../spaces/buckets.ts'
import type { SpacesClient } from '../spaces/client.ts'
import { scanObjects } from '../spaces/scan.ts'
import { writeSnapshotObject } from '../spaces/snapshot-object.ts'
import { createStorageSummarizer } from '../spaces/storage-summary.ts'
import { readIncompleteUploads } from '../spaces/uploads.ts'
import type { Appender } from '../store/append.ts'
import type { Query } from '../store/query.ts'

/** What takes snapshots for one caller. */
export interface SnapshotOptions {
  client: SpacesClient
  source: string
  metrics: Place | null
  query: Query
  append: Appender['append']
  now: () => number
  signal: AbortSignal
}

/** Measures what a bucket holds and was asked now, and stores it: a row first, then an object of its own. */
export async function takeSnapshot(bucket: string, options: SnapshotOptions): Promise<TakenSnapshot> {
  const { client, source, metrics, query, append, now, signal } = options
  const at_ms = now()
  const summarizer = createStorageSummarizer('', at_ms)
  const [scan, uploads, requests] = await Promise.all([
    scanObjects(client, { bucket, prefix: '', signal }, summarizer.visit),
    readIncompleteUploads(client, { bucket, prefix: '', signal }),
    readRequestTotals(query, { source, bucket, at_ms }),
  ])
  const snapshot: Snapshot = {
    source,
    bucket,
    ...scan,
    incomplete_uploads: uploads?.uploads ?? null,
    incomplete_upload_bytes: uploads?.bytes ?? null,
    ...requests,
  }
  await append('snapshots', [snapshotRow(snapshot, at_ms)])
  const taken = { ts: new Date(at_ms).toISOString(), ...snapshot }
  if (!metrics) return { ...taken, object: null }
  const { by_prefix, by_extension, by_age } = summarizer.result()
  const parts = Object.entries({ prefix: by_prefix, extension: by_extension, age: by_age })
  const lines = [
    { kind: 'bucket', ...taken },
    ...parts.flatMap(([kind, shares]) => shares.map((share) => ({ kind, ts: taken.ts, bucket, ...share }))),
  ]
  const object = await writeSnapshotObject(client, { ...metrics, name: bucket, at_ms, lines }, signal)
  return { ...taken, object }
}

/** Snapshots of every bucket that the key reaches: those it lists or, where it may not list, those named and those seen in the logs. */
export async function takeAllSnapshots(named: readonly string[], options: SnapshotOptions) {
  const { client, source, query, signal } = options
  const seen = (await readSeenBuckets(query, [source])).map(({ bucket }) => bucket).filter(isBucketName)
  const { buckets } = await findBuckets(client, { named, seen }, signal)
  return takeSnapshots(
    buckets.map(({ name }) => name),
    options,
  )
}

/** One after the other; a bucket that the object store refuses or is silent about stops none of the others. */
async function takeSnapshots(
  buckets: readonly string[],
  options: SnapshotOptions,
): Promise<{ snapshots: TakenSnapshot[]; failed: FailedSnapshot[] }> {
  const snapshots: TakenSnapshot[] = []
  const failed: FailedSnapshot[] = []
  for (const bucket of buckets) {
    try {
      snapshots.push(await takeSnapshot(bucket, options))
    } catch (error) {
      if (!isOfObjectStore(error)) throw error
      failed.push({ bucket, code: error.code, message: error.message })
    }
  }
  return { snapshots, failed }
}

function isOfObjectStore(error: unknown): error is InvalidError | UnavailableError {
  if (error instanceof UnavailableError) return error.code === 'object_store_away'
  return error instanceof InvalidError && error.code !== 'bad_query'
}
