import { crawlers as known } from '../crawlers.ts'
import { denialRemedy } from '../bucket-policy.ts'
import type { Detector } from '../detector.ts'
import { sized, quoted } from '../quote.ts'
import { monthlyEgressUsd } from '../usd.ts'

export const crawlers: Detector = {
  name: 'crawlers',
  title: 'A crawler fetches a lot',
  question: 'Which search engines, model trainers and other bots fetch most, and what does that cost?',
  severity: 'info',
  every: 'day',
  thresholds: {
    bytes: {
      default: 1_000_000_000,
      unit: 'bytes a day',
      reason: 'a month of it is 30 GB; what polite crawlers take of images and pages is far below',
      source: null,
    },
  },
  lists: {
    names: {
      default: known.map(({ name }) => name.toLowerCase()),
      reason:
        'src/findings/crawlers.ts, each with the page of its operator; given here it takes the place of these',
    },
    also: { default: [], reason: 'more names of crawlers as their user agents begin, in lower case' },
  },
  past_days: 0,
  subject: ['bucket', 'crawler'],
  measure: 'bytes',
  // `NAME/1.0 (...)`, or `Mozilla/5.0 (...; compatible; NAME/1.0; ...)`; of agents, which are few, and not of requests.
  sql: `WITH agents AS (
  SELECT bucket, user_agent, count() AS requests, sum(bytes_sent) AS bytes, count_distinct(key) AS objects,
    min(ts) AS first_seen, max(ts) AS last_seen FROM operations
  WHERE is_request AND user_agent IS NOT NULL
  GROUP BY bucket, user_agent
), named AS (
  SELECT bucket, user_agent, requests, bytes, objects, first_seen, last_seen, CASE WHEN user_agent LIKE '%(Applebot/%' THEN 'Applebot'
    WHEN user_agent LIKE '%compatible;%' THEN ltrim(split_part(user_agent, 'compatible;', 2)) ELSE user_agent END AS product FROM agents
)
SELECT * FROM (
  SELECT bucket, lower(split_part(split_part(split_part(product, '/', 1), ';', 1), ' ', 1)) AS crawler, max(user_agent) AS user_agent,
    sum(requests) AS requests, sum(bytes) AS bytes, max(objects) AS objects, min(first_seen) AS first_seen, max(last_seen) AS last_seen FROM named
  GROUP BY bucket, crawler
)
WHERE bytes >= {bytes} AND (crawler IN {names} OR crawler IN {also})
ORDER BY bytes DESC, bucket, crawler`,
  says({ bucket, crawler, bytes, requests }) {
    const { name, operator, purpose } = describe(crawler)
    return `${name}${operator && ` of ${operator} (${purpose})`} fetched ${sized(bytes)} of ${quoted(bucket)} in a day with ${requests} requests.`
  },
  usd: monthlyEgressUsd,
  evidence: [
    {
      title: 'What it fetches',
      sql: `SELECT key, count() AS requests, sum(bytes_sent) AS bytes, max(ts) AS last_seen FROM operations
WHERE is_request AND strpos(lower(user_agent), {crawler}) > 0 AND {subject}
GROUP BY key
ORDER BY bytes DESC, key LIMIT 50`,
    },
    {
      title: 'From where',
      sql: `SELECT format, remote_ip, user_agent, count() AS requests, sum(bytes_sent) AS bytes FROM operations
WHERE is_request AND strpos(lower(user_agent), {crawler}) > 0 AND {subject}
GROUP BY format, remote_ip, user_agent
ORDER BY bytes DESC, remote_ip LIMIT 50`,
    },
  ],
  remedies({ bucket, crawler }) {
    const { name, source } = describe(crawler)
    return [
      {
        title: `robots.txt at the root of what it crawls${source && ` (${source} says whether it is kept to)`}`,
        language: 'text',
        text: `User-agent: ${name}\nDisallow: /`,
      },
      denialRemedy('refuse its user agent at the origin', {
        Sid: 'RefuseCrawler',
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${bucket}/*`,
        Condition: { StringLike: { 'aws:UserAgent': `*${name}*` } },
      }),
      {
        title: 'Rule of a CDN or firewall in front, as an expression of Cloudflare: action Block',
        language: 'text',
        text: `(lower(http.user_agent) contains "${name.toLowerCase()}")`,
      },
    ]
  },
}

/** Names come from lists of ours and the operator's, never from logs alone. */
function describe(crawler: unknown): { name: string; operator: string; purpose: string; source: string } {
  const found = known.find(({ name }) => name.toLowerCase() === crawler)
  return found ?? { name: String(crawler).replace(/[^\w.-]/g, ''), operator: '', purpose: '', source: '' }
}
