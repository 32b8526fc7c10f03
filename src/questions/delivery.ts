import { bucket, limit, narrowed } from './question.ts'
import type { Question } from './question.ts'

const hits = `sum(CASE WHEN cache_result IN ('Hit', 'RefreshHit') THEN 1 ELSE 0 END)`
const misses = `sum(CASE WHEN cache_result = 'Miss' THEN 1 ELSE 0 END)`
const cached = `count() AS requests, ${hits} AS hits, ${misses} AS misses,
  100.0 * ${hits} / (${hits} + ${misses}) AS hit_ratio, sum(bytes_sent) AS bytes_sent`

/** Of the CDN, of storage, and of the logs themselves. */
export const delivery: readonly Question[] = [
  {
    name: 'cdn-hit-ratio',
    title: 'How much does the CDN answer from its cache?',
    words: 'cache hit rate, cached, how well does the cdn cache; Trefferquote des CDN, Cache Treffer',
    description:
      'Requests to the CDN by bucket: hits, misses, and hits in percent of both. Errors are neither.',
    category: 'cdn',
    window: '7d',
    parameters: [bucket, limit(50)],
    sql: `SELECT bucket, ${cached} FROM operations
WHERE is_request AND format = 'cdn'${narrowed(bucket)}
GROUP BY bucket
ORDER BY requests DESC, bucket`,
  },
  {
    name: 'cdn-edges',
    title: 'Which places of the CDN answer, and how well do they cache?',
    words: 'edge locations, points of presence, where in the world; Standorte des CDN, Randstandorte',
    description: 'Requests to the CDN by edge location: hits, misses, and hits in percent of both.',
    category: 'cdn',
    window: '7d',
    parameters: [bucket, limit(50)],
    sql: `SELECT edge_location, ${cached}, count_distinct(remote_ip) AS clients FROM operations
WHERE is_request AND format = 'cdn'${narrowed(bucket)}
GROUP BY edge_location
ORDER BY requests DESC, edge_location`,
  },
  {
    name: 'storage-growth',
    title: 'How much does each bucket grow?',
    words:
      'how fast does it grow, storage used, how large is a bucket, how many objects and bytes are in it; wie schnell wächst der Bucket, wie groß ist er, wie viele Objekte liegen darin, Speicherwachstum',
    description:
      'Objects and bytes in the first and the last snapshot of the window; snapshots that a limit cut short do not count.',
    category: 'storage',
    window: '30d',
    parameters: [bucket, limit(50)],
    sql: `SELECT bucket, min(ts) AS first_snapshot, max(ts) AS last_snapshot, last(objects) AS objects, last(objects) - first(objects) AS more_objects,
  last(bytes) AS bytes, last(bytes) - first(bytes) AS more_bytes, last(incomplete_upload_bytes) AS incomplete_upload_bytes FROM snapshots
WHERE NOT truncated${narrowed(bucket)}
GROUP BY bucket
ORDER BY more_bytes DESC, bucket`,
  },
  {
    name: 'delivery-lag',
    title: 'How late do access logs arrive?',
    words:
      'delay of logs, how fresh are the logs, log delivery; wie spät kommen die Protokolle an, Verzögerung der Logs',
    description:
      'Seconds from the newest record of a log object to its delivery, by the day of the delivery; without objects that are dated before their newest record, as clocks differ.',
    category: 'logs',
    window: '7d',
    parameters: [limit(50)],
    sql: `SELECT timestamp_floor('1d', ts) AS day, count() AS log_objects, sum(rows) AS records, approx_percentile(datediff('s', newest_event, ts), 0.5, 2) AS p50_seconds,
  approx_percentile(datediff('s', newest_event, ts), 0.95, 2) AS p95_seconds, max(datediff('s', newest_event, ts)) AS max_seconds FROM log_objects
WHERE newest_event IS NOT NULL AND newest_event <= ts
GROUP BY day
ORDER BY day DESC`,
  },
  {
    name: 'refused-lines',
    title: 'Which log lines could not be read, and why?',
    words:
      'bad lines, parse errors, unreadable, could not parse; Zeilen konnten nicht gelesen werden, unlesbare Protokollzeilen',
    description:
      'Lines that are no access-log records, by reason; of each log object the first hundred are kept.',
    category: 'logs',
    window: '30d',
    parameters: [limit(50)],
    sql: `SELECT reason, count() AS lines, count_distinct(log_object) AS log_objects, max(ts) AS last_seen FROM refused_lines
GROUP BY reason
ORDER BY lines DESC, reason`,
  },
]
