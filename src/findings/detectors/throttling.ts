import type { Detector } from '../detector.ts'
import { counted, quoted } from '../quote.ts'

const limits = 'https://docs.digitalocean.com/products/spaces/details/limits/'

const exceeded: Readonly<Record<string, string>> = {
  key: 'more writes of one key at once than are allowed',
  client: 'more requests a second from one address than are allowed',
  bucket: 'more requests a second to one bucket than are allowed',
}

export const throttling: Detector = {
  name: 'throttling',
  title: 'Requests are throttled',
  question: 'Which clients are answered 503 Slow Down, and which limit do they exceed?',
  severity: 'warning',
  every: 'hour',
  thresholds: {
    throttled: {
      default: 30,
      unit: 'requests an hour',
      reason: 'a client that backs off repeats a few of them; more means that it does not',
      source: null,
    },
    per_client: {
      default: 1500,
      unit: 'requests a second',
      reason: 'the limit of one address, over all buckets of an account',
      source: limits,
    },
    per_bucket: {
      default: 800,
      unit: 'requests a second',
      reason: 'the limit of one bucket; of buckets made before 2021 it is 500',
      source: limits,
    },
    per_key: {
      default: 10,
      unit: 'writes a second',
      reason: 'the limit of PUT and COPY of one object at once',
      source: limits,
    },
  },
  past_days: 0,
  subject: ['bucket', 'remote_ip', 'requester'],
  measure: 'throttled',
  sql: `WITH refused AS (
  SELECT timestamp_floor('1s', ts) AS second, bucket, remote_ip, requester, count() AS throttled FROM operations
  WHERE is_request AND format = 's3' AND status = 503
  GROUP BY second, bucket, remote_ip, requester
), clients AS (
  SELECT timestamp_floor('1s', ts) AS client_second, remote_ip AS client, count() AS from_client FROM operations
  WHERE is_request AND format = 's3'
  GROUP BY client_second, client
), buckets AS (
  SELECT timestamp_floor('1s', ts) AS bucket_second, bucket AS asked, count() AS to_bucket FROM operations
  WHERE is_request AND format = 's3'
  GROUP BY bucket_second, asked
), keys AS (
  SELECT key_second, written, max(writes) AS to_key FROM (
    SELECT timestamp_floor('1s', ts) AS key_second, bucket AS written, key, count() AS writes FROM operations
    WHERE is_request AND format = 's3' AND class IN ('write', 'copy')
    GROUP BY key_second, written, key
  )
  GROUP BY key_second, written
), hours AS (
  SELECT timestamp_floor('1h', r.second) AS at, r.bucket AS bucket, r.remote_ip AS remote_ip, r.requester AS requester,
    sum(r.throttled) AS throttled, count(r.throttled) AS seconds, max(c.from_client) AS client_peak, max(b.to_bucket) AS bucket_peak,
    max(coalesce(k.to_key, 0)) AS key_peak, min(r.second) AS first_seen, max(r.second) AS last_seen
  FROM refused r JOIN clients c ON r.second = c.client_second AND r.remote_ip = c.client
    JOIN buckets b ON r.second = b.bucket_second AND r.bucket = b.asked
    LEFT JOIN keys k ON r.second = k.key_second AND r.bucket = k.written
  GROUP BY at, bucket, remote_ip, requester
)
SELECT at, bucket, remote_ip, requester, throttled, throttled AS requests, seconds, client_peak, bucket_peak, key_peak, first_seen, last_seen,
  CASE WHEN key_peak > {per_key} THEN 'key' WHEN client_peak > {per_client} THEN 'client' WHEN bucket_peak > {per_bucket} THEN 'bucket' ELSE 'none' END AS exceeded
FROM hours
WHERE throttled >= {throttled}
ORDER BY throttled DESC, at, bucket, remote_ip, requester`,
  says: (figures) => {
    const { bucket, remote_ip, throttled, seconds, client_peak, bucket_peak, key_peak } = figures
    const why = exceeded[String(figures['exceeded'])]
    const peaks = `at most ${client_peak} a second from it, ${bucket_peak} to the bucket, ${key_peak} writes of one key`
    return `${quoted(remote_ip)} was answered 503 Slow Down ${counted(throttled, 'time')} in ${counted(seconds, 'second')} of an hour by ${quoted(bucket)}: ${why ?? 'no published limit is exceeded by what is logged'} (${peaks}).`
  },
  evidence: [
    {
      title: 'In which seconds, and what of it was refused',
      sql: `SELECT timestamp_floor('1s', ts) AS second, count() AS requests, sum(CASE WHEN status = 503 THEN 1 ELSE 0 END) AS throttled,
  sum(CASE WHEN class IN ('write', 'copy') THEN 1 ELSE 0 END) AS writes, count_distinct(key) AS keys FROM operations
WHERE is_request AND {subject}
GROUP BY second
ORDER BY throttled DESC, second LIMIT 60`,
    },
    {
      title: 'Which operations and keys were refused most',
      sql: `SELECT operation, key, user_agent, count() AS throttled FROM operations
WHERE is_request AND status = 503 AND {subject}
GROUP BY operation, key, user_agent
ORDER BY throttled DESC, operation, key LIMIT 50`,
    },
  ],
  remedies: ({ exceeded: limit }) => [
    {
      title: 'Back off: ~/.aws/config of AWS SDKs and the aws command',
      language: 'text',
      text: '[default]\nretry_mode = adaptive\nmax_attempts = 8\ns3 =\n  max_concurrent_requests = 10',
    },
    {
      title: 'Back off: rclone, at most so many requests a second with pauses between retries',
      language: 'shell',
      text: 'rclone sync SOURCE: DESTINATION: --tpslimit 200 --tpslimit-burst 20 --transfers 8 --checkers 8 --retries-sleep 10s',
    },
    ...(limit === 'key'
      ? [
          {
            title: 'Key layout: no two writers of one key',
            language: 'text' as const,
            text: 'Write each version under a key of its own, such as state/2026-01-31T12-00-00-WRITER.json, and read the newest;\nor let one writer collect what others send.',
          },
        ]
      : []),
    ...(limit === 'bucket'
      ? [
          {
            title: 'Layout: two buckets have twice the limit',
            language: 'text' as const,
            text: 'Put what is written often and what is read often into buckets of their own, and let the CDN answer repeated reads.',
          },
        ]
      : []),
  ],
}
