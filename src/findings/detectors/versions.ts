import type { Detector } from '../detector.ts'
import { awsOn, json, quoted, shell, sized } from '../quote.ts'
import { keepingUsd } from '../savings.ts'

const window_days = 7

export const oldVersions: Detector = {
  name: 'old-versions',
  title: 'Old versions pile up',
  question: 'Where are old versions kept, and what do they hold?',
  severity: 'info',
  every: 'day',
  thresholds: {
    bytes: {
      default: 10_000_000_000,
      unit: 'bytes a week',
      reason: 'kept for a year they are half a terabyte',
      source: null,
    },
  },
  past_days: window_days - 1,
  subject: ['bucket'],
  measure: 'bytes',
  standing: true,
  // A bucket has versions where somebody was given one by its id. What was overwritten or deleted is one, unless it was removed by its id or a rule.
  sql: `WITH objects AS (
  SELECT bucket, key, sum(CASE WHEN operation IN ('REST.PUT.OBJECT', 'REST.POST.UPLOAD', 'REST.COPY.OBJECT') THEN 1 ELSE 0 END) AS writes, max(object_size) AS bytes,
    sum(CASE WHEN class = 'delete' AND version_id IS NULL THEN 1 ELSE 0 END) AS deletes,
    sum(CASE WHEN class = 'lifecycle' OR (class = 'delete' AND version_id IS NOT NULL) THEN 1 ELSE 0 END) AS removed,
    sum(CASE WHEN version_id IS NOT NULL THEN 1 ELSE 0 END) AS named FROM operations
  WHERE key IS NOT NULL AND status < 300 AND format = 's3'
  GROUP BY bucket, key
), kept AS (
  SELECT bucket, bytes, named, CASE WHEN deletes = 0 THEN writes - 1 - removed ELSE writes - removed END AS versions FROM objects
)
SELECT * FROM (
  SELECT bucket, sum(CASE WHEN versions > 0 THEN versions * bytes ELSE 0 END) AS bytes, sum(CASE WHEN versions > 0 THEN versions ELSE 0 END) AS versions,
    sum(CASE WHEN versions > 0 THEN 1 ELSE 0 END) AS objects, sum(named) AS named FROM kept
  GROUP BY bucket
)
WHERE bytes >= {bytes} AND named > 0
ORDER BY bytes DESC, bucket`,
  says: ({ bucket, bytes, versions, objects }) =>
    `${versions} versions of ${objects} objects of ${quoted(bucket)} were overwritten or deleted within a week and are kept: ${sized(bytes)}.`,
  usd: (figures, days, prices) => {
    const week = keepingUsd(figures, days, prices)
    return week === null ? null : (week * 30) / window_days
  },
  evidence: [
    {
      title: 'Which objects are written again and again',
      sql: `SELECT key, sum(CASE WHEN class = 'write' THEN 1 ELSE 0 END) AS writes, sum(CASE WHEN class = 'delete' THEN 1 ELSE 0 END) AS deletes,
  max(object_size) AS object_size, max(requester) AS requester, max(ts) AS last_seen FROM operations
WHERE {subject} AND class IN ('write', 'delete') AND key IS NOT NULL AND status < 300
GROUP BY key
ORDER BY writes DESC, key LIMIT 50`,
      before_days: window_days - 1,
    },
    {
      title: 'Who is given versions by their ids',
      sql: `SELECT ts, operation, key, version_id, requester, remote_ip FROM operations
WHERE {subject} AND version_id IS NOT NULL
ORDER BY ts DESC, key LIMIT 100`,
      before_days: window_days - 1,
    },
  ],
  remedies: ({ bucket }) => [
    {
      title: 'lifecycle.json: old versions go after thirty days',
      language: 'json',
      text: json({
        Rules: [
          {
            ID: 'expire-old-versions',
            Status: 'Enabled',
            Filter: { Prefix: '' },
            NoncurrentVersionExpiration: { NoncurrentDays: 30 },
            Expiration: { ExpiredObjectDeleteMarker: true },
          },
        ],
      }),
    },
    {
      title: 'See what lies there, and set that rule (it replaces the rules there are: get them first)',
      language: 'shell',
      text: `${awsOn} s3api list-object-versions --bucket ${shell(String(bucket))} --query 'Versions[?!IsLatest].[Key,Size,LastModified]' --output text --max-items 100
${awsOn} s3api get-bucket-lifecycle-configuration --bucket ${shell(String(bucket))}
${awsOn} s3api put-bucket-lifecycle-configuration --bucket ${shell(String(bucket))} --lifecycle-configuration file://lifecycle.json`,
    },
  ],
}
