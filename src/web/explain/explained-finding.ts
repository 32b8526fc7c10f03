import type { AnswerTo } from '../api.ts'
import type { Explained } from './explain-link.tsx'

const measures: Record<string, Explained['measure']> = {
  'mass-deletion': 'objects_deleted',
  exfiltration: 'bytes_sent',
  throttling: 'errors_5xx',
  probing: 'errors',
  'missing-objects': 'errors',
}

/** What explains a finding: the time from its first to its last sighting, in its bucket. */
export function explainedFinding({
  detector,
  bucket,
  first_seen,
  last_seen,
}: AnswerTo<'GET /findings/:id'>): Explained {
  return {
    from: first_seen,
    // The last sighting begins an hour or a day then.
    to: new Date(Math.max(Date.parse(last_seen), Date.parse(first_seen) + 3_600_000)).toISOString(),
    format: '',
    measure: measures[detector] ?? 'requests',
    filters: bucket === null ? {} : { bucket },
  }
}
