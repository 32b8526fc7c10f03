import type { Log } from '../log.ts'
import type { SourceConfig } from '../source-config.ts'
import type { ProvenRight } from '../spaces/proof.ts'
import type { LeaseStatus } from './answers.ts'
import type { Sources } from './sources.ts'

/** What callers' sources may cost. */
export interface LeaseLimits {
  /** Leased sources at once, and of one access key. */
  leases: number
  leases_per_key: number
  /** Versions of log objects that one source holds in memory. */
  tracked_objects: number
  /** Log lines of one source in a day (UTC), expanded; a day that is over the limit is gone on with the next. */
  bytes_a_day: number
}

/** `paused`: a limit is reached; `refused`: the object store, or SpaceWatch, does not let it be read; `reason` says more. */
export type LeaseState = 'reading' | 'paused' | 'refused'

export interface Leases {
  /** To be called for each request with a proven scope: starts the source or keeps it running. null: it is the operator's. */
  renew(scope: ProvenRight): LeaseStatus | null
  statuses(): LeaseStatus[]
  /** How far each source is, the operator's and the leased ones, those included that are not being read. */
  progress(): { source: string; backlog: number; listed: boolean; stopped?: string | null }[]
  /** Ends all leases, as at their expiry. */
  stop(): Promise<void>
}

export interface LeaseOptions {
  sources: Sources
  /** How long a source is read on after the last request. */
  lease_ms: number
  limits?: Partial<LeaseLimits>
  /** How often expiry, refusals and limits are looked at. */
  sweep_ms?: number
  now?: () => number
  log: Log
}

interface Lease {
  source: string
  state: LeaseState
  reason: string | null
  expires_ms: number
  /** What has been proven, the newest last: what the source is read with when the one in use is refused. */
  proven: SourceConfig[]
  /** What it is being, or was last, read with. */
  used: SourceConfig
  refused_ms: number
  day: number
  bytes_today: number
  /** Of the pipeline's bytes, how many are in `bytes_today`. */
  counted: number
}

const defaults: LeaseLimits = {
  leases: 100,
  leases_per_key: 10,
  tracked_objects: 1_000_000,
  bytes_a_day: 10 * 2 ** 30,
}
const listingsRefused = 5
const readsRefused = 20
const refusedAgain_ms = 60_000
const idleLongEnough_ms = 600_000
const keptCredentials = 4
const drain_ms = 5_000
const day_ms = 86_400_000

