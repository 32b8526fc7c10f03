import type { Detector } from '../detector.ts'
import { sized, json, quoted, shell } from '../quote.ts'
import { coldSavesUsd } from '../savings.ts'

const leastBytes = {
  default: 100_000_000_000,
  unit: 'bytes',
  reason: 'below 100 GB cold storage saves about a dollar a month',
  source: 'https://docs.digitalocean.com/products/spaces/details/pricing/',
}
// What each object was last known to hold; the parts of a multipart upload are logged one by one.
const size = `greatest(max(CASE WHEN object_size > 0 THEN object_size ELSE bytes_sent END), sum(CASE WHEN operation = 'REST.PUT.PART' THEN bytes_received ELSE 0 END))`

export const coldData: Detector = {
  name: 'cold-data',
  title: 'Most of a bucket is neither read nor written for a month',
  question: 'How much of what is stored would be cheaper in cold storage?',
  severity: 'info',
  every: 'day',
  thresholds: {
    bytes: leastBytes,
    share: {
      default: 50,
      unit: 'percent of the bucket',
      reason: 'cold storage is a bucket of its own: it is worth moving to where most of the bucket rests',
      source: null,
    },
    days: {
      default: 27,
      unit: 'days of logs',
      reason: 'what is read once a month is read in them; with fewer nothing is known to be cold',
      source: null,
    },
  },
  past_days: 29,
  subject: ['bucket'],
  measure: 'bytes',
  standing: true,
  // Without a snapshot of the day nothing is said. What was touched and deleted since is taken off too: there is at least as much.
  sql: `WITH touched AS (
  SELECT bucket, key, ${size} AS bytes, min(ts) AS first_seen FROM operations
  WHERE class IN ('read', 'write', 'copy') AND key IS NOT NULL AND status < 400 AND (method <> 'HEAD' OR method IS NULL)
    AND bucket IN (SELECT bucket FROM snapshots WHERE ts >= {from} AND bytes >= {bytes})
  GROUP BY bucket, key
)
SELECT * FROM (
  SELECT n.bucket AS bucket, n.bytes - coalesce(t.bytes, 0) AS bytes, n.bytes AS stored, coalesce(t.bytes, 0) AS touched, n.objects AS objects, l.logged_since AS logged_since
  FROM (SELECT * FROM snapshots WHERE ts >= {from} LATEST ON ts PARTITION BY bucket) n
  JOIN (SELECT bucket, min(ts) AS logged_since FROM operations GROUP BY bucket) l ON n.bucket = l.bucket
  LEFT JOIN (SELECT bucket, sum(bytes) AS bytes FROM touched GROUP BY bucket) t ON n.bucket = t.bucket
)
WHERE bytes >= {bytes} AND 100.0 * bytes >= {share} * stored AND logged_since <= dateadd('d', 1, dateadd('d', -{days}, {to}))
ORDER BY bytes DESC, bucket`,
  says: ({ bucket, bytes, stored }) =>
    `At least ${sized(bytes)} of the ${sized(stored)} in ${quoted(bucket)} were neither read nor written in thirty days.`,
  usd: coldSavesUsd,
  evidence: [
    {
      title: 'What was stored',
      sql: `SELECT ts, bucket, objects, bytes, truncated, bytes_downloaded_24h, bytes_uploaded_24h FROM snapshots
WHERE {subject}
ORDER BY ts DESC LIMIT 30`,
      before_days: 29,
    },
    {
      title: 'What of it is read, by prefix',
      sql: `SELECT key_prefix, count() AS objects, sum(reads) AS reads, sum(bytes_read) AS bytes, max(last_read) AS last_read FROM objects_last_read
WHERE {subject}
GROUP BY key_prefix
ORDER BY bytes DESC, key_prefix LIMIT 50`,
      before_days: 29,
    },
  ],
  remedies: ({ bucket }) => [toColdBucket(bucket, ''), expiry(bucket, 'PREFIX/')],
}

