import { InvalidError } from '../errors.ts'

/** Counts what failed, by name, in bounded memory. */
export interface Attempts {
  /** Throws InvalidError `too_many_attempts` while this name has failed too often. */
  check(name: string): void
  failed(name: string): void
}

export interface AttemptsOptions {
  /** Failures of one name within `per_ms` before it has to wait for the end of that time. */
  most: number
  per_ms: number
  /** Names remembered; the one that failed longest ago is forgotten first. */
  capacity: number
  now: () => number
}

export function createAttempts({ most, per_ms, capacity, now }: AttemptsOptions): Attempts {
  const failures = new Map<string, { count: number; since_ms: number }>()
  const recent = (name: string) => {
    const found = failures.get(name)
    return found && now() - found.since_ms < per_ms ? found : { count: 0, since_ms: now() }
  }
  return {
    check(name) {
      if (recent(name).count < most) return
      throw new InvalidError(
        'Cannot check the key: it was refused too often',
        `check the key and its secret, and try again in ${Math.ceil(per_ms / 1000)} seconds`,
        'too_many_attempts',
      )
    },
    failed(name) {
      const { count, since_ms } = recent(name)
      failures.delete(name)
      failures.set(name, { count: count + 1, since_ms })
      for (const oldest of failures.keys()) {
        if (failures.size <= capacity) break
        failures.delete(oldest)
      }
    },
  }
}