/** Reads callers' log sources with their own credentials, which are held in memory only, for as long as somebody asks. */
export function createLeases(options: LeaseOptions): Leases {
  const { sources, lease_ms, sweep_ms = 1_000, now = Date.now, log } = options
  const limits = { ...defaults, ...options.limits }
  const leases = new Map<string, Lease>()
  const timer = setInterval(sweep, sweep_ms)
  timer.unref()

  function begin(lease: Lease, config: SourceConfig): void {
    Object.assign(lease, { state: 'reading', reason: null, used: config, counted: 0 })
    const onBroken = (err: unknown): void => {
      log.error({ source: lease.source, err }, 'leased source has broken')
      if (leases.get(lease.source) === lease) halt(lease, 'refused', 'reading it has failed')
    }
    sources.start(config, { source: lease.source, onBroken }).catch(onBroken)
  }

  function halt(lease: Lease, state: LeaseState, reason: string): void {
    count(lease)
    Object.assign(lease, { state, reason, refused_ms: now() })
    log.info({ source: lease.source, state, reason }, 'leased source stopped')
    end(lease.source)
  }

  function end(source: string): Promise<void> {
    return sources.end(source, drain_ms).catch((err: unknown) => log.warn({ source, err }, 'ending a lease'))
  }

  function drop(lease: Lease): Promise<void> {
    leases.delete(lease.source)
    log.info({ source: lease.source }, 'lease ended')
    return end(lease.source)
  }

  function count(lease: Lease): void {
    const today = Math.floor(now() / day_ms)
    if (lease.day !== today) Object.assign(lease, { day: today, bytes_today: 0 })
    const read = sources.usage(lease.source)?.bytes_read ?? lease.counted
    lease.bytes_today += read - lease.counted
    lease.counted = read
  }

  function sweep(): void {
    for (const lease of leases.values()) {
      count(lease)
      if (now() >= lease.expires_ms) void drop(lease)
      else if (lease.state === 'reading') check(lease)
      else if (lease.state === 'paused' && withinDay(lease)) begin(lease, lease.used)
    }
  }

  function withinDay({ bytes_today }: Lease): boolean {
    return bytes_today < limits.bytes_a_day
  }

  function check(lease: Lease): void {
    const usage = sources.usage(lease.source)
    if (!usage) return
    if (usage.listings_refused >= listingsRefused || usage.reads_refused >= readsRefused) {
      const what = usage.listings_refused >= listingsRefused ? 'list the log bucket' : 'read its log objects'
      takeOver(lease, `the object store does not let the key ${what}`)
    } else if (usage.tracked_objects > limits.tracked_objects)
      halt(lease, 'refused', `it has more than ${limits.tracked_objects} log objects: give a longer prefix`)
    else if (!withinDay(lease))
      halt(lease, 'paused', `more than ${limits.bytes_a_day} bytes of log lines were read today (UTC)`)
  }

  /** The credentials in use are refused: goes on with the newest others, if there are any. */
  function takeOver(lease: Lease, reason: string): void {
    lease.proven = lease.proven.filter((config) => !sameKey(config, lease.used))
    const next = lease.proven.at(-1)
    halt(lease, 'refused', reason)
    if (next) begin(lease, next)
  }

  function makeRoom(key: string): string | null {
    const all = [...leases.values()]
    const ofKey = all.filter(({ proven, used }) => [...proven, used].some((config) => config.key === key))
    if (ofKey.length >= limits.leases_per_key) return `${ofKey.length} log sources of this key are being read`
    if (all.length < limits.leases) return null
    const idlest = all.reduce((a, b) => (b.expires_ms < a.expires_ms ? b : a))
    if (idlest.expires_ms - lease_ms > now() - idleLongEnough_ms)
      return 'as many log sources are being read as SpaceWatch is set to'
    void drop(idlest)
    return null
  }

  function status({ source, state, reason, bytes_today, expires_ms }: Lease): LeaseStatus {
    const running = sources.statuses().find((one) => one.source === source)
    const { backlog = 0, listed = false } = running ?? {}
    return { source, state, reason, backlog, listed, bytes_today, expires_ms }
  }

  return {
    renew({ sources: [source], config }) {
      const lease = leases.get(source)
      if (lease) {
        lease.expires_ms = now() + lease_ms
        const kept = lease.proven.find((one) => sameKey(one, config)) ?? config
        lease.proven = [...lease.proven.filter((one) => one !== kept), kept].slice(-keptCredentials)
        // What was refused a moment ago is not worth trying for each request.
        const worthIt = !sameKey(config, lease.used) || now() - lease.refused_ms >= refusedAgain_ms
        if (lease.state === 'refused' && worthIt) begin(lease, kept)
        return status(lease)
      }
      if (sources.has(source)) return null
      const full = makeRoom(config.key)
      const fresh: Lease = {
        source,
        state: 'refused',
        reason: full,
        expires_ms: now() + lease_ms,
        proven: [config],
        used: config,
        refused_ms: now(),
        day: Math.floor(now() / day_ms),
        bytes_today: 0,
        counted: 0,
      }
      if (full === null) {
        leases.set(source, fresh)
        log.info({ source }, 'lease begun')
        begin(fresh, config)
      }
      return status(fresh)
    },
    statuses: () => [...leases.values()].map(status),
    progress: () => [
      ...sources.statuses(),
      ...[...leases.values()]
        .filter(({ source }) => !sources.has(source))
        .map((lease) => ({ ...status(lease), stopped: lease.reason })),
    ],
    async stop() {
      clearInterval(timer)
      await Promise.all([...leases.values()].map(drop))
    },
  }
}

function sameKey(a: SourceConfig, b: SourceConfig): boolean {
  return a.key === b.key && a.secret.reveal() === b.secret.reveal()
}
