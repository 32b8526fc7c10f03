import { allOf, denying } from '../bucket-policy.ts'
import type { Detector } from '../detector.ts'
import { counted, quoted } from '../quote.ts'

const requests = {
  default: 5,
  unit: 'requests a day',
  reason: 'single ones come from scanners that try what a server takes',
  source: null,
}

/** By bucket and day: what asks in an old way. */
function oldSql(column: string, where: string): string {
  return `SELECT * FROM (
  SELECT bucket, ${column}, count() AS requests, count_distinct(remote_ip) AS clients, count_distinct(user_agent) AS agents,
    sum(CASE WHEN requester IS NOT NULL THEN 1 ELSE 0 END) AS signed, min(ts) AS first_seen, max(ts) AS last_seen FROM operations
  WHERE is_request AND status < 400 AND ${where}
  GROUP BY bucket, ${column}
)
WHERE requests >= {requests}
ORDER BY requests DESC, bucket, ${column}`
}

const who = {
  title: 'Who and with what',
  sql: `SELECT requester, remote_ip, user_agent, count() AS requests, max(ts) AS last_seen FROM operations
WHERE is_request AND {subject}
GROUP BY requester, remote_ip, user_agent
ORDER BY requests DESC, requester, remote_ip, user_agent LIMIT 100`,
}

export const oldTls: Detector = {
  name: 'old-tls',
  title: 'Old TLS is used',
  question: 'Which buckets are asked with SSL, TLS 1.0 or TLS 1.1?',
  severity: 'info',
  every: 'day',
  thresholds: { requests: { ...requests, source: 'https://www.rfc-editor.org/rfc/rfc8996' } },
  past_days: 0,
  subject: ['bucket', 'tls_version'],
  measure: 'requests',
  standing: true,
  sql: oldSql(
    'tls_version',
    `tls_version ILIKE 'TLSv1' OR tls_version ILIKE 'TLSv1.1' OR tls_version ILIKE 'SSL%'`,
  ),
  says: ({ bucket, tls_version, requests: count, clients, agents }) =>
    `${counted(count, 'request')} a day reach ${quoted(bucket)} by ${quoted(tls_version)}, from ${counted(clients, 'address', 'addresses')} with ${counted(agents, 'kind')} of software.`,
  evidence: [who],
  remedies: ({ bucket }) => [
    {
      title:
        'Update what asks so; then a bucket policy that refuses what is left, where the store knows s3:TlsVersion',
      language: 'json',
      text: denying({
        Sid: 'NewTlsOnly',
        Action: 's3:*',
        Resource: allOf(bucket),
        Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
      }),
    },
  ],
}

export const signatureV2: Detector = {
  name: 'signature-v2',
  title: 'Signature Version 2 is used',
  question: 'Which buckets are asked with signatures of version 2?',
  severity: 'info',
  every: 'day',
  thresholds: {
    requests: {
      ...requests,
      source:
        'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingAWSSDK.html#UsingAWSSDK-sig2-deprecation',
    },
  },
  past_days: 0,
  subject: ['bucket', 'signature_version'],
  measure: 'requests',
  standing: true,
  sql: oldSql('signature_version', `signature_version = 'SigV2'`),
  says: ({ bucket, requests: count, clients, agents }) =>
    `${counted(count, 'request')} a day to ${quoted(bucket)} are signed with Signature Version 2, from ${counted(clients, 'address', 'addresses')} with ${counted(agents, 'kind')} of software.`,
  evidence: [who],
  remedies: () => [
    {
      title: 'aws command and SDKs of Python',
      language: 'shell',
      text: 'aws configure set default.s3.signature_version s3v4',
    },
    {
      title: '~/.s3cfg of s3cmd; rclone.conf of rclone',
      language: 'text',
      text: '# s3cmd\nsignature_v2 = False\n\n# rclone\nv2_auth = false',
    },
  ],
}
