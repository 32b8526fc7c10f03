import { denialRemedy, principalOf } from '../bucket-policy.ts'
import type { Detector } from '../detector.ts'
import { awsOn, counted, quoted, shell } from '../quote.ts'

const isRead = `(class = 'read' AND method = 'GET' OR operation = 'REST.COPY.OBJECT_GET')`
const isWrite = `operation IN ('REST.PUT.OBJECT', 'REST.POST.UPLOAD', 'REST.COPY.OBJECT')`

export const overwriting: Detector = {
  name: 'overwriting',
  title: 'Objects read and overwritten en masse',
  question: 'Does anybody read many objects and write them anew, as encryption for ransom does?',
  severity: 'critical',
  every: 'hour',
  thresholds: {
    keys: {
      default: 100,
      unit: 'keys an hour',
      reason: 'people edit some objects an hour; who encrypts a bucket reads and writes all of them',
      source:
        'https://stratus-red-team.cloud/attack-techniques/AWS/aws.impact.s3-ransomware-client-side-encryption/',
    },
    times: {
      default: 5,
      unit: 'times',
      reason:
        'jobs that convert objects in place do so again and again: compared with the busiest hour of a week',
      source: null,
    },
  },
  past_days: 7,
  subject: ['bucket', 'requester'],
  measure: 'keys',
  sql: `WITH writers AS (
  SELECT requester FROM (
    SELECT timestamp_floor('1h', ts) AS at, requester, count() AS writes FROM operations
    WHERE ts >= {from} AND ${isWrite} AND status < 300
    GROUP BY at, requester
  )
  WHERE writes >= {keys}
), keys AS (
  SELECT timestamp_floor('1h', ts) AS at, bucket, requester, key, min(CASE WHEN ${isRead} THEN ts END) AS read_at,
    max(CASE WHEN ${isWrite} THEN ts END) AS written_at, max(CASE WHEN ${isRead} THEN object_size END) AS size_read,
    max(CASE WHEN ${isWrite} THEN object_size END) AS size_written FROM operations
  WHERE format = 's3' AND key IS NOT NULL AND (status < 300 OR status IS NULL) AND (${isRead} OR ${isWrite})
    AND requester IN (SELECT requester FROM writers)
  GROUP BY at, bucket, requester, key
), hours AS (
  SELECT at, bucket, requester, count() AS keys, sum(CASE WHEN size_read <> size_written THEN 1 ELSE 0 END) AS resized,
    sum(size_written) AS bytes, min(read_at) AS first_seen, max(written_at) AS last_seen FROM keys
  WHERE read_at IS NOT NULL AND written_at IS NOT NULL AND read_at <= written_at
  GROUP BY at, bucket, requester
)
SELECT n.at AS at, n.bucket AS bucket, n.requester AS requester, n.keys AS keys, n.resized AS resized, n.bytes AS bytes,
  coalesce(p.usual, 0) AS usual, n.first_seen AS first_seen, n.last_seen AS last_seen
FROM hours n LEFT JOIN (
  SELECT bucket, requester, max(keys) AS usual FROM hours
  WHERE at < {from}
  GROUP BY bucket, requester
) p ON n.bucket = p.bucket AND n.requester = p.requester
WHERE n.at >= {from} AND n.keys >= {keys} AND n.keys >= {times} * coalesce(p.usual, 0)
ORDER BY keys DESC, at, bucket, requester`,
  says: ({ bucket, requester, keys, resized, usual }) =>
    `${quoted(requester)} read ${counted(keys, 'object')} of ${quoted(bucket)} and wrote them anew within an hour, ${resized} with another size; in no hour of the week before more than ${usual}.`,
  evidence: [
    {
      title: 'What was read and written, newest first',
      sql: `SELECT ts, key, operation, object_size, remote_ip, user_agent, version_id, request_id FROM operations
WHERE class IN ('read', 'write', 'copy') AND key IS NOT NULL AND status < 300 AND {subject}
ORDER BY ts DESC, key LIMIT 100`,
    },
    {
      title: 'Keys that were written once, such as the note that asks for ransom',
      sql: `SELECT * FROM (
  SELECT key, count() AS records, min(ts) AS first_seen FROM operations
  WHERE class IN ('read', 'write', 'copy') AND key IS NOT NULL AND {subject}
  GROUP BY key
)
WHERE records = 1
ORDER BY first_seen DESC, key LIMIT 20`,
    },
  ],
  remedies: ({ bucket, requester }) => [
    denialRemedy('nobody writes until it is clear what this is', {
      Sid: 'NobodyWrites',
      Principal: principalOf(requester),
      Action: ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'],
      Resource: `arn:aws:s3:::${bucket}/*`,
    }),
    {
      title: 'Which versions there are to go back to, and keep versions from now on',
      language: 'shell',
      text: `${awsOn} s3api list-object-versions --bucket ${shell(String(bucket))} --max-items 100
${awsOn} s3api put-bucket-versioning --bucket ${shell(String(bucket))} --versioning-configuration Status=Enabled`,
    },
  ],
}
