import { UnavailableError } from '../errors.ts'
import type { Log } from '../log.ts'
import { pause, untilAvailable } from '../retry.ts'
import type { EventBook } from './event-book.ts'
import type { HealthEvent } from './event.ts'
import type { Tell } from './webhook.ts'

export interface DeliveryOptions {
  book: EventBook
  tell: Tell
  log: Log
  now: () => number
  signal: AbortSignal
  /** How long to wait after a round that failed for the first time; it doubles up to five minutes. */
  firstWait_ms: number
}

export interface Delivery {
  /** Says that there may be something to tell. */
  nudge(): void
  finished: Promise<void>
}

const longestWait_ms = 300_000
const givenUpAfter_ms = 24 * 3_600_000

/** Tells each pending event at least once: again and again until it is taken, for a day. One that is refused holds up no other. */
export function startDelivery({ book, tell, log, now, signal, firstWait_ms }: DeliveryOptions): Delivery {
  let wake = (): void => {}
  signal.addEventListener('abort', () => wake(), { once: true })

  /** False: it is to be tried again. */
  async function tellOne(event: HealthEvent): Promise<boolean> {
    const refusal = await tell(event, signal).catch((error: unknown) => {
      if (error instanceof UnavailableError) return error
      throw error
    })
    if (refusal) {
      if (signal.aborted) return false
      log.warn({ event: event.id, reason: refusal.message }, 'event not delivered')
      if (now() - event.updated_ms <= givenUpAfter_ms) return false
      log.error({ event: event.id }, 'event given up: nobody took it for a day')
    }
    await untilAvailable(() => book.settle(event, refusal ? 'expired' : 'delivered', now()), { signal })
    return true
  }

  async function loop(): Promise<void> {
    let wait_ms = firstWait_ms
    while (!signal.aborted) {
      let failed = false
      for (const event of book.pending()) {
        if (signal.aborted) return
        if (!(await tellOne(event))) failed = true
      }
      if (failed) {
        await pause(wait_ms, signal)
        wait_ms = Math.min(wait_ms * 2, longestWait_ms)
      } else {
        wait_ms = firstWait_ms
        if (book.pending().length === 0) await new Promise<void>((resolve) => (wake = resolve))
      }
    }
  }

  const finished = loop().catch((error: unknown) => {
    if (!signal.aborted) log.error({ err: error }, 'delivery of events has stopped')
  })
  return { nudge: () => wake(), finished }
}
