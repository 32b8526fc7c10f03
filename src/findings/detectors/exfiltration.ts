import { refusedAddress } from '../bucket-policy.ts'
import type { Detector } from '../detector.ts'
import { awsOn, counted, quoted, shell } from '../quote.ts'
import { egressUsd } from '../usd.ts'

export const exfiltration: Detector = {
  name: 'exfiltration',
  title: 'One key reads far more than it ever did',
  question: 'Does a key read many different objects in a short time from one address, against its own past?',
  severity: 'critical',
  every: 'hour',
  thresholds: {
    keys: {
      default: 200,
      unit: 'different keys an hour',
      reason: 'an app reads what it is asked for; who copies a bucket reads key after key',
      source: null,
    },
    bytes: {
      default: 50_000_000,
      unit: 'bytes an hour',
      reason: 'the size that published rules for the reads of one actor begin at, there within 15 minutes',
      source: 'https://github.com/panther-labs/panther-analysis',
    },
    times: {
      default: 5,
      unit: 'times',
      reason: 'compared with the busiest hour of any address of the same key in the two weeks before',
      source: null,
    },
    known_days: {
      default: 3,
      unit: 'days of logs',
      reason: 'without a past nothing is unusual',
      source: null,
    },
  },
  past_days: 14,
  subject: ['bucket', 'requester', 'remote_ip'],
  measure: 'keys',
  sql: `WITH hours AS (
  SELECT timestamp_floor('1h', ts) AS at, source, bucket, requester, remote_ip, count_distinct(key) AS keys, count() AS requests,
    sum(bytes_sent) AS bytes, min(ts) AS first_seen, max(ts) AS last_seen FROM operations
  WHERE is_request AND format = 's3' AND class = 'read' AND method = 'GET' AND status < 300 AND requester IS NOT NULL
  GROUP BY at, source, bucket, requester, remote_ip
)
SELECT n.at AS at, n.bucket AS bucket, n.requester AS requester, n.remote_ip AS remote_ip, n.keys AS keys, n.requests AS requests,
  n.bytes AS bytes, coalesce(p.usual, 0) AS usual, n.first_seen AS first_seen, n.last_seen AS last_seen
FROM hours n LEFT JOIN (
  SELECT bucket, requester, max(keys) AS usual FROM hours
  WHERE at < {from}
  GROUP BY bucket, requester
) p ON n.bucket = p.bucket AND n.requester = p.requester
JOIN (
  SELECT source, min(ts) AS since FROM operations
  GROUP BY source
) l ON n.source = l.source
WHERE n.at >= {from} AND n.keys >= {keys} AND n.bytes >= {bytes} AND n.keys >= {times} * coalesce(p.usual, 0)
  AND datediff('d', l.since, cast({from} AS timestamp)) >= {known_days}
ORDER BY keys DESC, at, bucket, requester, remote_ip`,
  says: ({ bucket, requester, remote_ip, keys, bytes, usual }) =>
    `${quoted(requester)} read ${counted(keys, 'object')} of ${quoted(bucket)} within an hour from ${quoted(remote_ip)}, ${bytes} bytes; in the logs of the two weeks before at most ${usual} an hour from one address.`,
  usd: egressUsd,
  evidence: [
    {
      title: 'What was read, newest first',
      sql: `SELECT ts, key, bytes_sent, user_agent, auth_type, request_id FROM operations
WHERE is_request AND class = 'read' AND status < 300 AND {subject}
ORDER BY ts DESC, key LIMIT 100`,
    },
    {
      title: 'Where this key reads from otherwise',
      before_days: 7,
      sql: `SELECT remote_ip, user_agent, count() AS requests, count_distinct(key) AS keys, sum(bytes_sent) AS bytes FROM operations
WHERE is_request AND class = 'read' AND source = {source} AND {bucket?} AND {requester?}
GROUP BY remote_ip, user_agent
ORDER BY bytes DESC, remote_ip, user_agent LIMIT 50`,
    },
  ],
  remedies: ({ bucket, remote_ip }) => [
    refusedAddress(bucket, remote_ip),
    {
      title: 'Set that policy; then make a new key and delete the old one, which ends it for good',
      language: 'shell',
      text: `${awsOn} s3api put-bucket-policy --bucket ${shell(String(bucket))} --policy file://policy.json
doctl spaces keys list
doctl spaces keys delete ACCESS_KEY`,
    },
  ],
}
