import { bucket, format, inCategory, integer, limit, narrowed, requester } from './question.ts'
import type { Parameter } from './question.ts'

const scanned: Parameter = {
  name: 'status',
  type: 'choice',
  default: null,
  choices: ['403', '404'],
  plain: true,
  description: '403: only refused requests; 404: only requests for what is not there',
}

export const errors = inCategory('errors', [
  {
    name: 'frequent-errors',
    title: 'Which errors are most frequent?',
    words: 'most common error codes; what goes wrong; häufigste Fehler, welche Fehler kommen vor',
    description: 'Requests with a status of 400 or more, by status, error code and operation.',
    window: '7d',
    parameters: [bucket, format, limit(20)],
    sql: `SELECT format, status, error_code, operation, count() AS errors, count_distinct(remote_ip) AS clients, max(ts) AS last_seen FROM errors
WHERE status >= 400${narrowed(bucket, format)}
GROUP BY format, status, error_code, operation
ORDER BY errors DESC, format, status, error_code, operation`,
  },
  {
    name: 'server-errors',
    title: 'Which requests failed on the server side?',
    words:
      'outage, 5xx 500 502 503 internal errors of the server, for support; auf dem Server gescheiterte Anfragen, Serverfehler',
    description:
      'Requests with a status of 500 or more, newest first, with the ids that a support request needs.',
    window: '24h',
    parameters: [bucket, requester, limit(50)],
    sql: `SELECT ts, format, bucket, operation, key, status, error_code, total_ms, remote_ip, requester, request_id FROM errors
WHERE status >= 500${narrowed(bucket, requester)}
ORDER BY ts DESC, format, bucket, request_id`,
  },
  {
    name: 'error-rate-by-hour',
    title: 'How does the error rate of each hour compare with the day before?',
    words:
      'error rate in an hour, share of errors per hour, compared with yesterday; Fehlerquote Fehlerrate je Stunde, Vergleich mit dem Vortag',
    description:
      'Share of requests with a status of 400 or more in percent, and that of the same hour one day earlier.',
    window: '48h',
    parameters: [bucket, format, limit(100)],
    sql: `WITH hours AS (
  SELECT format, timestamp_floor('1h', ts) AS hour, dateadd('d', 1, timestamp_floor('1h', ts)) AS next_day, count() AS requests, sum(CASE WHEN status >= 400 THEN 1 ELSE 0 END) AS errors FROM operations
  WHERE is_request${narrowed(bucket, format)}
  GROUP BY format, hour, next_day
)
SELECT a.hour AS hour, a.format AS format, a.requests AS requests, a.errors AS errors, 100.0 * a.errors / a.requests AS error_rate,
  b.requests AS requests_day_before, 100.0 * b.errors / b.requests AS error_rate_day_before
FROM hours a LEFT JOIN hours b ON a.hour = b.next_day AND a.format = b.format
ORDER BY hour DESC, format`,
  },
  {
    name: 'error-bursts',
    title: 'In which minutes did most requests fail?',
    words: 'spikes of errors, when did most fail; Fehlerspitzen, in welcher Minute meiste Fehler',
    description: 'Requests with a status of 400 or more, by minute, bucket and status.',
    window: '7d',
    parameters: [bucket, format, limit(20)],
    sql: `SELECT timestamp_floor('1m', ts) AS minute, format, bucket, status, count() AS errors, count_distinct(remote_ip) AS clients FROM errors
WHERE status >= 400${narrowed(bucket, format)}
GROUP BY minute, format, bucket, status
ORDER BY errors DESC, minute, format, bucket, status`,
  },
  {
    name: 'scans',
    title: 'Who probes for objects that are missing or forbidden?',
    words:
      'scanning probing hacking attack, brute force, forbidden, snooping, may not see; Angreifer suchen nach verbotenen Objekten, Scanner',
    description: 'Clients that were answered 403 or 404 for many different keys.',
    window: '7d',
    parameters: [
      integer('keys', 10, 1_000_000, 'different keys at least'),
      scanned,
      bucket,
      format,
      limit(20),
    ],
    sql: `SELECT * FROM (
  SELECT format, bucket, remote_ip, status, count() AS requests, count_distinct(key) AS keys, min(ts) AS first_seen, max(ts) AS last_seen FROM errors
  WHERE status IN (403, 404) AND remote_ip IS NOT NULL
    AND status = {status}${narrowed(bucket, format)}
  GROUP BY format, bucket, remote_ip, status
)
WHERE keys >= {keys}
ORDER BY requests DESC, format, bucket, remote_ip, status`,
  },
  {
    name: 'missing-objects',
    title: 'Which objects are asked for but missing?',
    words:
      '404 not found, missing files, broken links, dead links; fehlende Objekte, fehlende Dateien werden angefragt, nicht gefunden, tote Links',
    description: 'Keys that were answered with 404, by how often.',
    window: '7d',
    parameters: [bucket, format, limit(20)],
    sql: `SELECT format, bucket, key, count() AS requests, count_distinct(remote_ip) AS clients, max(ts) AS last_seen FROM errors
WHERE status = 404 AND key IS NOT NULL${narrowed(bucket, format)}
GROUP BY format, bucket, key
ORDER BY requests DESC, format, bucket, key`,
  },
  {
    name: 'failed-uploads',
    title: 'Which uploads failed?',
    words:
      'why do uploads fail, cannot upload, rejected puts; Uploads schlagen fehl, fehlgeschlagenes Hochladen',
    description:
      'Uploads of objects and parts that were answered with a status of 400 or more, by who sent them and why.',
    window: '7d',
    parameters: [bucket, requester, limit(50)],
    sql: `SELECT bucket, requester, operation, status, error_code, count() AS uploads, max(ts) AS last_seen FROM errors
WHERE class = 'write'${narrowed(bucket, requester)}
GROUP BY bucket, requester, operation, status, error_code
ORDER BY uploads DESC, bucket, requester, operation, status, error_code`,
  },
  {
    name: 'throttled-seconds',
    title: 'In which seconds were most requests throttled, and whose?',
    words: 'slow down 503 throttling rate limit, too many requests; gedrosselt, Drosselung, wann und von wem',
    description: 'Requests answered with 503 (Slow Down), by second, bucket and client address.',
    window: '7d',
    parameters: [bucket, limit(20)],
    sql: `SELECT timestamp_floor('1s', ts) AS second, format, bucket, remote_ip, count() AS throttled FROM errors
WHERE status = 503${narrowed(bucket)}
GROUP BY second, format, bucket, remote_ip
ORDER BY throttled DESC, second, format, bucket, remote_ip`,
  },
])
