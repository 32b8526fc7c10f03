import { computed, signal } from '@preact/signals'
import type { ApiError } from './api.ts'

/** Grows when everything that is shown is to be asked for again. */
export const refreshed = signal(0)

const wait_at_first_ms = 5_000
const wait_at_most_ms = 60_000
/** What fails just now, by who asked for it. */
const failing = signal<ReadonlyMap<object, ApiError>>(new Map())
let wait_ms = wait_at_first_ms
let timer: ReturnType<typeof setTimeout> | null = null

/** When all is asked for again by itself, in milliseconds since the epoch; null while nothing is away. */
export const retry_at_ms = signal<number | null>(null)

// What no panel alone suffers from.
const awayCodes = new Set(['network', 'unavailable', 'database_slow'])

/** Whether trying again later may help, without a change. */
function passes({ status, code }: ApiError): boolean {
  return status === 503 || status === 504 || code === 'network'
}

/** Equal for errors that have one cause: an outage has several words. */
function causeOf({ code, message }: ApiError): string {
  return awayCodes.has(code) ? 'away' : message
}

/** What the page says once for all that fail of it: the database is away, or the same is wrong with several questions. */
export const toldOnce = computed((): ApiError[] => {
  const alike = [...Map.groupBy(failing.value.values(), causeOf).values()]
  return alike.flatMap(([error, ...more]) =>
    error && (awayCodes.has(error.code) || more.length > 0) ? [error] : [],
  )
})

export function isToldOnce(error: ApiError): boolean {
  return toldOnce.value.some((told) => causeOf(told) === causeOf(error))
}

/** Notes how the question of `of` went; null: well, or it is asked no more. Asks anew after what passes, each time later. */
export function noteOutcome(of: object, error: ApiError | null): void {
  if (error === null && !failing.peek().has(of)) return
  const next = new Map(failing.peek())
  if (error) next.set(of, error)
  else next.delete(of)
  failing.value = next
  if (![...next.values()].some(passes)) {
    if (timer) clearTimeout(timer)
    timer = null
    retry_at_ms.value = null
    wait_ms = wait_at_first_ms
  } else if (!timer) {
    retry_at_ms.value = Date.now() + wait_ms
    timer = setTimeout(() => {
      timer = null
      wait_ms = Math.min(2 * wait_ms, wait_at_most_ms)
      refreshed.value++
    }, wait_ms)
  }
}
