import { pause } from '../retry.ts'
import type { SpacesClient } from '../spaces/client.ts'
import { listObjects } from '../spaces/list.ts'
import type { ListedObject } from '../spaces/list.ts'
import { createLiveState } from './actor.ts'
import type { ActorStatus } from './answers.ts'
import { createBacklog } from './backlog.ts'
import type { HashSet } from './hash-set.ts'
import { hashOf } from './ledger.ts'

export interface ListerOptions {
  client: SpacesClient
  bucket: string
  prefix: string
  /** Finished versions; a whole listing forgets what the bucket no longer holds. */
  known: HashSet
  send: (object: ListedObject) => Promise<void>
  poll_ms: number
  reconcile_ms: number
  lookback_ms: number
  /** How many objects may wait in memory: more are found again by a later listing. */
  backlogCapacity?: number
  /** Hears how each look at the bucket ended: null is well. */
  onLooked?: (error: unknown) => void
  signal: AbortSignal
}

export interface Lister {
  status(): ActorStatus & { backlog: number; listed: boolean }
  /** This version is finished, or was given up for now: then the next listing finds it again. */
  release(object: ListedObject): void
  finished: Promise<void>
}

// A listing costs the bucket's owner request rate: ten a second at most, and polls of small buckets only are whole ones.
const pagePause_ms = 100
const smallListing_pages = 3
const fullPage = 1_000
const stemLimit = 200
const retry_ms = 2_000
// AWS's and Ceph's names: [prefix]2026-11-24-13-05-59-UNIQUE, [prefix]account/region/bucket/2026/11/24/..., ID.2026-11-24-13.UNIQUE.gz
const datedName = /^(.*?)\d{4}([-/])\d\d\2\d\d/

/**
 * Finds log objects for ever, newest first. No watermark says what is done: each poll lists the last `lookback_ms` of
 * names that carry a date, and a whole listing, each `reconcile_ms`, finds what came under any other name.
 */
export function startLister(options: ListerOptions): Lister {
  const { client, bucket, prefix, known, send, poll_ms, reconcile_ms, lookback_ms, signal } = options
  const { backlogCapacity = 100_000, onLooked } = options
  const backlog = createBacklog(backlogCapacity)
  const liveState = createLiveState()
  // Versions that wait or are being read.
  const pending = new Set<bigint>()
  // What stands before the date in the names, and what the date's parts are joined by.
  const stems = new Map<string, string>()
  const freshStems: [string, string][] = []
  let overflowed = false
  let listed = false
  let wakeFeed = (): void => {}

  function meet(objects: readonly ListedObject[]): void {
    for (const object of objects) {
      noteStem(object.key)
      const hash = hashOf(object)
      if (known.has(hash) || pending.has(hash) || object.bytes === 0) continue
      pending.add(hash)
      for (const fallen of backlog.add(object)) {
        pending.delete(hashOf(fallen))
        overflowed = true
      }
    }
    wakeFeed()
  }

  function noteStem(key: string): void {
    const [, stem, separator] = datedName.exec(key) ?? []
    if (stem === undefined || separator === undefined || stems.has(stem) || stems.size >= stemLimit) return
    stems.set(stem, separator)
    freshStems.push([stem, separator])
  }

  async function list(listPrefix: string, after?: string, onPage?: () => Promise<void>): Promise<number> {
    let pages = 0
    const where = { bucket, prefix: listPrefix, signal, ...(after === undefined ? {} : { after }) }
    for await (const objects of listObjects(client, where)) {
      pages++
      meet(objects)
      await onPage?.()
      await pause(objects.length < fullPage ? 0 : pagePause_ms, signal)
    }
    return pages
  }

  async function listRecent(stem: string, separator: string): Promise<void> {
    const since = new Date(Date.now() - lookback_ms).toISOString().slice(0, 10)
    await list(stem, stem + since.replaceAll('-', separator))
  }

  // A name's date shows where the newest objects are: they need not wait for the end of the whole listing.
  async function listFreshStems(): Promise<void> {
    for (const [stem, separator] of freshStems.splice(0)) if (!listed) await listRecent(stem, separator)
  }

  async function poll(): Promise<void> {
    for (const [stem, separator] of stems) {
      await listRecent(stem, separator)
      await pause(pagePause_ms, signal)
    }
  }

  async function reconcile(): Promise<number> {
    overflowed = false
    const pages = await list(prefix, undefined, listFreshStems)
    known.sweep()
    listed = true
    return pages
  }

  async function discover(): Promise<void> {
    let reconciled_ms = -Infinity
    let pages = 0
    while (!signal.aborted) {
      const started_ms = performance.now()
      const due = started_ms - reconciled_ms >= reconcile_ms || pages <= smallListing_pages
      const roomAgain = overflowed && backlog.size < backlogCapacity / 4
      try {
        if (due || roomAgain) {
          pages = await reconcile()
          reconciled_ms = started_ms
        } else await poll()
        onLooked?.(null)
        liveState.set('idle')
        await pause(poll_ms, signal)
      } catch (error) {
        onLooked?.(error)
        liveState.retrying(error as Error)
        await pause(Math.min(poll_ms, retry_ms), signal)
      }
    }
  }

  async function feed(): Promise<void> {
    while (!signal.aborted) {
      const object = backlog.take()
      if (object) await send(object)
      else await new Promise<void>((resolve) => (wakeFeed = resolve))
    }
  }
  signal.addEventListener('abort', () => wakeFeed(), { once: true })

  const finished = Promise.all([discover(), feed()]).then(() => liveState.set('stopped'))
  return {
    status: () => ({
      name: 'lister',
      queued: backlog.size,
      backlog: pending.size,
      listed,
      ...liveState.get(),
    }),
    release: (object) => void pending.delete(hashOf(object)),
    finished,
  }
}
