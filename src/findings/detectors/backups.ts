import type { Detector } from '../detector.ts'
import { awsOn, counted, sized, quoted, shell } from '../quote.ts'

export const missedBackup: Detector = {
  name: 'missed-backup',
  title: 'What was written every day is not, or much smaller',
  question: 'Did a backup not come, or come too small?',
  severity: 'critical',
  every: 'day',
  thresholds: {
    days: {
      default: 7,
      unit: 'days',
      reason: 'what came on each day of a week, at weekends too, is made by a schedule',
      source: null,
    },
    share: {
      default: 90,
      unit: 'percent of the days',
      reason: 'one day that was missed before does not end the schedule; working days alone are 71 percent',
      source: null,
    },
    smaller: {
      default: 50,
      unit: 'percent of the smallest day',
      reason: 'backups grow slowly; half of the least in four weeks lacks something',
      source: null,
    },
    bytes: {
      default: 1_000_000,
      unit: 'bytes on the smallest day',
      reason: 'markers and small reports come and go',
      source: null,
    },
  },
  past_days: 28,
  subject: ['bucket', 'prefix'],
  measure: 'missing_bytes',
  // As prefix and not key_prefix: the evidence is about what came under the others too.
  sql: `WITH written AS (
  SELECT timestamp_floor('1d', ts) AS day, bucket, key_prefix, sum(bytes_received) AS bytes, max(requester) AS requester FROM operations
  WHERE is_request AND class = 'write' AND status < 300 AND bytes_received > 0
  GROUP BY day, bucket, key_prefix
)
SELECT * FROM (
  SELECT p.bucket AS bucket, p.key_prefix AS prefix, p.requester AS requester, p.days AS days, p.least AS least, coalesce(n.bytes, 0) AS written,
    p.least - coalesce(n.bytes, 0) AS missing_bytes, p.last_day AS last_day, datediff('d', p.first_day, p.last_day) + 1 AS span
  FROM (
    SELECT bucket, key_prefix, count() AS days, min(bytes) AS least, min(day) AS first_day, max(day) AS last_day, max(requester) AS requester FROM written
    WHERE day < {from}
    GROUP BY bucket, key_prefix
  ) p
  LEFT JOIN (SELECT bucket, key_prefix, bytes FROM written WHERE day >= {from}) n ON p.bucket = n.bucket AND p.key_prefix = n.key_prefix
)
WHERE days >= {days} AND 100.0 * days >= {share} * span AND least >= {bytes} AND 100.0 * written < {smaller} * least
ORDER BY missing_bytes DESC, bucket, prefix`,
  says: ({ bucket, prefix, days, least, written }) =>
    written === 0
      ? `Nothing was written under ${quoted(prefix)} of ${quoted(bucket)}, where it was on ${counted(days, 'day')} before, each time ${sized(least)} or more.`
      : `Only ${sized(written)} came under ${quoted(prefix)} of ${quoted(bucket)}, where no day of the ${counted(days, 'day')} before had less than ${sized(least)}.`,
  evidence: [
    {
      title: 'What came each day, by prefix',
      sql: `SELECT timestamp_floor('1d', ts) AS day, key_prefix, count() AS requests, sum(bytes_received) AS bytes, max(requester) AS requester FROM operations
WHERE is_request AND class = 'write' AND {subject}
GROUP BY day, key_prefix
ORDER BY day DESC, key_prefix LIMIT 100`,
      before_days: 28,
    },
    {
      title: 'Errors of who wrote it',
      sql: `SELECT ts, operation, key, status, error_code, remote_ip, user_agent, request_id FROM errors
WHERE requester = {requester} AND {subject}
ORDER BY ts DESC, request_id LIMIT 100`,
      before_days: 28,
    },
  ],
  remedies: ({ bucket, prefix }) => {
    const target = shell(`s3://${bucket}/${prefix === null ? '' : `${prefix}/`}`)
    return [
      {
        title: 'What is the newest that is there, then look at the job and run it by hand',
        language: 'shell',
        text: `${awsOn} s3 ls ${target} --recursive --human-readable | sort | tail -20
systemctl list-timers --all
journalctl --since -3d --grep 'backup|rclone|restic|s3'`,
      },
      {
        title: 'Let the job say so itself when it fails',
        language: 'shell',
        text: `set -euo pipefail
rclone copy DUMP REMOTE:TARGET --retries 5 --retries-sleep 1m || curl -fsS -X POST "$ALERT_WEBHOOK_URL" -d 'backup failed'`,
      },
    ]
  },
}
