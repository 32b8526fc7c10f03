import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3'
import { InvalidError, UnavailableError } from '../errors.ts'
import type { DemoOptions } from './deliveries.ts'
import { createDemo } from './generate.ts'
import type { DemoObject } from './log-object.ts'
import { totalsOf, type DemoTotals } from './totals.ts'
import { createTruth } from './truth.ts'
import { createWorld } from './world.ts'

/** Where demo objects go. The client needs path-style addresses and checksums WHEN_REQUIRED. */
export interface DemoTarget {
  client: S3Client
  bucket: string
  /** Ends in a slash; not empty, as the manifest lies outside. */
  prefix: string
}

/** What the bucket already holds; kept in it as MANIFEST_KEY, outside the prefix. */
export interface DemoManifest {
  seed: number
  /** The filled week; its events lie in [from_ms, to_ms). */
  from_ms: number
  to_ms: number
  lines: number
  /** Everything up to here has been delivered; from_ms while the first fill is still under way. */
  delivered_until_ms: number
  /** The exact truth about [from_ms, to_ms), whatever is delivered later; null until the fill is complete. */
  totals: DemoTotals | null
}

/** What to put, and where; `now_ms` ends the filled time. */
export interface FillOptions extends DemoTarget {
  seed: number
  now_ms: number
  /** Default 7. */
  days?: number
  /** Default 200,000. */
  lines?: number
  onProgress?: (progress: { objects: number; objects_total: number; lines: number }) => void
  signal?: AbortSignal
}

/** A key in the log bucket. */
export const MANIFEST_KEY = 'spacewatch-demo.json'
const DAY_MS = 86_400_000
const CONCURRENCY = 8

/**
 * Creates the buckets and puts the past into the log bucket. What a former run has put stays: an unfinished fill goes on
 * with the same objects, and after a complete one only the time since is filled, at the same pace and without incidents.
 * Rejects with the signal's reason when aborted, and with UnavailableError when the server is away.
 */
export async function fillDemo(options: FillOptions): Promise<DemoManifest> {
  const { bucket, prefix, seed, now_ms, days = 7, lines = 200_000, signal } = options
  if (prefix === '')
    throw new InvalidError(
      'Cannot fill a demo bucket without a prefix: its manifest must lie outside of the logs',
      'Set a log prefix, e.g. access-logs/',
    )
  for (const name of [bucket, ...Object.values(createWorld(seed).places).map((place) => place.bucket.name)])
    await createBucket(options, name)
  const found = await readManifest(options)
  if (found?.totals) return fillGap(found, options)

  const to_ms = Math.floor(now_ms / 1000) * 1000
  const from_ms = to_ms - days * DAY_MS
  const manifest = found ?? { seed, from_ms, to_ms, lines, delivered_until_ms: from_ms, totals: null }
  await writeManifest(options, manifest, signal)
  const truth = createTruth()
  const demo = createDemo({ ...manifest, prefix, deliver_by_ms: manifest.to_ms }, truth)
  await putAll(demo, options)
  return fillGap(
    { ...manifest, delivered_until_ms: manifest.to_ms, totals: totalsOf(truth, manifest) },
    options,
  )
}

async function fillGap(manifest: DemoManifest, options: FillOptions): Promise<DemoManifest> {
  const { prefix, now_ms } = options
  const week_ms = manifest.to_ms - manifest.from_ms
  const from_ms = Math.max(manifest.delivered_until_ms, now_ms - week_ms)
  const lines = Math.floor((manifest.lines * (now_ms - from_ms)) / week_ms)
  if (lines > 0) {
    const gap: DemoOptions = {
      seed: manifest.seed,
      from_ms,
      to_ms: now_ms,
      lines,
      prefix,
      deliver_by_ms: now_ms,
      incidents: false,
      noise: false,
    }
    await putAll(createDemo(gap), options)
  }
  const filled = {
    ...manifest,
    delivered_until_ms: Math.max(manifest.delivered_until_ms, lines > 0 ? now_ms : 0),
  }
  await writeManifest(options, filled, options.signal)
  return filled
}

/** One generator feeds all workers; the first failure ends it for the others. */
async function putAll(demo: ReturnType<typeof createDemo>, options: FillOptions): Promise<void> {
  const progress = { objects: 0, objects_total: demo.objects_total, lines: 0 }
  const worker = async () => {
    for (const object of demo.objects) {
      await putObject(options, object, options.signal)
      progress.objects++
      progress.lines += object.lines
      options.onProgress?.({ ...progress })
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
}

/** Puts one log object. Throws UnavailableError while the server is away. */
export async function putObject(
  { client, bucket }: DemoTarget,
  { key, body }: Pick<DemoObject, 'key' | 'body'>,
  signal?: AbortSignal,
): Promise<void> {
  await reach(`write demo object ${bucket}/${key}`, signal, () =>
    client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }),
      signal ? { abortSignal: signal } : {},
    ),
  )
}

/** Keeps the manifest. Throws UnavailableError while the server is away. */
export async function writeManifest(
  target: DemoTarget,
  manifest: DemoManifest,
  signal?: AbortSignal,
): Promise<void> {
  await putObject(target, { key: MANIFEST_KEY, body: Buffer.from(JSON.stringify(manifest)) }, signal)
}

async function readManifest({ client, bucket, signal }: FillOptions): Promise<DemoManifest | null> {
  return reach(`read the demo manifest ${bucket}/${MANIFEST_KEY}`, signal, async () => {
    const answer = await client
      .send(new GetObjectCommand({ Bucket: bucket, Key: MANIFEST_KEY }))
      .catch(nullFor('NoSuchKey'))
    return answer?.Body ? (JSON.parse(await answer.Body.transformToString()) as DemoManifest) : null
  })
}

async function createBucket({ client, signal }: FillOptions, bucket: string): Promise<void> {
  const command = new CreateBucketCommand({ Bucket: bucket })
  // The SDK names the client's region as the place to create it in, which S3Proxy refuses.
  command.middlewareStack.add(
    (next) =>
      ({ input }) =>
        next({ input: { Bucket: input.Bucket } }),
    { step: 'initialize', priority: 'low' },
  )
  await reach(`create bucket ${bucket}`, signal, () =>
    client.send(command).catch(nullFor('BucketAlreadyOwnedByYou', 'BucketAlreadyExists')),
  )
}

function nullFor(...expected: string[]): (error: unknown) => null {
  return (error) => {
    if (error instanceof S3ServiceException && expected.includes(error.name)) return null
    throw error
  }
}

async function reach<T>(what: string, signal: AbortSignal | undefined, act: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted()
  return act().catch((cause: unknown) => {
    signal?.throwIfAborted()
    throw new UnavailableError(
      `Cannot ${what}: ${cause instanceof Error ? cause.message : String(cause)}`,
      undefined,
      { cause },
    )
  })
}
