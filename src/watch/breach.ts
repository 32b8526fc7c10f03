import type { EventRule } from '../event-rules.ts'
import type { eventSeverities } from '../metrics/answers.ts'
import type { Episode } from './episodes.ts'
import type { Series } from './series.ts'

export type Severity = (typeof eventSeverities)[number]

/** What a rule measures, in CloudWatch's units. */
export interface Measure {
  measure: 'latency_p50' | 'share_5xx' | 'requests' | 'bytes_sent'
  unit: 'Milliseconds' | 'Percent' | 'Count/Second' | 'Bytes/Second'
}

/** Something that a rule found in a series. `before` is what was normal, `after` what was seen in the episode. */
export interface Breach extends Episode, Measure {
  rule: EventRule
  severity: Severity
  before: number
  after: number
}

/** A pure function: the same series gives the same breaches, in the order of time. */
export type Rule = (series: Series) => Breach[]