export const neverRead: Detector = {
  name: 'never-read',
  title: 'What is written under a prefix is kept and never read',
  question: 'Which data is written, kept and never read?',
  severity: 'info',
  every: 'day',
  thresholds: {
    bytes: {
      ...leastBytes,
      reason: 'of one week of writes: below it a lifecycle rule saves about a dollar a month',
    },
    share: {
      default: 90,
      unit: 'percent of what was written',
      reason: 'where a tenth is read nobody knows which tenth it will be',
      source: null,
    },
  },
  past_days: 29,
  subject: ['bucket', 'key_prefix'],
  measure: 'bytes',
  standing: true,
  // Of the logs alone: objects written in the first week of thirty days, and what became of them.
  sql: `WITH objects AS (
  SELECT bucket, key_prefix, key, min(CASE WHEN class = 'write' THEN ts END) AS written, ${size} AS bytes,
    sum(CASE WHEN (class IN ('read', 'copy') AND (method = 'GET' OR method IS NULL)) OR class = 'lifecycle' THEN 1 ELSE 0 END) AS reads,
    sum(CASE WHEN class = 'delete' THEN 1 ELSE 0 END) AS deletes FROM operations
  WHERE key IS NOT NULL AND status < 400 AND class IN ('read', 'write', 'copy', 'delete', 'lifecycle')
  GROUP BY bucket, key_prefix, key
)
SELECT * FROM (
  SELECT bucket, key_prefix, sum(CASE WHEN reads = 0 AND deletes = 0 THEN bytes ELSE 0 END) AS bytes, sum(bytes) AS written_bytes,
    sum(CASE WHEN reads = 0 AND deletes = 0 THEN 1 ELSE 0 END) AS objects FROM objects
  WHERE written < dateadd('d', -22, {from})
  GROUP BY bucket, key_prefix
)
WHERE bytes >= {bytes} AND 100.0 * bytes >= {share} * written_bytes
ORDER BY bytes DESC, bucket, key_prefix`,
  says: ({ bucket, key_prefix, bytes, objects }) =>
    `${sized(bytes)} in ${objects} objects were written under ${quoted(key_prefix)} of ${quoted(bucket)} in one week, and in the three weeks since neither read nor deleted.`,
  usd: coldSavesUsd,
  evidence: [
    {
      title: 'What was written and is kept',
      sql: `SELECT key, min(ts) AS first_seen, max(ts) AS last_seen, max(object_size) AS object_size, count() AS requests FROM operations
WHERE {subject} AND class IN ('read', 'write', 'delete', 'lifecycle') AND key IS NOT NULL
GROUP BY key
ORDER BY first_seen, key LIMIT 100`,
      before_days: 29,
    },
  ],
  remedies: ({ bucket, key_prefix }) => {
    const prefix = key_prefix === null ? '' : `${key_prefix}/`
    return [expiry(bucket, prefix), toColdBucket(bucket, prefix)]
  },
}

/** A lifecycle rule that deletes what is older. */
function expiry(bucket: unknown, prefix: string) {
  return {
    title: `Lifecycle of ${quoted(bucket)}: delete what is older than 90 days, if nobody needs it (put-bucket-lifecycle-configuration replaces the one there is)`,
    language: 'json' as const,
    text: json({
      Rules: [
        {
          ID: 'expire-after-90-days',
          Status: 'Enabled',
          Filter: { Prefix: prefix },
          Expiration: { Days: 90 },
        },
      ],
    }),
  }
}

function toColdBucket(bucket: unknown, prefix: string) {
  return {
    title: 'Move what is older than 30 days to a bucket of cold storage (kept there for 30 days at least)',
    language: 'shell' as const,
    text: `rclone move ${shell(`spaces:${bucket}/${prefix}`)} ${shell(`spaces:${bucket}-cold/${prefix}`)} --min-age 30d --dry-run`,
  }
}
