import { allOf, denying, principalOf } from '../bucket-policy.ts'
import type { Detector } from '../detector.ts'
import { counted, quoted } from '../quote.ts'

/** The first three parts of an IPv4 address, the first two of an IPv6 one (which have nine characters with their colons). */
const network = `CASE WHEN remote_ip LIKE '%:%' THEN left(remote_ip, 9) ELSE left(remote_ip, length(remote_ip) - length(split_part(remote_ip, '.', 4)) - 1) END`

function cidrOf(part: string): string {
  return part.includes(':') ? `${part.split(':').filter(Boolean).slice(0, 2).join(':')}::/32` : `${part}.0/24`
}

/** The tool without its version, so that an update is nothing new. */
const agent = `split_part(split_part(user_agent, '/', 1), ' ', 1)`

const known_days = {
  default: 7,
  unit: 'days',
  reason: 'who has been seen for less than a week has no habits yet',
  source: null,
}

/** What of a requester was never seen in the month before; nothing of one that brings something new again and again. */
function newOf(column: string, made: string, from: 'remote_ip' | 'user_agent'): string {
  return `WITH seen AS (
  SELECT requester, ${from}, sum(CASE WHEN ts >= {from} THEN 1 ELSE 0 END) AS requests, sum(CASE WHEN ts >= {from} THEN bytes_sent ELSE 0 END) AS bytes,
    sum(CASE WHEN ts < {from} THEN 1 ELSE 0 END) AS past, min(ts) AS first_seen, max(ts) AS last_seen FROM operations
  WHERE is_request AND format = 's3' AND status < 400 AND requester IS NOT NULL AND ${from} IS NOT NULL
  GROUP BY requester, ${from}
), habits AS (
  SELECT requester, ${column}, sum(requests) AS requests, sum(bytes) AS bytes, sum(past) AS past, min(first_seen) AS first_seen,
    max(last_seen) AS last_seen FROM (
    SELECT requester, ${made} AS ${column}, requests, bytes, past, first_seen, last_seen FROM seen
  )
  GROUP BY requester, ${column}
)
SELECT h.requester AS requester, h.${column} AS ${column}, h.requests AS requests, h.bytes AS bytes, k.habits AS habits,
  h.first_seen AS first_seen, h.last_seen AS last_seen
FROM habits h JOIN (
  SELECT requester, sum(CASE WHEN past > 0 THEN 1 ELSE 0 END) AS habits, min(first_seen) AS since FROM habits
  GROUP BY requester
) k ON h.requester = k.requester
WHERE h.past = 0 AND h.requests >= {requests} AND k.habits > 0 AND k.habits <= {habits}
  AND datediff('d', k.since, cast({from} AS timestamp)) >= {known_days}
ORDER BY requests DESC, requester, ${column}`
}

export const newNetwork: Detector = {
  name: 'new-network',
  title: 'A key is used from a new network',
  question: 'Which keys are used from networks that they were never used from?',
  severity: 'warning',
  every: 'day',
  thresholds: {
    requests: { default: 10, unit: 'requests a day', reason: 'fewer are a trial or a mistake', source: null },
    habits: {
      default: 5,
      unit: 'networks',
      reason: 'a key that comes from more networks than these in a month has no home that it could leave',
      source: null,
    },
    known_days,
  },
  past_days: 30,
  subject: ['requester', 'network'],
  measure: 'requests',
  sql: newOf('network', network, 'remote_ip'),
  says: ({ requester, network: from, requests, habits }) =>
    `${quoted(requester)} sent ${counted(requests, 'request')} from the network ${quoted(from)}, where it never came from: in the logs of the month before it came from ${counted(habits, 'network')}.`,
  evidence: [
    {
      title: 'What was done from there, newest first',
      sql: `SELECT ts, bucket, operation, key, status, bytes_sent, remote_ip, user_agent FROM operations
WHERE is_request AND {subject} AND ${network} = {network}
ORDER BY ts DESC, key LIMIT 100`,
    },
  ],
  remedies: ({ requester, network: from }) => [
    newKey,
    {
      title:
        'Bucket policy: this key from this network no more (put BUCKET in; put-bucket-policy replaces the one there is)',
      language: 'json',
      text: denying({
        Sid: 'RefuseNetwork',
        Principal: principalOf(requester),
        Action: 's3:*',
        Resource: allOf('BUCKET'),
        Condition: { IpAddress: { 'aws:SourceIp': cidrOf(String(from)) } },
      }),
    },
  ],
}

export const newAgent: Detector = {
  name: 'new-agent',
  title: 'A key is used with a new tool',
  question: 'Which keys are used with software that they were never used with?',
  severity: 'info',
  every: 'day',
  thresholds: {
    requests: { default: 10, unit: 'requests a day', reason: 'fewer are a trial or a mistake', source: null },
    habits: {
      default: 5,
      unit: 'tools',
      reason: 'a key that is used with more tools than these in a month is for everything',
      source: null,
    },
    known_days,
  },
  past_days: 30,
  subject: ['requester', 'agent'],
  measure: 'requests',
  sql: newOf('agent', agent, 'user_agent'),
  says: ({ requester, agent: tool, requests, habits }) =>
    `${quoted(requester)} sent ${counted(requests, 'request')} with ${quoted(tool)}, which it never used: in the logs of the month before it used ${counted(habits, 'tool')}.`,
  evidence: [
    {
      title: 'What was done with it, newest first',
      sql: `SELECT ts, bucket, operation, key, status, bytes_sent, remote_ip, user_agent FROM operations
WHERE is_request AND {subject} AND ${agent} = {agent}
ORDER BY ts DESC, key LIMIT 100`,
    },
  ],
  remedies: () => [newKey],
}

const newKey = {
  title: 'If nobody of yours did this: make a new key, then delete the old one',
  language: 'shell',
  text: `doctl spaces keys list
doctl spaces keys create NAME --grants 'bucket=BUCKET;permission=readwrite'
doctl spaces keys delete ACCESS_KEY`,
} as const
