import type { EventRule } from '../../event-rules.ts'
import type { View } from '../view.ts'
import type { Explained } from './explain-link.tsx'

const measures: Record<EventRule, Explained['measure']> = {
  latency_step: 'slow_requests',
  errors_5xx: 'errors_5xx',
  traffic_zero: 'requests',
  traffic_spike: 'requests',
}

/**
 * What explains a health event: its span, held against that before and after. Of a bucket that was slow or silent as a
 * whole nothing within it stands out: it is held against the other buckets.
 */
export function explainedEvent(event: Readonly<Record<string, unknown>>): Explained {
  const { rule, measure, bucket, started_at, ended_at, format, state } = event
  const isOfBucket = rule === 'errors_5xx' || rule === 'traffic_spike'
  const isOver = state !== 'open' && ended_at
  return {
    from: String(started_at),
    to: isOver ? String(ended_at) : '',
    format: (format ?? '') as View['format'],
    measure: measure === 'bytes_sent' ? 'bytes_sent' : (measures[rule as EventRule] ?? 'requests'),
    filters: isOfBucket && typeof bucket === 'string' ? { bucket } : {},
  }
}
