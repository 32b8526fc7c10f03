/** Whose traffic: SpaceWatch's own (all null), or a bucket's in one format of one log source. */
export interface Subject {
  source: string | null
  format: string | null
  bucket: string | null
}

/** Length of an interval; each begins at a multiple of it since the epoch. */
export const interval_ms = 300_000

export const intervalsPerHour = 12
export const intervalsPerDay = 288

/** What one interval saw. */
export interface Sample {
  requests: number
  errors_5xx: number
  bytes_sent: number
  /** Median time to first byte (service and CDN: of the whole request); null when no request was timed. */
  latency_ms: number | null
  /** Requests that `latency_ms` rests on. */
  timed: number
}

/** Closed intervals without a gap, the first at `first_ms`; an interval that nothing happened in is all zeros. */
export interface Series {
  subject: Subject
  first_ms: number
  samples: readonly Sample[]
}

/** The sample of an interval without a request. */
export const nothing: Sample = { requests: 0, errors_5xx: 0, bytes_sent: 0, latency_ms: null, timed: 0 }
