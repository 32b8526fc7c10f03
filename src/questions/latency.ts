import { bucket, format, inCategory, limit, narrowed } from './question.ts'

export const latency = inCategory('latency', [
  {
    name: 'latency-by-operation',
    title: 'How long do operations take?',
    words:
      'latency percentiles p50 p95 p99 average median maximum slowest duration of operations; wie lange dauern Operationen, Antwortzeit',
    description:
      'The whole time of requests (total_ms) by operation: mean, median, 95th and 99th percentile, slowest.',
    window: '24h',
    parameters: [bucket, format, limit(50)],
    sql: `SELECT format, operation, count() AS requests, avg(total_ms) AS avg_ms, approx_percentile(total_ms, 0.5, 2) AS p50_ms,
  approx_percentile(total_ms, 0.95, 2) AS p95_ms, approx_percentile(total_ms, 0.99, 2) AS p99_ms, max(total_ms) AS max_ms FROM operations
WHERE is_request AND total_ms IS NOT NULL${narrowed(bucket, format)}
GROUP BY format, operation
ORDER BY requests DESC, format, operation`,
  },
  {
    name: 'latency-breakdown',
    title: 'Is the store slow, or the transfer?',
    words:
      'store storage or network transfer slow, time to first byte, turnaround, share of the time; ist der Speicher langsam oder das Netz',
    description:
      'Mean of the time until the store began to answer (turnaround_ms) and of the rest, the transfer, by operation; of requests whose log has both times.',
    window: '24h',
    parameters: [bucket, format, limit(50)],
    sql: `SELECT format, operation, count() AS requests, avg(total_ms) AS avg_total_ms, avg(turnaround_ms) AS avg_store_ms,
  avg(total_ms - turnaround_ms) AS avg_transfer_ms, max(turnaround_ms) AS max_store_ms FROM operations
WHERE is_request AND total_ms IS NOT NULL AND turnaround_ms IS NOT NULL${narrowed(bucket, format)}
GROUP BY format, operation
ORDER BY requests DESC, format, operation`,
  },
  {
    name: 'latency-by-size',
    title: 'How long do reads and writes take, by the size of the object?',
    words:
      'median of small and large objects, slow by size; große Dateien langsamer als kleine, Dauer nach Größe',
    description:
      'Successful requests by operation and size of the object: size_from is the least size of the class, up to the next one. Of the origin alone, as the CDN logs no sizes.',
    window: '7d',
    parameters: [bucket, limit(50)],
    sql: `SELECT operation, CASE WHEN object_size >= 134217728 THEN 134217728 WHEN object_size >= 16777216 THEN 16777216 WHEN object_size >= 1048576 THEN 1048576 WHEN object_size >= 65536 THEN 65536 ELSE 0 END AS size_from,
  count() AS requests, approx_percentile(total_ms, 0.5, 2) AS p50_ms, approx_percentile(total_ms, 0.95, 2) AS p95_ms, max(total_ms) AS max_ms FROM operations
WHERE is_request AND class IN ('read', 'write') AND status < 300 AND object_size IS NOT NULL AND total_ms IS NOT NULL${narrowed(bucket)}
GROUP BY operation, size_from
ORDER BY operation, size_from`,
  },
])
