import type { Unit } from './answers.ts'
/** A column of `operations` that a metric is broken down by. `format` is always one of them and is not named here. */
export type Dimension =
  | 'bucket'
  | 'operation'
  | 'class'
  | 'status'
  | 'error_code'
  | 'key'
  | 'key_prefix'
  | 'remote_ip'
  | 'requester'
  | 'user_agent'
  | 'referer'
  | 'cache_result'

/** An aggregate that comes out the same from the rows and from a rollup. */
export interface Part {
  name: string
  /** Over rows of `operations`. */
  raw: string
  /** Over rows of a rollup, or these grouped once more; null where none holds it. */
  rollup: string | null
}

/** What a latency is measured by; each has rollups of its own. */
export type LatencyColumn = 'total_ms' | 'turnaround_ms'

/** A result column. `sql` asks for its parts by `part(...)`, so that one formula serves rows and rollups. */
export type Value = {
  name: string
  unit: Unit
} & (
  { sql(part: (part: Part) => string): string } | { percentile: { column: LatencyColumn; quantile: number } }
)

/**
 * What can be asked. `series`: a row per interval. `breakdown`: a row per value of `by`, or per interval and value when
 * a step is given. `top`: the largest values of `by`, never per interval. Rows of both formats are kept apart.
 */
export interface Metric {
  name: string
  description: string
  shape: 'series' | 'breakdown' | 'top'
  by: readonly Dimension[]
  /** The first one is what the metric is named after. */
  values: readonly [Value, ...Value[]]
  /** What a row must be to count, over columns that the rollups hold; default: a request. */
  rows?: string
  /** What answers in its place when it is ordered by one of these names. */
  orderedBy?: Readonly<Record<string, Metric>>
  /** Narrows the requests that count; over columns that the rollups hold, unless `by` needs the rows anyway. */
  where?: string
}
