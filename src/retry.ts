import { UnavailableError } from './errors.ts'

export interface RetryOptions {
  signal: AbortSignal
  tries?: number
  onRetry?: (error: UnavailableError) => void
}

const firstWait_ms = 50
const longestWait_ms = 2_000

/** Repeats `work` while it throws UnavailableError, with doubling, jittered waits of at most two seconds. */
export async function untilAvailable<T>(
  work: () => Promise<T>,
  { signal, tries = Infinity, onRetry }: RetryOptions,
): Promise<T> {
  for (let tried = 1, wait_ms = firstWait_ms; ; tried++, wait_ms = Math.min(wait_ms * 2, longestWait_ms)) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof UnavailableError) || tried >= tries) throw error
      onRetry?.(error)
      await pause(wait_ms * (0.5 + Math.random() / 2), signal)
      if (signal.aborted) throw error
    }
  }
}

export interface RepeatOptions {
  every_ms: number
  signal: AbortSignal
  /** Told of a failure, after which the work is done again the next time. */
  onFailed: (error: unknown) => void
}

/** Does `work` now and every so often, until the signal is aborted; work that answers true is done again at once. */
export async function repeat(
  work: () => Promise<boolean | void>,
  { every_ms, signal, onFailed }: RepeatOptions,
): Promise<void> {
  while (!signal.aborted) {
    const isMore = await work().catch((error: unknown) => {
      if (!signal.aborted) onFailed(error)
    })
    if (isMore !== true) await pause(every_ms, signal)
  }
}

export interface Looks {
  /** When it looked last, in milliseconds since the epoch, and why that failed. */
  status(): { last_look_ms: number | null; reason: string | null }
  /** Once the signal is aborted and the last look is over. */
  finished: Promise<void>
}

export interface LooksOptions extends Pick<RepeatOptions, 'every_ms' | 'signal'> {
  now: () => number
  /** Told of a failure that is not that something outside is away. */
  onUnexpected: (error: unknown) => void
}

/** Looks now and every so often, whatever comes of it. */
export function startLooks(look: () => Promise<void>, options: LooksOptions): Looks {
  const { every_ms, signal, now, onUnexpected } = options
  let last_look_ms: number | null = null
  let reason: string | null = null

  async function lookAndTell(): Promise<void> {
    await look().finally(() => {
      last_look_ms = now()
    })
    reason = null
  }

  const finished = repeat(lookAndTell, {
    every_ms,
    signal,
    onFailed(error) {
      reason = error instanceof Error ? error.message : 'unknown'
      if (!(error instanceof UnavailableError)) onUnexpected(error)
    },
  })
  return { status: () => ({ last_look_ms, reason }), finished }
}

/** Waits, or until the signal is aborted; it never throws. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
