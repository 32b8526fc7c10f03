import type { LatencyColumn, Metric, Part, Value } from './metric.ts'
import { count, percentile, requests, share } from './values.ts'

const percents = [50, 90, 95, 99]

/** Times in milliseconds, by AWS's names; `slowOperation_ms` is what counts as slow. */
export function latencyMetrics(slowOperation_ms: number): readonly Metric[] {
  const slow: Part = {
    name: 'slow',
    raw: `sum(CASE WHEN total_ms > ${slowOperation_ms} THEN 1 ELSE 0 END)`,
    rollup: null,
  }
  return [
    latency(
      'FirstByteLatency',
      'From the whole request received to the first byte of the response (turn-around time).',
      'turnaround_ms',
    ),
    latency(
      'TotalRequestLatency',
      'From the first byte received to the last byte sent (total time).',
      'total_ms',
    ),
    {
      name: 'SlowOperations',
      description: `Requests that took longer than ${slowOperation_ms} ms (SLOW_OPERATION_MS), and their share.`,
      shape: 'series',
      by: [],
      values: [count(slow), share('slow_rate', slow), requests],
    },
  ]
}

function latency(name: string, description: string, column: LatencyColumn): Metric {
  const [sum, timed, min, max] = timeParts(column)
  const values: [Value, ...Value[]] = [
    { name: 'avg', unit: 'Milliseconds', sql: (part) => `1.0 * ${part(sum)} / ${part(timed)}` },
    { name: 'min', unit: 'Milliseconds', sql: (part) => part(min) },
    { name: 'max', unit: 'Milliseconds', sql: (part) => part(max) },
    ...percents.map((percent) => percentile(column, percent)),
    { name: 'timed_requests', unit: 'Count', sql: (part) => part(timed) },
  ]
  return { name, description, shape: 'series', by: [], values }
}

function timeParts(column: LatencyColumn): [Part, Part, Part, Part] {
  return [
    { name: 'ms_sum', raw: `sum(${column})`, rollup: `sum(${column}_sum)` },
    {
      name: 'timed_requests',
      raw: `count(${column})`,
      rollup: 'sum(CASE WHEN latency_bucket >= 0 THEN operations ELSE 0 END)',
    },
    { name: 'ms_min', raw: `min(${column})`, rollup: `min(${column}_min)` },
    { name: 'ms_max', raw: `max(${column})`, rollup: `max(${column}_max)` },
  ]
}
