import { setTimeout as wait } from 'node:timers/promises'
import { putObject, writeManifest, type DemoManifest, type DemoTarget } from './fill.ts'
import { createLiveDemo } from './generate.ts'
import { busyness } from './rhythm.ts'

/** Where to, how often, until when. */
export interface KeepDeliveringOptions extends DemoTarget {
  /** Of `fillDemo`. */
  manifest: DemoManifest
  /** Default 5,000. */
  every_ms?: number
  signal: AbortSignal
  onObject?: (object: { key: string; lines: number }) => void
  /** The object that failed is made again, with more in it, next time. */
  onProblem?: (error: unknown) => void
}

const PEAK_HOUR_UTC = 13

/** Writes an object of what happens just now, again and again, at the pace of the filled past; ends when aborted, and never rejects. */
export async function keepDelivering({
  manifest,
  every_ms = 5000,
  signal,
  onObject,
  onProblem,
  ...target
}: KeepDeliveringOptions): Promise<void> {
  const make = createLiveDemo(manifest.seed)
  const lines_per_ms = manifest.lines / (manifest.to_ms - manifest.from_ms)
  let from_ms = manifest.delivered_until_ms
  while (await passed(every_ms, signal)) {
    const to_ms = Date.now()
    if (to_ms <= from_ms) continue // the clock was set back
    const due = lines_per_ms * (to_ms - from_ms) * busyness(to_ms, PEAK_HOUR_UTC)
    try {
      const object = make({ from_ms, to_ms, records: Math.max(1, Math.round(due)), prefix: target.prefix })
      await putObject(target, object, signal)
      from_ms = to_ms
      await writeManifest(target, { ...manifest, delivered_until_ms: to_ms }, signal)
      onObject?.(object)
    } catch (error) {
      if (!signal.aborted) onProblem?.(error)
    }
  }
}

async function passed(time_ms: number, signal: AbortSignal): Promise<boolean> {
  await wait(time_ms, undefined, { signal }).catch(() => {})
  return !signal.aborted
}
