import { denying } from '../bucket-policy.ts'
import type { Detector } from '../detector.ts'
import { awsOn, counted, quoted, shell } from '../quote.ts'
import { monthlyEgressUsd } from '../usd.ts'

/** The statement that takes reads and listings by anybody back. */
function privately(bucket: unknown, prefix = ''): string {
  const Condition = { StringEquals: { 'aws:PrincipalType': 'Anonymous' } }
  const objects = `arn:aws:s3:::${bucket}/${prefix}*`
  return denying(
    { Sid: 'NoAnonymousReads', Action: 's3:GetObject', Resource: objects, Condition },
    { Sid: 'NoAnonymousListings', Action: 's3:ListBucket', Resource: `arn:aws:s3:::${bucket}`, Condition },
  )
}

function aclBack(bucket: unknown) {
  const name = shell(String(bucket))
  return {
    title: 'See what makes it public, then take it back',
    language: 'shell' as const,
    text: `${awsOn} s3api get-bucket-policy --bucket ${name}
${awsOn} s3api get-bucket-acl --bucket ${name}
${awsOn} s3api put-bucket-acl --bucket ${name} --acl private`,
  }
}

export const anonymousReads: Detector = {
  name: 'anonymous-reads',
  title: 'Private objects are read by anybody',
  question: 'Which prefixes are read without credentials that were only read with them?',
  severity: 'critical',
  every: 'day',
  thresholds: {
    requests: {
      default: 1,
      unit: 'requests a day',
      reason: 'one that succeeds shows that all would',
      source: null,
    },
    signed: {
      default: 20,
      unit: 'signed reads',
      reason: 'so many in the two weeks before, and none without credentials, make a prefix private',
      source: null,
    },
  },
  past_days: 14,
  subject: ['bucket', 'key_prefix'],
  measure: 'requests',
  sql: `SELECT bucket, key_prefix, requests, bytes, clients, signed, first_seen, last_seen FROM (
  SELECT bucket, key_prefix, sum(CASE WHEN ts >= {from} AND requester IS NULL THEN 1 ELSE 0 END) AS requests,
    sum(CASE WHEN ts >= {from} AND requester IS NULL THEN bytes_sent ELSE 0 END) AS bytes,
    count_distinct(CASE WHEN requester IS NULL THEN remote_ip END) AS clients,
    sum(CASE WHEN ts < {from} AND requester IS NOT NULL THEN 1 ELSE 0 END) AS signed,
    sum(CASE WHEN ts < {from} AND requester IS NULL THEN 1 ELSE 0 END) AS before,
    min(CASE WHEN requester IS NULL THEN ts END) AS first_seen, max(CASE WHEN requester IS NULL THEN ts END) AS last_seen FROM operations
  WHERE is_request AND format = 's3' AND class = 'read' AND method = 'GET' AND status < 400 AND key IS NOT NULL
  GROUP BY bucket, key_prefix
)
WHERE requests >= {requests} AND signed >= {signed} AND before = 0
ORDER BY requests DESC, bucket, key_prefix`,
  says: ({ bucket, key_prefix, requests, clients, signed }) =>
    `${counted(requests, 'object')} under ${quoted(key_prefix ?? '')} of ${quoted(bucket)} went to ${counted(clients, 'address', 'addresses')} without credentials; in the logs of the two weeks before all ${signed} reads were signed.`,
  usd: monthlyEgressUsd,
  evidence: [
    {
      title: 'What was read without credentials',
      sql: `SELECT ts, key, remote_ip, bytes_sent, referer, user_agent FROM operations
WHERE is_request AND class = 'read' AND requester IS NULL AND status < 400 AND {subject}
ORDER BY ts DESC, key LIMIT 100`,
    },
  ],
  remedies: ({ bucket, key_prefix }) => [
    {
      title: 'Bucket policy: no reads without credentials (put-bucket-policy replaces the one there is)',
      language: 'json',
      text: privately(bucket, typeof key_prefix === 'string' ? `${key_prefix}/` : ''),
    },
    aclBack(bucket),
  ],
}

