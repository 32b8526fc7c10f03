import { denialRemedy, principalOf } from '../bucket-policy.ts'
import type { Detector } from '../detector.ts'
import { awsOn, counted, quoted, shell } from '../quote.ts'

export const massDeletion: Detector = {
  name: 'mass-deletion',
  title: 'Objects deleted en masse',
  question: 'Does anybody delete many more objects than ever before?',
  severity: 'critical',
  every: 'hour',
  thresholds: {
    objects: {
      default: 500,
      unit: 'objects an hour',
      reason: 'what a person clears away by hand in an hour is tens of objects; ransom needs nearly all',
      source: null,
    },
    times: {
      default: 5,
      unit: 'times',
      reason: 'cleaning jobs grow slowly: five times the busiest hour of the two weeks before is no growth',
      source: null,
    },
  },
  past_days: 14,
  subject: ['bucket', 'requester'],
  measure: 'objects',
  // A multi-object delete is one request and a row for each key; where the log has no such rows the request counts as one.
  sql: `WITH hours AS (
  SELECT timestamp_floor('1h', ts) AS at, bucket, requester, sum(CASE WHEN key IS NOT NULL THEN 1 ELSE 0 END) AS keys,
    sum(CASE WHEN is_request THEN 1 ELSE 0 END) AS requests, count_distinct(remote_ip) AS clients,
    min(ts) AS first_seen, max(ts) AS last_seen FROM operations
  WHERE format = 's3' AND class = 'delete' AND status < 300
  GROUP BY at, bucket, requester
)
SELECT n.at AS at, n.bucket AS bucket, n.requester AS requester, greatest(n.keys, n.requests) AS objects,
  coalesce(p.usual, 0) AS usual, n.clients AS clients, n.requests AS requests, n.first_seen AS first_seen, n.last_seen AS last_seen
FROM hours n LEFT JOIN (
  SELECT bucket, requester, max(greatest(keys, requests)) AS usual FROM hours
  WHERE at < {from}
  GROUP BY bucket, requester
) p ON n.bucket = p.bucket AND n.requester = p.requester
WHERE n.at >= {from} AND greatest(n.keys, n.requests) >= {objects}
  AND greatest(n.keys, n.requests) >= {times} * coalesce(p.usual, 0)
ORDER BY objects DESC, at, bucket, requester`,
  says: ({ bucket, requester, objects, usual, clients }) =>
    `${requester === null ? 'Somebody without a key' : quoted(requester)} deleted ${objects} objects of ${quoted(bucket)} within an hour, from ${counted(clients, 'address', 'addresses')}; in no hour that the logs hold of the two weeks before more than ${usual}.`,
  evidence: [
    {
      title: 'What was deleted, newest first',
      sql: `SELECT ts, bucket, key, requester, remote_ip, operation, request_id FROM operations
WHERE class = 'delete' AND key IS NOT NULL AND status < 300 AND {subject}
ORDER BY ts DESC, key LIMIT 100`,
    },
    {
      title: 'From where, and with what',
      sql: `SELECT remote_ip, user_agent, count() AS requests, min(ts) AS first_seen, max(ts) AS last_seen FROM operations
WHERE is_request AND class = 'delete' AND {subject}
GROUP BY remote_ip, user_agent
ORDER BY requests DESC, remote_ip, user_agent LIMIT 50`,
    },
  ],
  remedies: ({ bucket, requester }) => [
    denialRemedy('nobody deletes until it is clear what this is', {
      Sid: 'NobodyDeletes',
      Principal: principalOf(requester),
      Action: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
      Resource: `arn:aws:s3:::${bucket}/*`,
    }),
    {
      title: 'Set that policy, and keep versions so that the next deletion can be undone',
      language: 'shell',
      text: `${awsOn} s3api put-bucket-policy --bucket ${shell(String(bucket))} --policy file://policy.json
${awsOn} s3api put-bucket-versioning --bucket ${shell(String(bucket))} --versioning-configuration Status=Enabled`,
    },
  ],
}
