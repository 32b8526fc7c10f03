import { isServerError } from '../metrics/values.ts'
import type { MeasureName } from './answers.ts'

/** A sum over rows of `operations`, so that the figures of all values of a dimension add up to the whole. */
export interface Measure {
  name: MeasureName
  unit: 'Count' | 'Bytes'
  /** As in `3,120 more ...`. */
  words: string
  /** Which rows count. */
  where: string
  /** What a row adds; null: one. */
  weight: string | null
  /** True where all rows of one request are one event, which chance deals in. */
  clustered: boolean
}

/** `threshold_ms` is that of slow requests, whole time from the first byte received to the last one sent. */
export function measureOf(name: MeasureName, threshold_ms: number | null): Measure {
  const one = { name, unit: 'Count', weight: null, clustered: false } as const
  switch (name) {
    case 'requests':
      return { ...one, words: 'requests', where: 'is_request' }
    case 'errors':
      return { ...one, words: 'errors', where: 'is_request AND status >= 400' }
    case 'errors_5xx':
      return { ...one, words: '5xx responses', where: `is_request AND ${isServerError}` }
    case 'bytes_sent':
      return {
        name,
        unit: 'Bytes',
        weight: 'bytes_sent',
        clustered: false,
        words: 'bytes sent',
        where: 'is_request AND bytes_sent > 0',
      }
    case 'slow_requests':
      return {
        ...one,
        words: `requests slower than ${threshold_ms} ms`,
        where: `is_request AND total_ms > ${threshold_ms}`,
      }
    case 'objects_deleted':
      // Each key of a multi-object delete is a row of its own, and no request.
      return {
        ...one,
        clustered: true,
        words: 'objects deleted',
        where: "class = 'delete' AND key IS NOT NULL AND status < 300",
      }
  }
}
