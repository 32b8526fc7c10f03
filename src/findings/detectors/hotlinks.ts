import { denialRemedy } from '../bucket-policy.ts'
import type { Detector } from '../detector.ts'
import { awsOn, sized, quoted, shell } from '../quote.ts'
import { monthlyEgressUsd } from '../usd.ts'

export const hotlinking: Detector = {
  name: 'hotlinking',
  title: 'Another site embeds your objects',
  question: 'Which sites of others show objects of ours, and what does that cost?',
  severity: 'info',
  every: 'day',
  thresholds: {
    bytes: {
      default: 1_000_000_000,
      unit: 'bytes a day',
      reason: 'a month of it is 30 GB; a link in a forum or a search result gives megabytes',
      source: null,
    },
    own: {
      default: 20,
      unit: 'percent of the requests with a referer',
      reason: 'a site from which a fifth of a week of requests comes is one that the bucket is there for',
      source: null,
    },
  },
  lists: {
    own_sites: {
      default: [],
      reason: 'sites or domains of your own that are small, such as ["shop.example.com", "example.org"]',
    },
  },
  past_days: 7,
  subject: ['bucket', 'site'],
  measure: 'bytes',
  // Pages first, of which there are far fewer than requests. A domain is the last two labels, three where the second last is short.
  sql: `WITH pages AS (
  SELECT bucket, referer, count() AS seen, sum(CASE WHEN ts >= {from} THEN 1 ELSE 0 END) AS requests,
    sum(CASE WHEN ts >= {from} THEN bytes_sent ELSE 0 END) AS bytes, min(CASE WHEN ts >= {from} THEN ts END) AS first_seen,
    max(ts) AS last_seen FROM operations
  WHERE is_request AND class = 'read' AND status < 400 AND referer IS NOT NULL
  GROUP BY bucket, referer
), hosts AS (
  SELECT bucket, lower(split_part(referer, '/', 3)) AS site, seen, requests, bytes, first_seen, last_seen FROM pages
), sites AS (
  SELECT bucket, site, CASE WHEN length(split_part(site, '.', -2)) <= 3
      THEN concat(split_part(site, '.', -3), '.', split_part(site, '.', -2), '.', split_part(site, '.', -1))
      ELSE concat(split_part(site, '.', -2), '.', split_part(site, '.', -1)) END AS domain,
    sum(seen) AS seen, sum(requests) AS requests, sum(bytes) AS bytes, min(first_seen) AS first_seen, max(last_seen) AS last_seen FROM hosts
  GROUP BY bucket, site, domain
)
SELECT s.bucket AS bucket, s.site AS site, s.requests AS requests, s.bytes AS bytes, s.first_seen AS first_seen, s.last_seen AS last_seen FROM sites s
JOIN (SELECT bucket, domain, sum(seen) AS seen FROM sites GROUP BY bucket, domain) d ON s.bucket = d.bucket AND s.domain = d.domain
JOIN (SELECT bucket, sum(seen) AS seen FROM sites GROUP BY bucket) b ON s.bucket = b.bucket
WHERE s.bytes >= {bytes} AND 100.0 * d.seen < {own} * b.seen AND s.site NOT IN {own_sites} AND s.domain NOT IN {own_sites}
ORDER BY bytes DESC, bucket, site`,
  says: ({ bucket, site, bytes, requests }) =>
    `Pages of ${quoted(site)} made visitors fetch ${sized(bytes)} of ${quoted(bucket)} in a day with ${requests} requests.`,
  usd: monthlyEgressUsd,
  evidence: [
    {
      title: 'Which pages embed which objects',
      sql: `SELECT referer, key, count() AS requests, sum(bytes_sent) AS bytes, count_distinct(remote_ip) AS clients FROM operations
WHERE is_request AND lower(split_part(referer, '/', 3)) = {site} AND {subject}
GROUP BY referer, key
ORDER BY bytes DESC, referer, key LIMIT 50`,
    },
  ],
  remedies: ({ bucket, site }) => [
    ...(isHostName(site)
      ? [
          denialRemedy('refuse pages of this site at the origin', {
            Sid: 'RefuseHotlinks',
            Action: 's3:GetObject',
            Resource: `arn:aws:s3:::${bucket}/*`,
            Condition: { StringLike: { 'aws:Referer': [`https://${site}/*`, `http://${site}/*`] } },
          }),
          {
            title: 'Rule of a CDN or firewall in front, as an expression of Cloudflare: action Block',
            language: 'text' as const,
            text: `(http.referer contains "//${site}/")`,
          },
        ]
      : []),
    {
      title: 'Or keep the objects private and hand out addresses that end after an hour',
      language: 'shell',
      text: `${awsOn} s3 presign ${shell(`s3://${bucket}/KEY`)} --expires-in 3600`,
    },
  ],
}

/** A wildcard in a policy would refuse every site. */
function isHostName(site: unknown): boolean {
  return typeof site === 'string' && /^[a-z0-9][a-z0-9.-]*(:\d+)?$/.test(site)
}
