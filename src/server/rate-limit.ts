/** `burst` requests at once, and `per_second` in the long run. */
export interface Allowance {
  per_second: number
  burst: number
}

/** What is left of an allowance. */
export interface Left {
  allowed: boolean
  remaining: number
  /** Until the whole burst is there again. */
  reset_seconds: number
  /** Until one more request is allowed; 0 where one is. */
  retry_after_seconds: number
}

export interface RateLimit {
  /** Takes one request out of the bucket of this name, which refills with time; a refused one takes nothing. */
  take(name: string, allowance: Allowance): Left
}

export interface RateLimitOptions {
  /** Milliseconds of a clock that is never set back. */
  now?: () => number
  /** Names remembered; the one that asked longest ago is forgotten first, and begins anew with a whole burst. */
  capacity?: number
}

/** Token buckets, in bounded memory. */
export function createRateLimit({
  now = () => performance.now(),
  capacity = 20_000,
}: RateLimitOptions = {}): RateLimit {
  const buckets = new Map<string, { tokens: number; at_ms: number }>()
  return {
    take(name, { per_second, burst }) {
      const at_ms = now()
      const known = buckets.get(name)
      const refilled = known ? known.tokens + ((at_ms - known.at_ms) / 1000) * per_second : burst
      const before = Math.min(burst, refilled)
      const allowed = before >= 1
      const tokens = allowed ? before - 1 : before
      buckets.delete(name)
      buckets.set(name, { tokens, at_ms })
      const [oldest] = buckets.keys()
      if (buckets.size > capacity && oldest !== undefined) buckets.delete(oldest)
      return {
        allowed,
        remaining: Math.floor(tokens),
        reset_seconds: Math.ceil((burst - tokens) / per_second),
        retry_after_seconds: Math.ceil(Math.max(0, 1 - tokens) / per_second),
      }
    },
  }
}