export const anonymousListings: Detector = {
  name: 'anonymous-listings',
  title: 'Anybody can list a bucket',
  question: 'Which buckets were listed without credentials?',
  severity: 'critical',
  every: 'hour',
  thresholds: {
    listings: {
      default: 1,
      unit: 'listings an hour',
      reason: 'one that succeeds gives the names of all objects away',
      source: null,
    },
  },
  past_days: 0,
  subject: ['bucket'],
  measure: 'listings',
  sql: `SELECT * FROM (
  SELECT timestamp_floor('1h', ts) AS at, bucket, count() AS listings, count() AS requests, count_distinct(remote_ip) AS clients,
    sum(bytes_sent) AS bytes, min(ts) AS first_seen, max(ts) AS last_seen FROM operations
  WHERE is_request AND format = 's3' AND class = 'list' AND requester IS NULL AND status < 300
  GROUP BY at, bucket
)
WHERE listings >= {listings}
ORDER BY listings DESC, at, bucket`,
  says: ({ bucket, listings, clients }) =>
    `${quoted(bucket)} was listed ${counted(listings, 'time')} without credentials within an hour, by ${counted(clients, 'address', 'addresses')}.`,
  evidence: [
    {
      title: 'Who listed it, and what they asked for',
      sql: `SELECT ts, operation, request_uri, status, bytes_sent, remote_ip, user_agent FROM operations
WHERE is_request AND class = 'list' AND requester IS NULL AND {subject}
ORDER BY ts DESC, remote_ip LIMIT 100`,
    },
  ],
  remedies: ({ bucket }) => [
    {
      title: 'Bucket policy: no listings without credentials (put-bucket-policy replaces the one there is)',
      language: 'json',
      text: privately(bucket),
    },
    {
      title: 'File listing off, as the control panel says it: Settings, File Listing, Restrict',
      language: 'shell',
      text: `${awsOn} s3api put-bucket-acl --bucket ${shell(String(bucket))} --acl private`,
    },
  ],
}

export const configurationPublic: Detector = {
  name: 'configuration-public',
  title: 'Configuration that can make a bucket public was changed',
  question: 'Who changed an ACL, policy, website or CORS rule that they do not change otherwise?',
  severity: 'warning',
  every: 'hour',
  thresholds: {
    changes: {
      default: 1,
      unit: 'changes an hour',
      reason: 'the log does not tell what was set: each is worth a look',
      source: null,
    },
  },
  past_days: 30,
  subject: ['bucket', 'requester', 'operation'],
  measure: 'changes',
  sql: `WITH hours AS (
  SELECT timestamp_floor('1h', ts) AS at, bucket, requester, operation, count() AS changes, count_distinct(key) AS keys,
    min(ts) AS first_seen, max(ts) AS last_seen FROM operations
  WHERE is_request AND format = 's3' AND class = 'config' AND method NOT IN ('GET', 'HEAD') AND status < 300
    AND operation ~ 'ACL|POLICY|WEBSITE|CORS|PUBLIC_?ACCESS'
  GROUP BY at, bucket, requester, operation
)
SELECT n.at AS at, n.bucket AS bucket, n.requester AS requester, n.operation AS operation, n.changes AS changes, n.changes AS requests,
  n.keys AS keys, n.first_seen AS first_seen, n.last_seen AS last_seen
FROM hours n LEFT JOIN (
  SELECT bucket, requester, operation, sum(changes) AS changes FROM hours
  WHERE at < {from}
  GROUP BY bucket, requester, operation
) p ON n.bucket = p.bucket AND n.requester = p.requester AND n.operation = p.operation
WHERE n.at >= {from} AND n.changes >= {changes} AND coalesce(p.changes, 0) = 0
ORDER BY changes DESC, at, bucket, requester, operation`,
  says: ({ bucket, requester, operation, changes, keys }) =>
    `${quoted(requester ?? 'anybody')} sent ${quoted(operation)} to ${quoted(bucket)} ${counted(changes, 'time')}${Number(keys) > 0 ? ` for ${counted(keys, 'object')}` : ''}, which it did not in the logs of the month before.`,
  evidence: [
    {
      title: 'The changes, and from where',
      sql: `SELECT ts, operation, key, status, remote_ip, user_agent, request_uri, request_id FROM operations
WHERE is_request AND {subject}
ORDER BY ts DESC, key LIMIT 100`,
    },
    {
      title: 'What is read without credentials since',
      sql: `SELECT operation, key_prefix, count() AS requests, count_distinct(remote_ip) AS clients FROM operations
WHERE is_request AND requester IS NULL AND status < 400 AND source = {source} AND {bucket?}
GROUP BY operation, key_prefix
ORDER BY requests DESC, operation, key_prefix LIMIT 50`,
    },
  ],
  remedies: ({ bucket }) => [
    {
      title: 'See what is set now',
      language: 'shell',
      text: ['policy', 'acl', 'website', 'cors']
        .map((what) => `${awsOn} s3api get-bucket-${what} --bucket ${shell(String(bucket))}`)
        .join('\n'),
    },
    {
      title: 'Take it back',
      language: 'shell',
      text: [
        `put-bucket-acl --acl private --bucket ${shell(String(bucket))}`,
        ...['policy', 'website', 'cors'].map(
          (what) => `delete-bucket-${what} --bucket ${shell(String(bucket))}`,
        ),
      ]
        .map((command) => `${awsOn} s3api ${command}`)
        .join('\n'),
    },
  ],
}
